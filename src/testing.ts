/**
 * A board for the tests of other people's projects: the same packets, the same cycle counts, no hardware.
 *
 * @example
 * ```ts
 * import { openVirtualBoard } from "spikewright/testing";
 *
 * const board = await openVirtualBoard({ noise: { every: 1000 } });
 * await board.load(program);
 * const { decision, cycles } = await board.run(levels);
 * board.statistics.linkErrors; // what the noise did; the results are the same
 * await board.close();
 * ```
 */
import { type CoreConfig, up5kW4 } from "./arch/core-config.js";
import { connect } from "./runtime/connect.js";
import type { BoardDevice } from "./runtime/device.js";
import { type Noise, noisyTransport } from "./sim/virtual/noisy-transport.js";
import { openVirtualPort as openPort, openVirtualTransport, type VirtualPort } from "./sim/virtual/virtual-board.js";
import { openVirtualEngine } from "./verbs/hardware/virtual-engine.js";

export { type CoreConfig, hx8kW4, up5kW4, up5kW8 } from "./arch/core-config.js";
export type { SampleResult } from "./arch/device.js";
export { connect, connectPort } from "./runtime/connect.js";
export type { BoardDevice } from "./runtime/device.js";
export type { LinkStatistics } from "./runtime/exchange.js";
export { type Probe, probeSample } from "./runtime/probe.js";
export { type Noise, noisyTransport } from "./sim/virtual/noisy-transport.js";
export type { VirtualPort } from "./sim/virtual/virtual-board.js";
export type { Transport } from "./support/transport.js";

export interface VirtualBoardOptions {
  /** The core. Default: 16 lanes of 4-bit weights, as on a UP5K. */
  readonly config?: CoreConfig;
  /** `cycle`: the cycle-accurate simulator; `rtl`: the Verilog itself, in the first simulator that is there. Default `cycle`. */
  readonly engine?: "cycle" | "rtl";
}

/**
 * A virtual board in this process, connected.
 *
 * @throws SpikewrightError `simulator-not-found` and others of `openRtl` with engine `rtl`.
 */
export async function openVirtualBoard(
  options: VirtualBoardOptions & { readonly noise?: Noise } = {},
): Promise<BoardDevice> {
  const config = options.config ?? up5kW4;
  const transport = openVirtualTransport(config, await openVirtualEngine(config, options.engine));
  return connect(options.noise ? noisyTransport(transport, options.noise) : transport);
}

/**
 * A virtual board on a pseudo-terminal, for programs that open a serial port by its path (Linux).
 *
 * @throws SpikewrightError `pty-unavailable`, and as `openVirtualBoard`.
 */
export async function openVirtualPort(options: VirtualBoardOptions = {}): Promise<VirtualPort> {
  const config = options.config ?? up5kW4;
  return openPort(config, await openVirtualEngine(config, options.engine));
}
