import { findBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { connectPort } from "../../runtime/connect.js";
import type { BoardDevice } from "../../runtime/device.js";

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
  return await connectPort(options.port, options.baud ?? ofBoard ?? defaultBaud);
}
