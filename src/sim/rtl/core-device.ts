import type { CoreConfig } from "../../arch/core-config.js";
import type { Device, RunOptions, SampleResult } from "../../arch/device.js";
import { memorySelect } from "../../arch/memory.js";
import { controlRegisters } from "../../arch/registers.js";
import { programHash } from "../../program/hash.js";
import { memoryImages } from "../../program/memory-image.js";
import { type Program, shapeSize } from "../../program/program.js";
import { verifyProgram } from "../../program/verify.js";
import { failure } from "../../support/diagnostic.js";
import { type Answer, Batch, defaultLimit, splitEvents } from "./batch.js";
import { coreDesign, hostBits } from "./core-design.js";
import { EventTrace } from "./event-trace.js";
import type { BatchResult, RtlMachine } from "./machine.js";
import { openRtl, type RtlOptions } from "./open.js";
import { coreWaveform } from "./waveform.js";

/** Cycles after `done` until the core waits for input again, with room. */
const settleCycles = 16;
const registerOf = (name: string): number => controlRegisters.find((r) => r.name === name)!.address;
const resultRegisters = ["decision", "cycles", "operations", "spikes", "stalls"] as const;

interface PendingSample {
  readonly fed: Answer<number>;
  readonly done: Answer<{ readonly found: boolean; readonly cycles: number }>;
  readonly state: Answer<number>;
  readonly registers: Answer<Uint32Array>;
  readonly readout: Answer<Uint32Array>;
  readonly events: Answer<Uint32Array> | undefined;
}

/** The Verilog of the core, simulated; its host bus and input stream are driven directly, without the link. */
export class RtlDevice implements Device<Program> {
  readonly engine = "rtl";
  readonly #config: CoreConfig;
  readonly #machine: RtlMachine;
  #program: Program | undefined;
  #trace: EventTrace | undefined;
  #monitors = false;

  constructor(config: CoreConfig, machine: RtlMachine) {
    this.#config = config;
    this.#machine = machine;
  }

  /** Which simulator runs the Verilog. */
  get backend(): RtlMachine["backend"] {
    return this.#machine.backend;
  }

  /** @throws SpikewrightError as `verifyProgram`. */
  async load(program: Program): Promise<void> {
    verifyProgram(program, this.#config);
    const batch = this.#batch();
    batch.set("rst_i", 1);
    batch.step(4);
    batch.set("rst_i", 0);
    this.#writeRegister(batch, "control", 2);
    for (const { memory, words, bytes } of memoryImages(program, this.#config)) {
      this.#write(batch, memorySelect[memory], words, bytes);
    }
    this.#writeRegister(batch, "hash", programHash(program));
    this.#writeRegister(batch, "watchdog", program.worstCaseCycles);
    this.#writeRegister(batch, "control", 1);
    batch.step(settleCycles);
    await this.#machine.run(batch);
    this.#program = program;
    this.#trace = new EventTrace(program);
  }

  async run(levels: Uint8Array, options: RunOptions = {}): Promise<SampleResult> {
    return (await this.runMany([levels], options))[0]!;
  }

  /**
   * Runs samples one after another without a round trip to the simulator in between.
   *
   * @throws SpikewrightError `core-stopped` when a sample does not end within the program's proven number of cycles.
   */
  async runMany(samples: readonly Uint8Array[], options: RunOptions = {}): Promise<SampleResult[]> {
    const program = this.#program;
    if (!program || !this.#trace) throw new Error("run before load");
    const watch = options.watch === true;
    const batch = this.#batch();
    if (watch) this.#startMonitors(batch);
    const pending = samples.map((levels) => this.#enqueue(batch, program, levels));
    const result = await this.#machine.run(batch);
    return pending.map((sample) => this.#collect(result, program, sample, watch));
  }

  /** Runs one sample and draws its monitor signals over the clock cycles, as a value-change dump. */
  async waveform(levels: Uint8Array): Promise<string> {
    const program = this.#program;
    if (!program) throw new Error("run before load");
    const batch = this.#batch();
    this.#startMonitors(batch);
    const sample = this.#enqueue(batch, program, levels);
    const result = await this.#machine.run(batch);
    return coreWaveform(this.#config, splitEvents(result.of(sample.events!), [3, 2]));
  }

  async close(): Promise<void> {
    await this.#machine.close();
  }

  #startMonitors(batch: Batch): void {
    if (this.#monitors) return;
    batch.monitor("mon_neuron_valid_o", ["mon_pc_o", "mon_neuron_v_o", "mon_neuron_s_o"]);
    batch.monitor("mon_emit_valid_o", ["mon_pc_o", "mon_emit_payload_o"]);
    this.#monitors = true;
  }

  #enqueue(batch: Batch, program: Program, levels: Uint8Array): PendingSample {
    const size = shapeSize(program.input.shape);
    if (levels.length !== size) {
      throw failure({
        code: "input-shape",
        message: `Cannot run a sample of ${levels.length} levels: the program wants ${size}`,
        found: String(levels.length),
        wanted: String(size),
      });
    }
    // steps may lie between the parts of a sample
    const limit = Math.max(defaultLimit, 8 * levels.length + program.worstCaseCycles);
    const fed = batch.feed({ valid: "in_valid_i", ready: "in_ready_o", ports: ["in_value_i"], data: levels, limit });
    const done = batch.until("done_o", 1, program.worstCaseCycles + 64);
    batch.step(settleCycles);
    const state = batch.get("state_o");
    const registers = this.#read(batch, memorySelect.registers, resultRegisters.map(registerOf));
    const neurons = shapeSize(program.readout.shape);
    const readout = this.#read(
      batch,
      memorySelect.state,
      Array.from({ length: neurons }, (_, i) => program.readout.state + i),
    );
    return { fed, done, state, registers, readout, events: this.#monitors ? batch.events() : undefined };
  }

  #collect(result: BatchResult, program: Program, sample: PendingSample, watch: boolean): SampleResult {
    if (!result.of(sample.done).found) {
      const state = result.of(sample.state);
      throw failure(
        {
          code: "core-stopped",
          message: `Cannot finish the sample: the core is in state ${state} after ${program.worstCaseCycles + 64} cycles`,
          found: `state ${state}`,
        },
        "device",
      );
    }
    const stride = hostBits(this.#config) / 32;
    const registers = result.of(sample.registers);
    const [decision, cycles, operations, spikes, stalls] = resultRegisters.map((_, i) => registers[i * stride]!);
    const words = result.of(sample.readout);
    const potentials = new Int32Array(words.length / stride).map((_, i) => this.#membrane(words[i * stride]!));
    return {
      decision: decision!,
      cycles: cycles!,
      operations: operations!,
      spikes: spikes!,
      stalls: stalls!,
      potentials,
      ...(watch ? { populations: this.#populations(result.of(sample.events!)) } : {}),
    };
  }

  #populations(words: Uint32Array) {
    const trace = this.#trace!;
    trace.clear();
    for (const { monitor, words: event } of splitEvents(words, [3, 2])) {
      if (monitor === 0) trace.neuron(event[0]!, this.#membrane(event[1]!), event[2]!);
      else trace.candidate(event[0]!, event[1]!);
    }
    return trace.populations();
  }

  /** Sign-extends the low `membraneBits` (at most 32). */
  #membrane(word: number): number {
    const unused = 32 - this.#config.membraneBits;
    return (word << unused) >> unused;
  }

  #batch(): Batch {
    return new Batch(this.#machine.design);
  }

  #writeRegister(batch: Batch, name: string, value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    this.#write(batch, memorySelect.registers, 1, bytes, registerOf(name));
  }

  /** Writes words of little-endian bytes from `address` on, one a cycle. */
  #write(batch: Batch, select: number, words: number, bytes: Uint8Array, address = 0): void {
    const stride = hostBits(this.#config) / 32;
    const size = bytes.length / words;
    const data = new Uint32Array(words * (2 + stride));
    for (let i = 0; i < words; i++) {
      data[i * (2 + stride)] = select;
      data[i * (2 + stride) + 1] = address + i;
      for (let b = 0; b < size; b++) data[i * (2 + stride) + 2 + (b >> 2)]! |= bytes[i * size + b]! << (8 * (b & 3));
    }
    const ports = ["host_select_i", "host_address_i", "host_wdata_i"];
    if (words > 0) batch.feed({ valid: "host_write_i", ports, data });
  }

  #read(batch: Batch, select: number, addresses: readonly number[]): Answer<Uint32Array> {
    const data = addresses.flatMap((address) => [select, address]);
    const stream = { valid: "host_read_i", ports: ["host_select_i", "host_address_i"], data, limit: 1000 };
    return batch.ask(stream, "host_rvalid_o", ["host_rdata_o"]);
  }
}

/** Compiles the core of a configuration (or takes it from the cache) and starts it. */
export async function openRtlDevice(
  config: CoreConfig,
  verilog: ReadonlyMap<string, string>,
  options: RtlOptions = {},
): Promise<RtlDevice> {
  return new RtlDevice(config, await openRtl(coreDesign(config, verilog), options));
}
