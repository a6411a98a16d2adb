import { expect } from "vitest";
import { type Evaluator, openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import { inferShapes } from "../../../src/ann/shape.js";
import { elements, type Tensor } from "../../../src/support/tensor.js";
import { graphOf, type NodeSpec, named, noise } from "../graphs.js";

/** Back-ends that every test runs on; the native one is optional and not installed for tests. */
export const backends = ["wasm", "cpu"] as const;

interface Check {
  readonly inputs: readonly (readonly number[])[];
  /** Results for one sample, by an independent definition. */
  readonly reference: (samples: readonly Tensor[]) => readonly Tensor[];
  readonly seed?: number;
  readonly range?: readonly [low: number, high: number];
  /** Changes the random numbers, e.g. rounds them. */
  readonly shape?: (value: number) => number;
  /** Largest error relative to `1 + |wanted|`; 2e-6 unless told. */
  readonly tolerance?: number;
  readonly batch?: number;
}

/** Evaluates one node on random samples on every back-end and compares with the reference. */
export async function checkNode(spec: NodeSpec, check: Check): Promise<void> {
  const { inputs, reference, seed = 1, range = [-1, 1], tolerance = 2e-6, batch = 3 } = check;
  const samples = Array.from({ length: batch }, (_, sample) =>
    inputs.map((shape, input) => {
      const tensor = noise(shape, seed + 1000 * sample + 7 * input, ...range);
      return check.shape ? { shape, data: tensor.data.map(check.shape) } : tensor;
    }),
  );
  const wanted = samples.map(reference);
  const names = inputs.map((_, input) => `x${input}`);
  const outputs = wanted[0]!.map((_, output) => `y${output}`);
  const values = inputs.map((shape, input) => ({ name: names[input]!, shape }));
  const graph = graphOf(values, [named(spec, "node", names, outputs)], outputs);
  const inferred = inferShapes(graph);
  expect(inferred.findings).toEqual([]);
  const given = Object.fromEntries(names.map((name, input) => [name, stack(samples.map((sample) => sample[input]!))]));
  for (const backend of backends) {
    const evaluator = await openEvaluator(graph, { backend });
    const results = await evaluator.run(given, batch);
    evaluator.dispose();
    for (const [at, name] of outputs.entries()) {
      const result = results.get(name)!;
      expect(result.shape).toEqual([batch, ...wanted[0]![at]!.shape]);
      expect(result.shape.slice(1)).toEqual(inferred.shapes.get(name));
      expectClose(result.data, stack(wanted.map((sample) => sample[at]!)), tolerance, `${backend} ${name}`);
    }
  }
}

/** Samples one behind the other. */
function stack(samples: readonly Tensor[]): Float32Array {
  const size = elements(samples[0]!.shape);
  const data = new Float32Array(size * samples.length);
  for (const [at, sample] of samples.entries()) data.set(sample.data, at * size);
  return data;
}

/** Fails with the first number that differs. */
export function expectClose(found: Float32Array, wanted: Float32Array, tolerance: number, label = ""): void {
  expect(found.length, `${label} length`).toBe(wanted.length);
  for (let at = 0; at < wanted.length; at++) {
    const error = Math.abs(found[at]! - wanted[at]!) / (1 + Math.abs(wanted[at]!));
    if (error <= tolerance || Object.is(found[at], wanted[at])) continue;
    expect.fail(`${label} element ${at}: ${found[at]}, wanted ${wanted[at]} within ${tolerance}`);
  }
}

/** Runs `use` with an evaluator that is disposed afterwards. */
export async function withEvaluator<T>(
  evaluator: Promise<Evaluator>,
  use: (evaluator: Evaluator) => Promise<T>,
): Promise<T> {
  const opened = await evaluator;
  try {
    return await use(opened);
  } finally {
    opened.dispose();
  }
}
