import { type ChildProcess, spawn } from "node:child_process";
import { failure } from "../../support/diagnostic.js";
import type { BatchRunner } from "./machine.js";

/** Comes before each answer; see `hdl/harness`. */
const mark = Buffer.from([0x81, 0x5a, 0x00, 0xa5, 0xa5, 0x00, 0x5a, 0x81]);

/**
 * The process that runs the batches. Standard input takes batches, each as a count of words and the words; standard
 * output gives answers in the same form behind a mark. What the design prints in between is shown when the process ends
 * early.
 */
export class ProcessRunner implements BatchRunner {
  readonly #child: ChildProcess;
  readonly #name: string;
  #printed = "";
  #ended: string | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #needed = 1;
  #waiting: { readonly resolve: (words: Uint32Array) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(name: string, command: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr!.on("data", (chunk: Buffer) => this.#print(chunk));
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
    if (this.#bytes < this.#needed) return;
    const all = Buffer.concat(this.#chunks);
    const start = all.indexOf(mark);
    const head = start + mark.length + 4;
    if (start < 0 || all.length < head) {
      this.#keep(all, this.#bytes + 1);
      return;
    }
    const end = head + 4 * all.readUInt32LE(head - 4);
    if (all.length < end) {
      this.#keep(all, end);
      return;
    }
    this.#print(all.subarray(0, start));
    this.#keep(all.subarray(end), 1);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(new Uint32Array(all.buffer.slice(all.byteOffset + head, all.byteOffset + end)));
  }

  /** Keep bytes until there are `needed` in all. */
  #keep(bytes: Buffer, needed: number): void {
    this.#chunks = [bytes];
    this.#bytes = bytes.length;
    this.#needed = needed;
  }

  #print(text: Buffer): void {
    this.#printed = (this.#printed + text.toString()).slice(-2000);
  }

  #end(how: string): void {
    this.#ended ??= how;
    this.#waiting?.reject(this.#failure());
    this.#waiting = undefined;
  }

  #failure(): Error {
    const said = this.#printed.trim().split("\n").at(-1);
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
