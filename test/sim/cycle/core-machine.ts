import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CoreConfig } from "../../../src/arch/core-config.js";
import { type MemoryName, memorySelect, wordBytes } from "../../../src/arch/memory.js";
import { controlRegisters } from "../../../src/arch/registers.js";
import { memoryImages } from "../../../src/program/memory-image.js";
import { type Program, shapeSize } from "../../../src/program/program.js";
import { Batch, splitEvents } from "../../../src/sim/rtl/batch.js";
import type { Design } from "../../../src/sim/rtl/design.js";
import type { RtlMachine } from "../../../src/sim/rtl/machine.js";
import { openRtl } from "../../../src/sim/rtl/open.js";

const hostBits = 256;
const wordLimit = 100_000_000;

/** The core's Verilog with the ports that a co-simulation needs. */
export function coreDesign(config: CoreConfig): Design {
  const { core } = JSON.parse(readFileSync("hdl/files.json", "utf8")) as {
    core: { file: string; technologies?: string[] }[];
  };
  const files = core.filter(({ technologies }) => technologies?.includes("generic") ?? true).map(({ file }) => file);
  const { name: _, technology: __, ...numbers } = config;
  const parameters = Object.entries({ ...numbers, technology: 0, hostBits }).map(([key, value]): [string, string] => [
    key[0]!.toUpperCase() + key.slice(1),
    String(value),
  ]);
  const input = (port: string, bits: number) => ({ name: port, direction: "input" as const, bits });
  const output = (port: string, bits: number) => ({ name: port, direction: "output" as const, bits });
  return {
    top: "snn_core",
    verilog: new Map(files.map((file) => [file.replaceAll("/", "_"), readFileSync(join("hdl", file), "utf8")])),
    parameters: new Map(parameters),
    clock: "clk_i",
    ports: [
      input("rst_i", 1),
      input("host_select_i", 3),
      input("host_address_i", 16),
      input("host_write_i", 1),
      input("host_wdata_i", hostBits),
      input("host_read_i", 1),
      output("host_rdata_o", hostBits),
      output("host_rvalid_o", 1),
      input("in_valid_i", 1),
      output("in_ready_o", 1),
      input("in_value_i", 8),
      output("in_waiting_o", 1),
      output("in_count_o", config.indexBits + 1),
      output("running_o", 1),
      output("done_o", 1),
      output("state_o", 4),
      output("fault_o", 4),
      output("decision_o", config.indexBits),
      output("cycles_o", 32),
      output("mon_pass_o", 1),
      output("mon_pc_o", Math.log2(config.programDepth)),
      output("mon_read_valid_o", 1),
      output("mon_neuron_valid_o", 1),
      output("mon_neuron_x_o", config.membraneBits),
      output("mon_neuron_v_o", config.membraneBits),
      output("mon_neuron_s_o", 8),
      output("mon_emit_valid_o", 1),
      output("mon_emit_payload_o", 8),
      output("mon_emit_index_o", config.indexBits),
    ],
  };
}

/** Everything about one sample that both simulators must agree on. */
export interface CoreSample {
  readonly registers: Readonly<Record<string, number>>;
  readonly potentials: readonly number[];
  /** `address v s` of every neuron visited, in order; empty when not recorded. */
  readonly neurons: readonly string[];
}

/** Registers that are compared after each sample. */
export const comparedRegisters = ["status", "cycles", "operations", "spikes", "stalls", "decision", "best", "input"];

/** The Verilog core behind its host bus. */
export class CoreMachine {
  readonly config: CoreConfig;
  readonly #machine: RtlMachine;
  readonly #design: Design;

  private constructor(config: CoreConfig, design: Design, machine: RtlMachine) {
    this.config = config;
    this.#design = design;
    this.#machine = machine;
  }

  static async open(config: CoreConfig): Promise<CoreMachine> {
    const design = coreDesign(config);
    const core = new CoreMachine(config, design, await openRtl(design));
    const batch = new Batch(design);
    batch.set("rst_i", 1);
    batch.step(2);
    batch.set("rst_i", 0);
    batch.step(1);
    batch.monitor("mon_neuron_valid_o", ["mon_pc_o", "mon_neuron_v_o", "mon_neuron_s_o"]);
    await core.#machine.run(batch);
    return core;
  }

  /** Stops the core, fills its memories, sets registers and starts the program. */
  async load(program: Program, registers: Readonly<Record<string, number>> = {}): Promise<void> {
    const batch = new Batch(this.#design);
    const rows: number[] = [];
    const write = (memory: MemoryName, address: number, bytes: Uint8Array) => {
      const words = new Uint32Array(hostBits / 32);
      new Uint8Array(words.buffer).set(bytes);
      rows.push(memorySelect[memory], address, ...words);
    };
    const register = (name: string, value: number) =>
      write("registers", registerAddress(name), new Uint8Array(Uint32Array.of(value).buffer));
    register("control", 2);
    for (const image of memoryImages(program, this.config)) {
      const size = wordBytes(this.config, image.memory);
      for (let i = 0; i < image.words; i++) write(image.memory, i, image.bytes.subarray(i * size, (i + 1) * size));
    }
    for (const [name, value] of Object.entries(registers)) register(name, value);
    register("control", 1);
    batch.feed({ valid: "host_write_i", ports: ["host_select_i", "host_address_i", "host_wdata_i"], data: rows });
    batch.until("in_waiting_o", 1, wordLimit);
    batch.events();
    await this.#machine.run(batch);
  }

  /** Runs one sample until the program waits again, or `limit` cycles. */
  async run(program: Program, levels: Uint8Array, limit = wordLimit): Promise<CoreSample> {
    const batch = new Batch(this.#design);
    batch.feed({ valid: "in_valid_i", ready: "in_ready_o", ports: ["in_value_i"], data: levels });
    batch.until("running_o", 0, limit);
    const rows: number[] = comparedRegisters.flatMap((name) => [0, registerAddress(name)]);
    const neurons = shapeSize(program.readout.shape);
    for (let n = 0; n < neurons; n++) rows.push(memorySelect.state, program.readout.state + n);
    const answers = batch.ask(
      { valid: "host_read_i", ports: ["host_select_i", "host_address_i"], data: rows },
      "host_rvalid_o",
      ["host_rdata_o"],
    );
    const events = batch.events();
    const result = await this.#machine.run(batch);
    const words = result.of(answers);
    const value = (i: number) => words[i * (hostBits / 32)]!;
    const shift = 32 - this.config.membraneBits;
    return {
      registers: Object.fromEntries(comparedRegisters.map((name, i) => [name, value(i)])),
      potentials: Array.from({ length: neurons }, (_, n) => (value(comparedRegisters.length + n) << shift) >> shift),
      neurons: splitEvents(result.of(events), [3]).map(
        ({ words: [pc, v, s] }) => `${pc} ${(v! << shift) >> shift} ${s}`,
      ),
    };
  }

  close(): Promise<void> {
    return this.#machine.close();
  }
}

export function registerAddress(name: string): number {
  return controlRegisters.find((register) => register.name === name)!.address;
}
