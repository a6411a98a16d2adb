import type { Device, RunOptions, SampleResult } from "../arch/device.js";
import { maxLength, maxPayload, resultBytes, statusDone, storedHeaderBytes } from "../arch/packet.js";
import { packedBytes, packValues, type RunResult, runFieldBytes } from "../arch/run-frame.js";
import { type Program, shapeSize } from "../program/program.js";
import { sampleFailed, wrongSize } from "./core-failure.js";
import type { CoreLink } from "./core-link.js";
import type { LinkStatistics } from "./exchange.js";
import { adoptProgram, type LoadOptions, loadProgram } from "./load.js";
import { readMembranes } from "./state.js";

/** Slowest core clock that is reckoned with when a reply is waited for, Hz. */
const slowestHz = 1_000_000;

/** How samples are run. */
export interface RunManyOptions {
  /** Ask for the counters of every sample (operations, spikes, stalls); 12 bytes more each. Default true. */
  readonly counters?: boolean;
  /** Called with every result in the order of the samples. */
  readonly onResult?: (result: SampleResult, index: number) => void;
}

/** A core behind the link: on a board, or a virtual one. Inner neurons cannot be watched; see `probe.ts`. */
export class BoardDevice implements Device<Program> {
  readonly engine = "board";
  readonly link: CoreLink;
  #program: Program | undefined;

  constructor(link: CoreLink) {
    this.link = link;
  }

  get statistics(): LinkStatistics {
    return this.link.exchange.statistics;
  }

  /** @throws SpikewrightError as `loadProgram`. */
  async load(program: Program, options: LoadOptions = {}): Promise<void> {
    this.#program = undefined;
    await loadProgram(this.link, program, options);
    this.#program = program;
  }

  /** Uses a program that the core holds already. @throws SpikewrightError as `adoptProgram`. */
  async adopt(program: Program): Promise<void> {
    this.#program = undefined;
    await adoptProgram(this.link, program);
    this.#program = program;
  }

  /**
   * Runs one sample and reads the potentials of the readout.
   *
   * @throws SpikewrightError as `runMany`.
   */
  async run(levels: Uint8Array, _options: RunOptions = {}): Promise<SampleResult> {
    const [result] = await this.runMany([levels]);
    const { state, shape } = this.#loaded().readout;
    return { ...result!, potentials: await readMembranes(this.link, state, shapeSize(shape)) };
  }

  /**
   * Runs samples, as many a frame as fit, two frames under way at once. Without potentials.
   *
   * @throws SpikewrightError `input-shape`, `core-stopped`, those of `Exchange.request`.
   */
  async runMany(samples: readonly Uint8Array[], options: RunManyOptions = {}): Promise<SampleResult[]> {
    const program = this.#loaded();
    const size = shapeSize(program.input.shape);
    for (const sample of samples) if (sample.length !== size) throw wrongSize(sample.length, size);
    const long = options.counters !== false;
    const sampleBytes = packedBytes(size, program.input.bits);
    const room = maxPayload(this.link.config.linkDepth) - runFieldBytes;
    // replies longer than requests make requests pile up: then two frames must fit the ring
    const share = resultBytes(long) < sampleBytes ? room : room / 2 - storedHeaderBytes;
    const together = Math.min(
      Math.floor((sampleBytes <= share ? share : room) / sampleBytes),
      Math.floor(maxLength / resultBytes(long)),
    );
    const results: SampleResult[] = [];
    const take = (batch: readonly RunResult[]): void => {
      for (const result of batch) {
        if ((result.status & statusDone) === 0) throw this.#failed(results.length, result.status);
        const { status: _status, ...rest } = result;
        results.push(rest);
        options.onResult?.(rest, results.length - 1);
      }
    };
    if (together === 0 || program.input.parts) {
      for (const sample of samples) take([await this.#runInPieces(program, sample, room, long)]);
      return results;
    }
    let before: Promise<RunResult[]> | undefined;
    for (let at = 0; at < samples.length; at += together) {
      const sent = this.#runTogether(program, samples.slice(at, at + together), long);
      sent.catch(() => {});
      if (before) take(await before);
      before = sent;
    }
    if (before) take(await before);
    return results;
  }

  close(): Promise<void> {
    return this.link.close();
  }

  #runTogether(program: Program, samples: readonly Uint8Array[], long: boolean): Promise<RunResult[]> {
    const { bits } = program.input;
    const wanted = shapeSize(program.input.shape);
    const stride = packedBytes(wanted, bits);
    const data = new Uint8Array(samples.length * stride);
    samples.forEach((sample, n) => void data.set(packValues(sample, bits), n * stride));
    const request = { bits, long, repeatable: true, wanted, results: samples.length, data };
    return this.link.run(request, this.#workMs(program, samples.length));
  }

  /**
   * A sample that fits no frame, or that the program takes in parts: every piece but the last of a part leaves the program
   * waiting for the rest of it, and every part but the last for the next.
   */
  async #runInPieces(program: Program, sample: Uint8Array, room: number, long: boolean): Promise<RunResult> {
    const { bits, parts = [{ values: sample.length, times: 1 }] } = program.input;
    const most = Math.floor((room * 8) / bits);
    let last: RunResult | undefined;
    let at = 0;
    for (const part of parts.flatMap(({ values, times }) => new Array<number>(times).fill(values))) {
      for (let wanted = part; wanted > 0; ) {
        const piece = sample.subarray(at, at + Math.min(wanted, most));
        const request = { bits, long, repeatable: false, wanted, results: 1, data: packValues(piece, bits) };
        [last] = await this.link.run(request, this.#workMs(program, 1));
        at += piece.length;
        wanted -= piece.length;
      }
    }
    return last!;
  }

  #workMs(program: Program, samples: number): number {
    return (samples * program.worstCaseCycles * 1000) / slowestHz;
  }

  #loaded(): Program {
    if (!this.#program) throw new Error("run before load");
    return this.#program;
  }

  #failed(sample: number, status: number) {
    // whatever was under way, the next sample finds a waiting program
    this.link.restart().catch(() => {});
    return sampleFailed(this.link.exchange.transport.name, sample, status);
  }
}
