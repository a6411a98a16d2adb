import type { CoreConfig } from "../../../../src/arch/core-config.js";
import { type MemoryName, memoryDepth, memorySelect, wordBytes } from "../../../../src/arch/memory.js";
import { Batch, splitEvents } from "../../../../src/sim/rtl/batch.js";
import type { Design } from "../../../../src/sim/rtl/design.js";
import type { RtlMachine } from "../../../../src/sim/rtl/machine.js";
import { openRtl } from "../../../../src/sim/rtl/open.js";
import { comparedRegisters, coreDesign, registerAddress } from "../core-machine.js";
import { type CoreRun, type CoreView, changedMemories, hex, loadedMemories, wordOf } from "./core-run.js";

/** Words of the host bus of `coreDesign`. */
const hostWords = 8;
/** Longer samples are taken for hanging. */
const cycleLimit = 200_000;

/** The Verilog core, run from the contents of all its memories. */
export class VerilogCore {
  readonly #config: CoreConfig;
  readonly #design: Design;
  readonly #machine: RtlMachine;

  private constructor(config: CoreConfig, design: Design, machine: RtlMachine) {
    this.#config = config;
    this.#design = design;
    this.#machine = machine;
  }

  static async open(config: CoreConfig): Promise<VerilogCore> {
    const design = coreDesign(config);
    const core = new VerilogCore(config, design, await openRtl(design));
    const batch = new Batch(design);
    batch.monitor("mon_neuron_valid_o", ["mon_pc_o", "mon_neuron_v_o", "mon_neuron_s_o"]);
    await core.#machine.run(batch);
    return core;
  }

  /** Resets the core, fills its memories, runs one sample and reads everything back. */
  async run(run: CoreRun): Promise<CoreView> {
    const batch = new Batch(this.#design);
    batch.set("rst_i", 1);
    batch.step(4);
    batch.set("rst_i", 0);
    batch.step(4);
    const rows: number[] = [];
    const write = (memory: MemoryName, address: number, bytes: Uint8Array) => {
      const words = new Uint32Array(hostWords);
      new Uint8Array(words.buffer).set(bytes);
      rows.push(memorySelect[memory], address, ...words);
    };
    const register = (name: string, value: number) =>
      write("registers", registerAddress(name), new Uint8Array(Uint32Array.of(value).buffer));
    register("control", 2);
    register("watchdog", run.watchdog ?? 0);
    for (const memory of loadedMemories)
      for (let i = 0; i < memoryDepth(this.#config, memory); i++) write(memory, i, wordOf(run, memory, i));
    register("control", 1);
    batch.feed({ valid: "host_write_i", ports: ["host_select_i", "host_address_i", "host_wdata_i"], data: rows });
    batch.until("in_waiting_o", 1, cycleLimit);
    batch.events();
    batch.feed({ valid: "in_valid_i", ready: "in_ready_o", ports: ["in_value_i"], data: run.levels });
    batch.until("running_o", 0, cycleLimit);
    const addresses = comparedRegisters.map((name): [MemoryName, number] => ["registers", registerAddress(name)]);
    for (const memory of changedMemories)
      for (let i = 0; i < memoryDepth(this.#config, memory); i++) addresses.push([memory, i]);
    const answers = batch.ask(
      {
        valid: "host_read_i",
        ports: ["host_select_i", "host_address_i"],
        data: addresses.flatMap(([memory, address]) => [memorySelect[memory], address]),
      },
      "host_rvalid_o",
      ["host_rdata_o"],
    );
    const events = batch.events();
    const result = await this.#machine.run(batch);
    const words = result.of(answers);
    const word = (i: number) => words.subarray(i * hostWords, (i + 1) * hostWords);
    let at = comparedRegisters.length;
    const memories = changedMemories.map((memory) => {
      const size = wordBytes(this.#config, memory);
      const texts = Array.from({ length: memoryDepth(this.#config, memory) }, () =>
        hex(new Uint8Array(word(at++).slice().buffer).subarray(0, size)),
      );
      return [memory, texts];
    });
    return {
      registers: Object.fromEntries(comparedRegisters.map((name, i) => [name, word(i)[0]!])),
      memories: Object.fromEntries(memories),
      neurons: splitEvents(result.of(events), [3]).map(({ words: [pc, v, s] }) => `${pc} ${(v! << 16) >> 16} ${s}`),
    };
  }

  close(): Promise<void> {
    return this.#machine.close();
  }
}
