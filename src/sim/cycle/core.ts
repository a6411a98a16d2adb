import type { CoreConfig } from "../../arch/core-config.js";
import { type MemoryName, memoryDepth } from "../../arch/memory.js";
import { timing } from "../../arch/timing.js";
import { readBits } from "../../program/memory-image.js";
import { failure } from "../../support/diagnostic.js";
import { NoiseGenerator } from "./dynamics/noise-generator.js";
import { PlasticityRunner } from "./dynamics/plasticity-runner.js";
import { ScatterRunner } from "./dynamics/scatter-runner.js";
import { HostRegisters, machineState } from "./host-registers.js";
import { InputPort } from "./input-port.js";
import { Memories } from "./memories.js";
import { type PassObserver, PassRunner } from "./pass-runner.js";

/** Instructions between two waits for input beyond which a program counts as running away. */
const maximumInstructions = 10_000_000;

const opcode = {
  halt: 0,
  set: 1,
  pass: 2,
  input: 3,
  done: 4,
  jump: 5,
  count: 6,
  loop: 7,
  mark: 8,
  quiet: 9,
  learn: 10,
  reward: 11,
  scatter: 12,
} as const;
/** Flag of `input`: values become synaptic currents. */
const toState = 1 << 21;
/** Pass register that restarts the noise generator. */
const seedRegister = 22;

/**
 * The core, clock by clock as seen from its host bus and input port: the same memories, registers, results and cycle
 * counts as `hdl/rtl/snn_core.v`, computed pass by pass.
 *
 * It moves only inside `push` and `write`: whenever those return it waits for input or is stopped. What a pass that the
 * watchdog interrupts has written and counted is the one thing that differs from the hardware (here it has finished).
 */
export class CycleCore {
  readonly config: CoreConfig;
  readonly memories: Memories;
  readonly registers: HostRegisters;
  /** Times that `done` was executed. */
  samples = 0;

  readonly #runner: PassRunner;
  readonly #input: InputPort;
  readonly #noise = new NoiseGenerator();
  readonly #plasticity: PlasticityRunner;
  readonly #scatter: ScatterRunner;
  /** Pass registers by number: 16, with dynamics 32. */
  readonly #values: Int32Array;
  readonly #counters = new Int32Array(2);
  #pc = 0;
  #spiked = false;
  #passes = 0;
  /** A sample has begun and `done` has not come yet. */
  #sampling = false;
  #taken = 0;

  constructor(config: CoreConfig) {
    this.config = config;
    this.memories = new Memories(config);
    this.registers = new HostRegisters(config);
    this.#runner = new PassRunner(this.memories, this.#noise);
    this.#plasticity = new PlasticityRunner(this.memories, this.#noise);
    this.#scatter = new ScatterRunner(this.memories);
    this.#values = new Int32Array(config.dynamics ? 32 : 16);
    this.#input = new InputPort(this.memories);
  }

  /** Sees every pass while it is set; passes then take longer to simulate. */
  set observer(observer: PassObserver | undefined) {
    this.#runner.observer = observer;
  }

  /** Input values that the program waits for; 0 when it does not wait. */
  get waiting(): number {
    return this.registers.left;
  }

  /** Whether the host may use the memories. */
  get idle(): boolean {
    return this.registers.state !== machineState.waiting || this.#taken === 0;
  }

  /** Reads a word as the host does, little endian; of memories only while `idle`, else 0. */
  read(memory: MemoryName, address: number): Uint8Array {
    if (memory === "registers") return this.registers.read(address & 15, this.#pc);
    const word = this.memories.read(memory, address & (memoryDepth(this.config, memory) - 1));
    return this.idle ? word : word.fill(0);
  }

  /** Writes a word as the host does, little endian; of memories only while `idle`. Restarting runs until input is wanted. */
  write(memory: MemoryName, address: number, bytes: Uint8Array): void {
    if (memory === "registers") {
      const command = this.registers.write(address & 15, readBits(bytes, 0, 32));
      if (command.restart) this.restart();
      else if (command.stop) this.#stop(machineState.stopped);
      return;
    }
    if (!this.idle) return;
    this.memories.write(memory, address & (memoryDepth(this.config, memory) - 1), bytes);
    if (memory === "program" || memory === "parameters") this.#runner.forget();
    if (memory === "weights") this.#scatter.forget();
  }

  /** To be called after program, parameters or weights in `memories` were changed directly. */
  memoriesChanged(): void {
    this.#runner.forget();
    this.#scatter.forget();
  }

  /** Runs the program from word 0 until it wants input or stops. */
  restart(): void {
    this.#stop(machineState.running);
    this.#pc = 0;
    this.#run();
  }

  /**
   * Offers input values; runs on after the last one that the program wants.
   *
   * @returns How many were taken.
   */
  push(values: ArrayLike<number>): number {
    const { registers } = this;
    let taken = 0;
    while (taken < values.length && registers.left > 0) {
      const count = Math.min(values.length - taken, registers.left);
      this.#beginSample();
      const whole = this.#taken === 0 && count === values.length && count === registers.left;
      if (whole) this.#input.takeAll(values);
      else this.#input.take(values, taken, count);
      taken += count;
      this.#taken += count;
      registers.left -= count;
      if (registers.left > 0) continue;
      if (!whole) this.#input.close();
      this.#endInput();
      this.#run();
    }
    return taken;
  }

  #stop(state: number): void {
    this.registers.state = state;
    this.registers.fault = 0;
    this.registers.left = 0;
    this.#sampling = false;
    this.#passes = 0;
    this.#taken = 0;
  }

  #beginSample(): void {
    if (this.#sampling) return;
    this.#sampling = true;
    this.registers.clearCounters();
  }

  /** Executes instructions until the program wants input or stops. */
  #run(): void {
    this.registers.state = machineState.running;
    for (let executed = 0; executed < maximumInstructions; executed++) if (!this.#execute()) return;
    this.#stop(machineState.stopped);
    throw failure({
      code: "program-runaway",
      message: `Cannot simulate the program: ${maximumInstructions} instructions without waiting for input`,
      hint: "Set the watchdog, or correct the loop",
    });
  }

  /** Executes one instruction; false when the core does not go on by itself. */
  #execute(): boolean {
    const { registers, config } = this;
    const word = this.memories.program[this.#pc]!;
    let taken = false;
    switch (word >>> 28) {
      case opcode.halt:
        this.#count(timing.instruction);
        this.#stop(machineState.stopped);
        return false;
      case opcode.set:
        if (!this.#set((word >>> 22) & 63, word & 0x3fffff)) return this.#illegal();
        break;
      case opcode.pass:
        if (((word >>> 13) & 3) === 3) return this.#illegal();
        if (!this.#pass(word)) return false;
        break;
      case opcode.input:
        this.#count(timing.instruction);
        this.#openInput(word & (2 ** (config.indexBits + 1) - 1), config.dynamics === 1 && (word & toState) !== 0);
        if (registers.left > 0) return false;
        this.#beginSample();
        this.#input.close();
        this.#endInput();
        return true;
      case opcode.done:
        if (this.#count(timing.instruction, true)) return false;
        this.samples++;
        this.#sampling = false;
        this.#passes = 0;
        this.#advance();
        return true;
      case opcode.jump:
        taken = true;
        break;
      case opcode.count:
        this.#counters[(word >>> 24) & 1] = word & 0xffff;
        break;
      case opcode.loop: {
        const counter = (word >>> 24) & 1;
        this.#counters[counter] = (this.#counters[counter]! - 1) & 0xffff;
        taken = this.#counters[counter] !== 0;
        break;
      }
      case opcode.mark:
        this.#spiked = false;
        break;
      case opcode.quiet:
        taken = !this.#spiked;
        break;
      case opcode.learn:
      case opcode.reward:
        if (config.learning === 0 || (config.learning === 1 && word >>> 28 === opcode.reward)) return this.#illegal();
        if (!this.#learn(word >>> 28 === opcode.reward)) return false;
        break;
      case opcode.scatter:
        if (config.scatter === 0) return this.#illegal();
        this.#scatter.scatter(this.#values);
        if (!this.#worked(this.#scatter)) return false;
        break;
      default:
        return this.#illegal();
    }
    if (this.#count(taken ? timing.instruction + timing.takenJump : timing.instruction)) return false;
    if (taken) this.#pc = word & (config.programDepth - 1);
    else this.#advance();
    return true;
  }

  #advance(): void {
    this.#pc = (this.#pc + 1) & (this.config.programDepth - 1);
  }

  /** Counts cycles of a sample, `ending` with it; true when the watchdog stops the core. */
  #count(cycles: number, ending = false): boolean {
    if (!this.#sampling) return false;
    const { registers } = this;
    registers.cycles += cycles;
    const { watchdog } = registers;
    if (watchdog === 0 || registers.cycles <= watchdog + timing.watchdogSlack) return false;
    // the stop comes late enough for a last `done`
    const stopped = watchdog + timing.watchdogStop;
    registers.cycles = ending ? Math.min(registers.cycles, stopped) : stopped;
    this.#stop(machineState.fault);
    registers.fault = 2;
    return true;
  }

  #illegal(): false {
    this.#count(timing.instruction);
    this.#stop(machineState.fault);
    this.registers.fault = 1;
    return false;
  }

  /** Loads a pass register; false when there is none of that number. */
  #set(number: number, value: number): boolean {
    if (number >= this.#values.length) return false;
    this.#values[number] = value;
    if (number === seedRegister) this.#noise.seed(value);
    return true;
  }

  /** Runs a `learn` or `reward`, without the cycle of its instruction; false when the core stops at its end. */
  #learn(reward: boolean): boolean {
    const plasticity = this.#plasticity;
    if (reward) plasticity.reward(this.#pc, this.#values);
    else plasticity.learn(this.#pc, this.#values);
    return this.#worked(plasticity);
  }

  /** Counts what an instruction on weights did; false when the core stops at its end. */
  #worked({ operations, cycles }: { readonly operations: number; readonly cycles: number }): boolean {
    if (this.#sampling) {
      this.registers.operations += operations;
      this.registers.stalls += cycles;
    }
    return !this.#count(cycles);
  }

  /** Runs a pass, without the cycle of its instruction; false when the core stops at its end. */
  #pass(word: number): boolean {
    const { registers } = this;
    const runner = this.#runner;
    runner.run(this.#pc, word, this.#values);
    if (runner.spikes > 0) this.#spiked = true;
    registers.decision = runner.decision;
    registers.best = runner.best;
    if (this.#sampling) {
      registers.operations += runner.operations;
      registers.spikes += runner.spikes;
      registers.stalls += runner.cycles - runner.entries;
    }
    if (this.#count(runner.cycles)) return false;
    this.#passes++;
    if (registers.break === 0 || this.#passes !== registers.break) return true;
    this.#count(timing.instruction);
    this.#advance();
    this.#stop(machineState.break);
    return false;
  }

  #openInput(count: number, intoState: boolean): void {
    this.registers.left = count;
    this.registers.state = machineState.waiting;
    this.#taken = 0;
    this.#input.open(this.#values, intoState);
  }

  #endInput(): void {
    this.registers.state = machineState.running;
    this.#taken = 0;
    this.#advance();
  }
}
