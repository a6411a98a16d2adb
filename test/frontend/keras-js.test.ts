import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../src/frontend/bytes/json.js";
import {
  type Case,
  type CaseOutcome,
  graphOf,
  largestError,
  type Numbers,
  readCases,
  runCase,
  tolerance,
} from "./keras-js.js";

const path = "../shared/material/keras-js-fixtures/combined_derived.json";
const hasMaterial = existsSync(path);
if (!hasMaterial) console.warn(`skipped: ${path} is missing`);

/** Activations that the reference computed with parameters of their own. */
const withParameters: ReadonlyMap<string, [layerClass: string, attrs: Record<string, Json>]> = new Map([
  ["activations.elu.3", ["ELU", { alpha: 0.5 }]],
  ["activations.relu.3", ["ReLU", { max_value: 0.5 }]],
  ["activations.relu.4", ["LeakyReLU", { alpha: 0.3 }]],
]);

describe.runIf(hasMaterial)("keras-js fixtures (Keras 2.0 as reference)", () => {
  let cases: readonly Case[];
  beforeAll(() => {
    const { layers, pipelines, graphs } = readCases(path);
    cases = [...layers, ...pipelines, ...graphs];
  });

  it("agree to 1e-4 wherever the layers are supported", async () => {
    const outcomes: CaseOutcome[] = [];
    for (const entry of cases) outcomes.push(await runCase(entry));
    const count = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted).length;
    console.info(`keras-js: ${count("passed")} passed, ${count("unsupported")} unsupported of ${cases.length}`);
    const others = outcomes.filter(({ outcome }) => outcome !== "passed");
    if (others.length > 0) console.info(others.map(({ name, detail }) => `${name}: ${detail}`).join("\n"));
    expect(outcomes.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(count("passed") / cases.length).toBeGreaterThanOrEqual(0.9);
  });

  it("agree on every activation", async () => {
    const activations = JSON.parse(readFileSync(path.replace("combined_derived", "activations"), "utf8")) as Record<
      string,
      { input: Numbers; expected: Numbers }
    >;
    const failed: string[] = [];
    for (const [name, { input, expected }] of Object.entries(activations)) {
      const [layerClass, attrs] = withParameters.get(name) ?? ["Activation", { activation: name.split(".")[1]! }];
      const entry = { name, layerClass, attrs, input, expected };
      const error = await largestError(graphOf(entry), entry);
      if (!(error <= tolerance)) failed.push(`${name}: error ${error}`);
    }
    expect(Object.keys(activations)).toHaveLength(33);
    expect(failed).toEqual([]);
  });

  it("notice a wrong weight", async () => {
    const entry = cases.find(({ name }) => name === "convolutional.Conv2D.0")!;
    const [kernel, ...others] = entry.weights!;
    const altered = { ...kernel!, data: kernel!.data.map((value, i) => (i === 7 ? value + 0.01 : value)) };
    expect(await largestError(graphOf(entry), entry)).toBeLessThanOrEqual(tolerance);
    expect(await largestError(graphOf({ ...entry, weights: [altered, ...others] }), entry)).toBeGreaterThan(tolerance);
  });
});
