import type { Transport } from "../support/transport.js";
import { CoreLink } from "./core-link.js";
import { BoardDevice } from "./device.js";
import { Exchange, type ExchangeOptions } from "./exchange.js";
import { openSerial } from "./serial.js";

/**
 * Finds out what is at the other end of a transport and makes a device of it; closes the transport when that fails.
 *
 * @throws SpikewrightError `device-silent`, `device-nonsense`, `not-a-core`, `protocol-version`, `device-lost`, `link-noise`.
 */
export async function connect(transport: Transport, options: ExchangeOptions = {}): Promise<BoardDevice> {
  const exchange = new Exchange(transport, options);
  try {
    return new BoardDevice(await CoreLink.open(exchange));
  } catch (error) {
    await exchange.close();
    throw error;
  }
}

/**
 * Opens a serial port and connects to the core there.
 *
 * @throws SpikewrightError as `openSerial` and `connect`.
 */
export async function connectPort(path: string, baud: number, options: ExchangeOptions = {}): Promise<BoardDevice> {
  return connect(await openSerial(path, baud), options);
}
