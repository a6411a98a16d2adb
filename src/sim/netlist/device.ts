import type { CoreConfig } from "../../arch/core-config.js";
import type { RtlOptions } from "../rtl/open.js";
import { SerialDevice } from "../serial/serial-device.js";
import { type BitstreamSource, openNetlist } from "./open.js";

/** The bitstream of a core build. */
export interface CoreBitstream extends BitstreamSource {
  readonly config: CoreConfig;
  /** Clock cycles a bit of the UART, whole part: `Clocking.baudDivider` of the plan. */
  readonly divider: number;
}

/**
 * Read the bitstream of a core back, start its simulation and speak to it over its pins.
 *
 * @throws SpikewrightError of `openNetlist`.
 */
export async function openNetlistDevice(source: CoreBitstream, options: RtlOptions = {}): Promise<SerialDevice> {
  const machine = await openNetlist(source, options);
  const pins = { rx: "uart_rx_i", tx: "uart_tx_o", divider: source.divider };
  return new SerialDevice("netlist", source.config, machine, pins);
}
