import { Worker } from "node:worker_threads";
import { failure } from "../../support/diagnostic.js";
import type { BatchRunner } from "./machine.js";

/**
 * The worker that holds the module. Batches run for seconds, so the module gets a thread of its own. Plain text, because
 * it has to run both from sources and from compiled code. Of the WASI calls of the C++ runtime
 * only those that a print needs do anything.
 */
const workerText = `
const { parentPort, workerData } = require("node:worker_threads");
let memory;
const known = {
  proc_exit: (code) => { throw new Error("the simulation ended with " + code); },
  // what the design prints is dropped
  fd_write: (file, list, count, written) => {
    const view = new DataView(memory.buffer);
    let size = 0;
    for (let i = 0; i < count; i++) size += view.getUint32(list + 8 * i + 4, true);
    view.setUint32(written, size, true);
    return 0;
  },
};
const system = new Proxy(known, { get: (_, name) => known[name] ?? (() => 52) });
(async () => {
  const { instance } = await WebAssembly.instantiate(workerData, { wasi_snapshot_preview1: system, env: system });
  const { _initialize, batch_space, batch_run, batch_answers } = instance.exports;
  memory = instance.exports.memory;
  _initialize();
  parentPort.on("message", (words) => {
    try {
      const space = batch_space(words.length);
      new Uint32Array(memory.buffer, space, words.length).set(words);
      const size = batch_run();
      const answers = new Uint32Array(memory.buffer, batch_answers(), size).slice();
      parentPort.postMessage(answers, [answers.buffer]);
    } catch (error) {
      parentPort.postMessage(String(error.message ?? error));
    }
  });
})();
`;

/** Start a module that `cxxrtl.ts` compiled. */
export function startWasm(module: Uint8Array): BatchRunner {
  const worker = new Worker(workerText, { eval: true, workerData: module });
  let waiting: { readonly resolve: (words: Uint32Array) => void; readonly reject: (error: Error) => void } | undefined;
  let ended: string | undefined;
  const end = (how: string): void => {
    ended ??= how;
    waiting?.reject(simulationEnded(ended));
    waiting = undefined;
  };
  worker.on("message", (message: Uint32Array | string) => {
    if (typeof message === "string") return end(message);
    waiting?.resolve(message);
    waiting = undefined;
  });
  worker.on("error", (error) => end(error.message));
  worker.on("exit", (code) => end(`exit code ${code}`));
  return {
    run(words) {
      if (ended !== undefined) return Promise.reject(simulationEnded(ended));
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        worker.postMessage(words.slice());
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}

function simulationEnded(how: string): Error {
  return failure(
    {
      code: "simulation-ended",
      message: `Cannot simulate with cxxrtl: it ended with ${how}, wanted answers`,
      place: { item: "cxxrtl" },
      found: how,
    },
    "tool",
  );
}
