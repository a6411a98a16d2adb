import { type ChildProcess, spawn } from "node:child_process";
import { failure } from "../../support/diagnostic.js";
import type { BatchRunner } from "./machine.js";

/** The process that runs the batches: standard input and output carry a count of words and the words. */
export class ProcessRunner implements BatchRunner {
  readonly #child: ChildProcess;
  readonly #name: string;
  #errors = "";
  #ended: string | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #waiting: { readonly resolve: (words: Uint32Array) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(name: string, command: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr!.on("data", (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-2000);
    });
    this.#child.stdin!.on("error", () => {}); // seen as the end of the process
    this.#child.on("error", (error) => this.#end(error.message));
    this.#child.on("close", (code, signal) => this.#end(signal ? `signal ${signal}` : `exit code ${code}`));
  }

  run(words: Uint32Array): Promise<Uint32Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#failure());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      const batch = new Uint32Array(words.length + 1);
      batch[0] = words.length;
      batch.set(words, 1);
      this.#child.stdin!.write(new Uint8Array(batch.buffer));
    });
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise((done) => this.#child.once("close", done));
    this.#child.stdin!.end();
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), 1000);
    await closed;
    clearTimeout(kill);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < 4) return;
    const first = this.#chunks[0]!.length >= 4 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const size = 4 * (first.readUInt32LE(0) + 1);
    if (this.#bytes < size) return;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    const words = new Uint32Array(all.buffer.slice(all.byteOffset + 4, all.byteOffset + size));
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(words);
  }

  #end(how: string): void {
    this.#ended ??= how;
    this.#waiting?.reject(this.#failure());
    this.#waiting = undefined;
  }

  #failure(): Error {
    const said = this.#errors.trim().split("\n").at(-1);
    return failure(
      {
        code: "simulation-ended",
        message: `Cannot simulate with ${this.#name}: it ended with ${this.#ended}${said ? ` (${said})` : ""}, wanted answers`,
        place: { item: this.#name },
        found: this.#ended ?? "",
      },
      "tool",
    );
  }
}
