import type { CoreConfig } from "../../arch/core-config.js";
import { Batch, splitEvents } from "../rtl/batch.js";
import type { Design, DesignPort } from "../rtl/design.js";
import type { RtlMachine } from "../rtl/machine.js";
import { openRtl, type RtlOptions } from "../rtl/open.js";
import type { LinkEngine } from "./link-engine.js";

/** Silences count 2^7 and 2^10 cycles here: on a line they last much longer. */
const timeoutBits = 10;
/** Cycles from the last byte of a frame until its execution begins, with room. */
const commitCycles = 32;
/** Cycles of work after which replies are handed on even if there is more to do. */
const sliceCycles = 5_000_000;

/** The Verilog of link and core without the UART, simulated. */
export class RtlLinkEngine implements LinkEngine {
  readonly #machine: RtlMachine;
  #pending = false;

  private constructor(machine: RtlMachine) {
    this.#machine = machine;
  }

  /**
   * Compiles the Verilog (or takes it from the cache) and resets it.
   *
   * @param verilog Sources of the `generic` technology, core and link, in reading order.
   * @throws SpikewrightError as `openRtl`.
   */
  static async open(
    config: CoreConfig,
    verilog: ReadonlyMap<string, string>,
    options: RtlOptions = {},
  ): Promise<RtlLinkEngine> {
    const machine = await openRtl(linkDesign(config, verilog), options);
    const batch = new Batch(machine.design);
    batch.monitor("tx_valid_o", ["tx_data_o"]);
    batch.set("tx_ready_i", 1);
    batch.set("rst_i", 1);
    batch.step(4);
    batch.set("rst_i", 0);
    batch.step(4);
    await machine.run(batch);
    return new RtlLinkEngine(machine);
  }

  get expectsSilence(): boolean {
    return this.#pending;
  }

  async receive(bytes: Uint8Array): Promise<Uint8Array> {
    this.#pending = true;
    const batch = new Batch(this.#machine.design);
    batch.feed({ valid: "rx_valid_i", ready: "rx_ready_o", ports: ["rx_data_i"], data: bytes });
    return this.#finish(batch);
  }

  async quiet(long: boolean): Promise<Uint8Array> {
    this.#pending &&= !long;
    const batch = new Batch(this.#machine.design);
    batch.step(2 ** (long ? timeoutBits : timeoutBits - 3));
    return this.#finish(batch);
  }

  close(): Promise<void> {
    return this.#machine.close();
  }

  async #finish(batch: Batch): Promise<Uint8Array> {
    batch.step(commitCycles);
    batch.until("busy_o", 0, sliceCycles);
    const events = batch.events();
    const words = (await this.#machine.run(batch)).of(events);
    return Uint8Array.from(splitEvents(words, [1]), (event) => event.words[0]!);
  }
}

function linkDesign(config: CoreConfig, verilog: ReadonlyMap<string, string>): Design {
  const { name: _name, technology: _technology, ...numbers } = config;
  // what the core does without (0) is left to the defaults of the Verilog
  const present = Object.entries(numbers).filter(([, value]) => value !== 0);
  const parameters = new Map(
    [...present, ["technology", 0] as const, ["timeoutBits", timeoutBits] as const].map(([field, value]) => [
      field[0]!.toUpperCase() + field.slice(1),
      String(value),
    ]),
  );
  const input = (name: string, bits: number): DesignPort => ({ name, direction: "input", bits });
  const output = (name: string, bits: number): DesignPort => ({ name, direction: "output", bits });
  return {
    top: "snn_link_core",
    verilog,
    parameters,
    clock: "clk_i",
    ports: [
      input("rst_i", 1),
      input("rx_valid_i", 1),
      output("rx_ready_o", 1),
      input("rx_data_i", 8),
      input("rx_error_i", 1),
      output("tx_valid_o", 1),
      input("tx_ready_i", 1),
      output("tx_data_o", 8),
      output("busy_o", 1),
    ],
  };
}
