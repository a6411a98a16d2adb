import { createRequire } from "node:module";
import { dirname } from "node:path";
import { failure } from "../../support/diagnostic.js";

/** The TensorFlow.js core library. */
export type Tensorflow = typeof import("@tensorflow/tfjs-core");

/** Back-ends of TensorFlow.js, fastest first: the native library where it is installed, WebAssembly, plain JavaScript. */
export type BackendName = "native" | "wasm" | "cpu";

/** Whether a back-end computes rightly here, and why not. */
export interface BackendProbe {
  readonly backend: BackendName;
  readonly usable: boolean;
  readonly reason?: string;
}

/** Names under which the packages register themselves in TensorFlow.js. */
const registered: Readonly<Record<BackendName, string>> = { native: "tensorflow", wasm: "wasm", cpu: "cpu" };

const order: readonly BackendName[] = ["native", "wasm", "cpu"];

const probes = new Map<BackendName, Promise<BackendProbe>>();

let core: Promise<Tensorflow> | undefined;

/** The library, loaded at the first call; it prints nothing. */
export function tensorflow(): Promise<Tensorflow> {
  core ??= import("@tensorflow/tfjs-core").then((tf) => {
    // The production flag switches off the banner and other console output.
    tf.env().set("PROD", true);
    return tf;
  });
  return core;
}

/** Registers a back-end. Throws where its package cannot be loaded. */
async function load(backend: BackendName): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  if (backend === "native") {
    // The package is optional and has no types here: the name is hidden from the compiler.
    const name: string = "@tensorflow/tfjs-node";
    await import(name);
  } else if (backend === "wasm") {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(`${dirname(resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  } else {
    await import("@tensorflow/tfjs-backend-cpu");
  }
}

/** Loads a back-end and lets it multiply two small matrices; never throws. */
async function probe(backend: BackendName): Promise<BackendProbe> {
  try {
    const tf = await tensorflow();
    await load(backend);
    return await exclusive(backend, () => {
      const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync());
      return product[0] === 11 ? { backend, usable: true } : { backend, usable: false, reason: "wrong product" };
    });
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    return { backend, usable: false, reason: reason ?? "" };
  }
}

/** Whether `backend` works on this machine; found out once. */
export function probeBackend(backend: BackendName): Promise<BackendProbe> {
  const known = probes.get(backend);
  if (known) return known;
  const result = probe(backend);
  probes.set(backend, result);
  return result;
}

/**
 * The back-end to use: the given one, else the fastest that works.
 *
 * @throws `backend-unavailable` where the given one does not work, or none.
 */
export async function chooseBackend(wanted?: BackendName): Promise<BackendName> {
  const reasons: string[] = [];
  for (const backend of wanted ? [wanted] : order) {
    const { usable, reason } = await probeBackend(backend);
    if (usable) return backend;
    reasons.push(`${backend}: ${reason}`);
  }
  throw failure(
    {
      code: "backend-unavailable",
      message: `Cannot evaluate in float: ${reasons.join("; ")}`,
      hint: "Install the packages again with npm ci",
    },
    "tool",
  );
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` with `backend` active. TensorFlow.js has one active back-end for the whole process, so that work is done in
 * turns, and `work` must not wait for anything.
 */
export function exclusive<T>(backend: BackendName, work: () => T): Promise<T> {
  const result = turn.then(async () => {
    const tf = await tensorflow();
    const name = registered[backend];
    if (tf.getBackend() !== name && !(await tf.setBackend(name))) throw new Error(`back-end ${name} does not start`);
    return work();
  });
  turn = result.catch(() => undefined);
  return result;
}
