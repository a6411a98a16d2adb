import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { defaultTimeoutMs, lineSplitter, outputMissing, type ToolEnd, type ToolRun } from "./invocation.js";
import type { ResolvedTool } from "./tool.js";

/** Files of a virtual file system: nested by folder. */
interface Tree {
  [name: string]: Tree | Uint8Array;
}

/**
 * The worker. The tools run synchronously for seconds to minutes, so they get a thread of their own, which
 * `terminate()` ends at once. Plain text, because it has to run both from sources and from compiled code.
 */
const workerText = `
const { parentPort, workerData } = require("node:worker_threads");
const send = (bytes) => { if (bytes) parentPort.postMessage({ output: bytes }); };
const options = { stdout: send, stderr: send, decodeASCII: false };
(async () => {
  const run = (await import(workerData.url))[workerData.run];
  try {
    parentPort.postMessage({ exit: 0, files: await run(workerData.arguments, workerData.files, options) });
  } catch (error) {
    if (typeof error?.code === "number") parentPort.postMessage({ exit: error.code, files: error.files ?? {} });
    else parentPort.postMessage({ exit: String(error?.message ?? error), files: {} });
  }
})();
`;

type Message = { readonly output: Uint8Array } | { readonly exit: number | string; readonly files: Tree };

/** Run a WebAssembly tool on the folder's input files in a worker thread, and write its outputs back. */
export async function runWasm(
  tool: ResolvedTool & { readonly kind: "wasm" },
  run: ToolRun,
  take: (line: string) => void,
): Promise<ToolEnd> {
  const { run: name, before = [] } = tool.tool.wasm!;
  const files = await readTree(run);
  run.signal?.throwIfAborted();
  const data = { url: tool.url, run: name, arguments: [...before, ...run.arguments], files };
  const worker = new Worker(workerText, { eval: true, workerData: data, stdout: true, stderr: true });
  const end = await lifeOf(worker, run, take);
  if (end.exit === 0) await writeOutputs(tool, run, end.files);
  return end;
}

async function lifeOf(
  worker: Worker,
  run: ToolRun,
  take: (line: string) => void,
): Promise<ToolEnd & { readonly files: Tree }> {
  const split = lineSplitter(take);
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => void worker.terminate();
  run.signal?.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise((done) => {
      timer = setTimeout(() => done({ exit: "timeout", files: {} }), run.timeoutMs ?? defaultTimeoutMs);
      worker.on("message", (message: Message) => {
        if ("output" in message) split(message.output);
        else done(message);
      });
      worker.on("error", (error) => done({ exit: error.message, files: {} }));
      worker.on("exit", (code) => done({ exit: `worker ended with ${code}`, files: {} }));
    });
  } finally {
    clearTimeout(timer);
    run.signal?.removeEventListener("abort", stop);
    split(undefined);
    await worker.terminate();
  }
}

async function readTree(run: ToolRun): Promise<Tree> {
  const root: Tree = {};
  for (const input of run.inputs) {
    const parts = input.split("/");
    const file = parts.pop()!;
    let folder = root;
    for (const part of parts) {
      folder[part] ??= {};
      folder = folder[part] as Tree;
    }
    folder[file] = new Uint8Array(await readFile(join(run.folder, input)));
  }
  return root;
}

async function writeOutputs(tool: ResolvedTool, run: ToolRun, files: Tree): Promise<void> {
  for (const output of run.outputs) {
    const content = output
      .split("/")
      .reduce<Tree | Uint8Array | undefined>(
        (at, part) => (at === undefined || at instanceof Uint8Array ? undefined : at[part]),
        files,
      );
    if (!(content instanceof Uint8Array)) throw outputMissing(tool, output);
    await mkdir(dirname(join(run.folder, output)), { recursive: true });
    await writeFile(join(run.folder, output), content);
  }
}
