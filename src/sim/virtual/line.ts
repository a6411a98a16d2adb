import type { LinkEngine } from "./link-engine.js";

/** Silence that ends a faulty transmission, and that gives a begun frame up, ms: those of a link at 1 Mbaud. */
const shortSilenceMs = 2;
const longSilenceMs = 15;

/** Carries bytes to a simulated link in the order of their coming, and tells it of silence. */
export class Line {
  readonly #engine: LinkEngine;
  readonly #reply: (bytes: Uint8Array) => void;
  readonly #waiting: Uint8Array[] = [];
  #working = false;
  #silence: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param reply Gets the bytes that the link sends. */
  constructor(engine: LinkEngine, reply: (bytes: Uint8Array) => void) {
    this.#engine = engine;
    this.#reply = reply;
  }

  send(bytes: Uint8Array): void {
    clearTimeout(this.#silence);
    this.#waiting.push(bytes);
    if (!this.#working) void this.#work();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#silence);
    await this.#engine.close();
  }

  async #work(): Promise<void> {
    this.#working = true;
    // let the sender go on first: a real line has a delay too
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#closed) {
      const bytes = Buffer.concat(this.#waiting.splice(0));
      this.#answer(await this.#engine.receive(bytes));
    }
    this.#working = false;
    this.#listen(shortSilenceMs);
  }

  #listen(ms: number): void {
    clearTimeout(this.#silence);
    if (this.#closed || !this.#engine.expectsSilence) return;
    this.#silence = setTimeout(() => void this.#fallSilent(ms), ms);
  }

  async #fallSilent(ms: number): Promise<void> {
    this.#working = true;
    this.#answer(await this.#engine.quiet(ms === longSilenceMs));
    this.#working = false;
    if (this.#waiting.length > 0) void this.#work();
    else if (ms === shortSilenceMs) this.#listen(longSilenceMs);
  }

  #answer(bytes: Uint8Array): void {
    if (bytes.length > 0 && !this.#closed) this.#reply(bytes);
  }
}
