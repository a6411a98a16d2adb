import type { Answer, Batch } from "./batch.js";
import type { Design } from "./design.js";

/** How a design is simulated. */
export type RtlBackend = "verilator" | "cxxrtl" | "icarus";

/** Runs the words of a batch and returns the words of its answers. */
export interface BatchRunner {
  run(words: Uint32Array): Promise<Uint32Array>;
  close(): Promise<void>;
}

/** A simulated design that runs batches. Batches run one after another in the order of the calls. */
export class RtlMachine {
  readonly design: Design;
  readonly backend: RtlBackend;
  readonly #runner: BatchRunner;
  #last: Promise<unknown> = Promise.resolve();

  constructor(design: Design, backend: RtlBackend, runner: BatchRunner) {
    this.design = design;
    this.backend = backend;
    this.#runner = runner;
  }

  /** Run a batch. The result gives the value of each of its answers. */
  run(batch: Batch): Promise<BatchResult> {
    const run = this.#last.then(async () => new BatchResult(batch, await this.#runner.run(batch.words)));
    this.#last = run.catch(() => {});
    return run;
  }

  /** End the simulation; nothing may run afterwards. */
  close(): Promise<void> {
    return this.#runner.close();
  }
}

/** Values of the answers of one batch. */
export class BatchResult {
  readonly #values: unknown[] = [];

  constructor(batch: Batch, words: Uint32Array) {
    let at = 0;
    for (const answer of batch.answers) {
      const { value, end } = answer.read(words, at);
      this.#values.push(value);
      at = end;
    }
    if (at !== words.length) throw new Error(`a batch answered ${words.length} words, ${at} were expected`);
  }

  of<T>(answer: Answer<T>): T {
    return this.#values[answer.index] as T;
  }
}
