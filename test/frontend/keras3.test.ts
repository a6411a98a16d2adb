import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../src/ann/evaluate/evaluator.js";
import { type LoadOptions, loadModel } from "../../src/frontend/load.js";

// Made by fixtures/make.py; the outputs are those of Keras 3.15.1.
const folder = "test/frontend/fixtures/keras3";

interface Expected {
  readonly inputs: readonly { shape: number[]; data: number[] }[];
  readonly outputs: readonly number[];
  readonly outputShape: readonly number[];
}

const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8")) as Record<string, Expected>;

async function largestError(file: string, network: string, options: LoadOptions = {}): Promise<number> {
  const { inputs, outputs, outputShape } = expected[network]!;
  const graph = await loadModel(`${folder}/${file}`, options);
  const evaluator = await openEvaluator(graph);
  const values = inputs.map(({ shape, data }, i) => [graph.inputs[i]!.name, { shape, data: Float32Array.from(data) }]);
  const found = (await evaluator.run(Object.fromEntries(values), 2)).get(graph.outputs[0]!)!;
  evaluator.dispose();
  expect(found.shape).toEqual(outputShape);
  return outputs.reduce((most, value, i) => Math.max(most, Math.abs(value - found.data[i]!)), 0);
}

describe("networks saved by Keras 3", () => {
  it.each(["cnn", "nested", "recurrent", "words", "frames", "channels_first"])(
    "%s.keras gives the outputs of Keras",
    async (name) => {
      expect(await largestError(`${name}.keras`, name)).toBeLessThan(1e-5);
    },
  );

  it.each(["cnn", "nested", "recurrent", "words", "frames"])("%s.h5 gives the outputs of Keras", async (name) => {
    expect(await largestError(`${name}.h5`, name)).toBeLessThan(1e-5);
  });

  it("weights alone with their topology give the outputs of Keras", async () => {
    const topology = `${folder}/nested.json`;
    expect(await largestError("nested.weights.h5", "nested", { topology })).toBeLessThan(1e-5);
  });
});
