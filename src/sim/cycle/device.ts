import type { CoreConfig } from "../../arch/core-config.js";
import type { RunOptions, SampleResult, SynchronousDevice } from "../../arch/device.js";
import { type Program, shapeSize } from "../../program/program.js";
import { failure } from "../../support/diagnostic.js";
import { CycleCore } from "./core.js";
import { machineState } from "./host-registers.js";
import { loadProgram } from "./load.js";
import { Watch } from "./watch.js";

/** A core in process, cycle-accurate; runs programs that fit its configuration. */
export class CycleDevice implements SynchronousDevice<Program> {
  readonly engine = "cycle";
  readonly core: CycleCore;
  #program: Program | undefined;
  #watch: Watch | undefined;

  constructor(config: CoreConfig) {
    this.core = new CycleCore(config);
  }

  /** @throws SpikewrightError as `verifyProgram`. */
  async load(program: Program): Promise<void> {
    this.loadNow(program);
  }

  /** As `load`, at once. */
  loadNow(program: Program): void {
    loadProgram(this.core, program);
    this.#program = program;
    this.#watch = undefined;
  }

  async run(levels: Uint8Array, options?: RunOptions): Promise<SampleResult> {
    return this.runNow(levels, options);
  }

  /**
   * @throws SpikewrightError `input-shape`: not as many levels as the program wants; `core-stopped`: the program halted,
   *   faulted or reached a breakpoint instead of finishing the sample.
   */
  runNow(levels: Uint8Array, options: RunOptions = {}): SampleResult {
    const { core } = this;
    const program = this.#program;
    if (!program) throw new Error("no program is loaded");
    const size = shapeSize(program.input.shape);
    if (levels.length !== size || core.waiting === 0 || core.waiting > size)
      throw this.#inputFailure(levels.length, size);
    if (options.watch) {
      this.#watch ??= new Watch(program, core.memories);
      this.#watch.clear();
    }
    core.observer = options.watch ? this.#watch : undefined;
    const before = core.samples;
    core.push(levels);
    const { registers, memories } = core;
    if (registers.state !== machineState.waiting) throw this.#stopFailure();
    // a sample may be taken in several parts, but has to end with the last
    if (core.samples !== before + 1) {
      core.restart();
      throw this.#inputFailure(levels.length, size);
    }
    const { state, shape } = program.readout;
    return {
      decision: registers.decision,
      cycles: registers.cycles,
      operations: registers.operations,
      spikes: registers.spikes,
      stalls: registers.stalls,
      potentials: memories.potentials(state, shapeSize(shape)),
      ...(options.watch ? { populations: this.#watch!.populations() } : {}),
    };
  }

  async close(): Promise<void> {
    this.#program = undefined;
  }

  #inputFailure(found: number, wanted: number) {
    return failure({
      code: "input-shape",
      message: `Cannot run a sample of ${found} levels: the program wants ${wanted}, the core waits for ${this.core.waiting}`,
      found: String(found),
      wanted: String(wanted),
    });
  }

  #stopFailure() {
    const { state, fault } = this.core.registers;
    const why = [
      "stopped",
      "",
      "",
      fault === 1 ? "met an illegal instruction" : "exceeded its watchdog",
      "reached a breakpoint",
    ];
    this.core.restart();
    return failure({ code: "core-stopped", message: `Cannot finish the sample: the core ${why[state]}` }, "device");
  }
}
