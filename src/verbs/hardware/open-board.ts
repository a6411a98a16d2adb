import { findBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { CoreLink } from "../../runtime/core-link.js";
import { BoardDevice } from "../../runtime/device.js";
import { Exchange } from "../../runtime/exchange.js";
import { openSerial } from "../../runtime/serial.js";
import type { Transport } from "../../support/transport.js";

export interface PortOptions {
  /** Serial port, e.g. `/dev/ttyUSB1`, or what `spikewright virtual` printed. */
  readonly port: string;
  /** Board whose UART rate is taken; default: 1,000,000 baud. */
  readonly board?: string;
  /** Bits a second; before `board`. */
  readonly baud?: number;
}

const defaultBaud = 1_000_000;

/** Opens a port and asks the core behind it who it is. */
export async function openBoard(options: PortOptions): Promise<BoardDevice> {
  const ofBoard = options.board === undefined ? undefined : findBoard(loadBoards(), options.board).board.uart.baud;
  return await openCore(await openSerial(options.port, options.baud ?? ofBoard ?? defaultBaud));
}

/** The core behind a transport. Closes the transport when it does not answer as one. */
export async function openCore(transport: Transport): Promise<BoardDevice> {
  const exchange = new Exchange(transport);
  try {
    return new BoardDevice(await CoreLink.open(exchange));
  } catch (error) {
    await exchange.close();
    throw error;
  }
}
