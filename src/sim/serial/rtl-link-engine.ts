import { type Answer, Batch } from "../rtl/batch.js";
import type { Design } from "../rtl/design.js";
import type { RtlMachine } from "../rtl/machine.js";
import { openRtl, type RtlOptions } from "../rtl/open.js";
import type { LinkEngine } from "../virtual/link-engine.js";

/** Silence of `2^timeoutBits` cycles gives a begun frame up. Small, because the bytes come without bit times. */
const timeoutBits = 12;
/** Cycles in which the link starts on what has arrived, before `busy_o` tells. */
const startCycles = 64;
/** Cycles between two looks at whether the link was closed. */
const slice = 1_000_000;

/**
 * `snn_link_core` as a design to simulate: link and core with bytes in place of the UART.
 *
 * @param parameters Parameters of `snn_core` as Verilog literals, `Technology` as a number; see `coreDesign`.
 * @param verilog Sources of core and link in reading order.
 */
export function linkCoreDesign(parameters: ReadonlyMap<string, string>, verilog: ReadonlyMap<string, string>): Design {
  const known = [...parameters].filter(([name]) => name !== "HostBits");
  return {
    top: "snn_link_core",
    verilog,
    parameters: new Map([...known, ["TimeoutBits", String(timeoutBits)]]),
    clock: "clk_i",
    ports: [
      { name: "rst_i", direction: "input", bits: 1 },
      { name: "rx_valid_i", direction: "input", bits: 1 },
      { name: "rx_ready_o", direction: "output", bits: 1 },
      { name: "rx_data_i", direction: "input", bits: 8 },
      { name: "rx_error_i", direction: "input", bits: 1 },
      { name: "tx_valid_o", direction: "output", bits: 1 },
      { name: "tx_ready_i", direction: "input", bits: 1 },
      { name: "tx_data_o", direction: "output", bits: 8 },
      { name: "busy_o", direction: "output", bits: 1 },
    ],
  };
}

/** The Verilog of link and core as the engine of a virtual board. */
export class RtlLinkEngine implements LinkEngine {
  readonly expectsSilence = true;
  readonly #machine: RtlMachine;
  #closed = false;

  private constructor(machine: RtlMachine) {
    this.#machine = machine;
  }

  /** Compile a design of `linkCoreDesign`, unless it was compiled before, and start it. */
  static async open(design: Design, options: RtlOptions = {}): Promise<RtlLinkEngine> {
    const machine = await openRtl(design, options);
    const batch = new Batch(design);
    batch.set("rst_i", 1);
    batch.step(4);
    batch.set("rst_i", 0);
    batch.set("tx_ready_i", 1);
    batch.monitor("tx_valid_o", ["tx_data_o"]);
    await machine.run(batch);
    return new RtlLinkEngine(machine);
  }

  /** Which simulator runs the Verilog. */
  get backend(): RtlMachine["backend"] {
    return this.#machine.backend;
  }

  async receive(bytes: Uint8Array): Promise<Uint8Array> {
    const replies: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const batch = this.#batch();
      const stream = { valid: "rx_valid_i", ready: "rx_ready_o", ports: ["rx_data_i"], data: bytes.subarray(at) };
      const taken = batch.feed({ ...stream, limit: slice });
      at += await this.#run(batch, replies, taken);
    }
    // frames wait in the ring: each starts a few cycles after the one before it has ended
    for (let quiet = false; !quiet; ) {
      const batch = this.#batch();
      batch.step(startCycles);
      const { found, cycles } = await this.#run(batch, replies, batch.until("busy_o", 0, slice));
      quiet = found && cycles === 0;
    }
    return Buffer.concat(replies);
  }

  async quiet(long: boolean): Promise<Uint8Array> {
    const replies: Uint8Array[] = [];
    const batch = this.#batch();
    batch.step(2 ** (long ? timeoutBits : timeoutBits - 3) + startCycles);
    await this.#run(batch, replies, batch.cycles());
    return Buffer.concat(replies);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#machine.close();
  }

  #batch(): Batch {
    if (this.#closed) throw new Error("the simulated link is closed");
    return new Batch(this.#machine.design);
  }

  /** Runs a batch, collects the bytes that the link sends meanwhile, and returns the value of `answer`. */
  async #run<T>(batch: Batch, replies: Uint8Array[], answer: Answer<T>): Promise<T> {
    const events = batch.events();
    const result = await this.#machine.run(batch);
    const words = result.of(events);
    // cycle, monitor, byte
    replies.push(Uint8Array.from({ length: words.length / 3 }, (_, i) => words[3 * i + 2]!));
    return result.of(answer);
  }
}
