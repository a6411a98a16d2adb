import { Worker } from "node:worker_threads";
import { failure, type SpikewrightError } from "../../support/diagnostic.js";
import { mountSource } from "./mount.js";
import type { Hdf5Limits, Hdf5Problem, Hdf5Reply, Hdf5Request, Hdf5Source } from "./protocol.js";
import { serveHdf5 } from "./serve.js";
import { slabsOf } from "./slabs.js";
import type { Hdf5Group } from "./tree.js";

export interface Hdf5Options {
  /** Path as the user gave it, for messages. */
  readonly file?: string;
  /** Read at most this many entries of the first axis of every dataset. */
  readonly rows?: number;
  /** Longest time for one file; 4,000 and 1 for every 10 kB unless told. */
  readonly timeoutMs?: number;
}

const mebibyte = 2 ** 20;
const largestContent = 2 ** 30;

/** Content and decoder together stay within 4 times the size of the file and 64 MiB, unless chunks are as large as the file. */
function limitsFor(length: number): Hdf5Limits {
  return {
    bytes: Math.min(largestContent, 4 * length + 24 * mebibyte),
    objects: 50_000,
    depth: 32,
    heapBytes: 3 * length + 48 * mebibyte,
  };
}

/** Whether `bytes` start like an HDF5 file (without a user block, which no writer of models makes). */
export function isHdf5(bytes: Uint8Array): boolean {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  return signature.every((byte, i) => bytes[i] === byte);
}

/**
 * Read a whole HDF5 file, from memory or from disk.
 *
 * The C library of the format is compiled to WebAssembly and runs in a worker thread: it can trap, loop or ask for any
 * amount of memory on a damaged file, and there it can be stopped.
 *
 * @throws `hdf5-damaged` when the library cannot read it, `hdf5-too-large` when it exceeds the limits (content of 4 times
 *   the size of the file and 24 MiB, 1 GiB, 50,000 objects), `hdf5-timeout` when reading takes longer than `timeoutMs`.
 */
export function readHdf5(source: Uint8Array | Hdf5Source, options: Hdf5Options = {}): Promise<Hdf5Group> {
  const result = queue.then(() => answer(source, options));
  queue = result.catch(() => undefined);
  return result;
}

let queue: Promise<unknown> = Promise.resolve();
/** Kept between files, since it takes a quarter of a second to start; dropped when it traps, hangs or has served enough. */
let worker: Worker | undefined;
let served = 0;
const longestStartMs = 60_000;
/** A refused file may leave something behind in the library. */
const mostServed = 64;
/** Memory of the library never shrinks. */
const largestKept = 64 * mebibyte;

async function startWorker(): Promise<Worker> {
  // As source text: a thread cannot load a TypeScript module, which this file is in the tests.
  const library = JSON.stringify(import.meta.resolve("h5wasm"));
  const source = `(${serveHdf5.toString()})(require("node:worker_threads").parentPort, {
    load: () => import(${library}),
    files: require("node:fs"),
    mountSource: ${mountSource.toString()},
    slabsOf: ${slabsOf.toString()},
  });`;
  const started = new Worker(source, { eval: true, stdout: true, stderr: true, env: {}, execArgv: [] });
  const first = await nextMessage(started, longestStartMs, () => {});
  if (first === "ready") return started;
  void started.terminate();
  throw new Error(`the HDF5 library does not start: ${JSON.stringify(first)}`);
}

async function answer(given: Uint8Array | Hdf5Source, options: Hdf5Options): Promise<Hdf5Group> {
  if (!worker) served = 0;
  const used = worker ?? (await startWorker());
  worker = undefined;
  const source = given instanceof Uint8Array ? { bytes: given } : given;
  // The thread gets a copy of bytes: the caller keeps its own.
  const sent = "bytes" in source ? { bytes: new Uint8Array(source.bytes) } : source;
  const length = "bytes" in source ? source.bytes.length : source.length;
  const { rows } = options;
  const request: Hdf5Request = { source: sent, limits: limitsFor(length), ...(rows === undefined ? {} : { rows }) };
  const lent = "bytes" in sent ? [sent.bytes.buffer] : [];
  const timeoutMs = options.timeoutMs ?? 4_000 + Math.ceil(length / 10_000);
  const reply = await nextMessage(used, timeoutMs, () => used.postMessage(request, lent));
  const isSound = typeof reply === "object" && (!("problem" in reply) || reply.isSound);
  const isLarge = typeof reply === "object" && "heapBytes" in reply && reply.heapBytes > largestKept;
  if (isSound && !isLarge && ++served < mostServed) worker = used;
  else void used.terminate();
  if (typeof reply === "string" || "problem" in reply) throw refusal(reply, timeoutMs, options);
  if (reply.root.kind !== "group") throw new Error("the root of an HDF5 file is a group");
  return reply.root;
}

type Message = Hdf5Reply | "ready" | "timeout";

/** What the worker says next after `send`; it keeps the process alive only meanwhile. */
function nextMessage(used: Worker, timeoutMs: number, send: () => void): Promise<Message> {
  return new Promise((resolve) => {
    const settle = (message: Message): void => {
      clearTimeout(timer);
      used.off("message", settle).off("error", fail).off("exit", stop);
      used.unref();
      resolve(message);
    };
    const fail = (error: Error): void => settle({ problem: error.message, isLimit: false, isSound: false });
    const stop = (): void => settle({ problem: "the decoder stopped", isLimit: false, isSound: false });
    const timer = setTimeout(() => settle("timeout"), timeoutMs);
    used.ref();
    used.on("message", settle).on("error", fail).on("exit", stop);
    send();
  });
}

function refusal(reply: Hdf5Problem | string, timeoutMs: number, options: Hdf5Options): SpikewrightError {
  const place = options.file === undefined ? {} : { place: { file: options.file } };
  const name = options.file ?? "the file";
  if (typeof reply === "string") {
    return failure({
      code: "hdf5-timeout",
      message: `Cannot read "${name}": decoding took longer than ${timeoutMs} ms`,
      hint: "Check that the file is complete and was not altered",
      ...place,
    });
  }
  return failure({
    code: reply.isLimit ? "hdf5-too-large" : "hdf5-damaged",
    message: `Cannot read "${name}": ${reply.problem}`,
    wanted: reply.isLimit ? "a file within the limits of the reader" : "a complete HDF5 file",
    hint: reply.isLimit
      ? "Save the model without optimizer state and without compression"
      : "Copy or download the file again; it is damaged or incomplete",
    ...place,
  });
}
