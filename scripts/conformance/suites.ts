import { existsSync } from "node:fs";
import { type Case, readCases, runCase as runKerasJs } from "../../test/frontend/keras-js.js";
import { listCases, runCase as runOnnx } from "../../test/frontend/onnx/conformance.js";

/** One case of a suite: passed, refused with a reason, or wrong. */
export interface Outcome {
  readonly name: string;
  readonly outcome: "passed" | "unsupported" | "failed";
  /** Code or reason of what is not supported, or what differs. */
  readonly detail: string;
}

/** What came of a suite. */
export interface SuiteResult {
  readonly name: string;
  /** Share of cases that must pass, 0..1. */
  readonly bar: number;
  readonly outcomes: readonly Outcome[];
}

/** Suites of cases that other projects keep for their own readers. */
export interface Material {
  /** Folder with `node` and `simple` of the ONNX backend tests. */
  readonly onnx: string;
  /** JSON file of the keras-js fixtures. */
  readonly kerasJs: string;
}

/** Where the suites lie below a folder of material. */
export function materialBelow(folder: string): Material {
  return {
    onnx: `${folder}/onnx-backend-tests`,
    kerasJs: `${folder}/keras-js-fixtures/combined_derived.json`,
  };
}

/** Paths of the material that are not there. */
export function missingMaterial({ onnx, kerasJs }: Material): readonly string[] {
  return [onnx, kerasJs].filter((path) => !existsSync(path));
}

/** Runs every case. `onDone` hears of each that is done. */
export async function runAll(material: Material, onDone?: () => void): Promise<readonly SuiteResult[]> {
  const node = await each(listCases(`${material.onnx}/node`), runOnnx, onDone);
  const simple = await each(listCases(`${material.onnx}/simple`), runOnnx, onDone);
  const cases = readCases(material.kerasJs);
  const keras = async (list: readonly Case[]): Promise<readonly Outcome[]> => await each(list, runKerasJs, onDone);
  return [
    { name: "ONNX node tests, relevant", bar: 0.8, outcomes: node.filter(({ relevant }) => relevant) },
    { name: "ONNX node tests, all", bar: 0, outcomes: node },
    { name: "ONNX simple models", bar: 0, outcomes: simple },
    { name: "keras-js layers", bar: 0.9, outcomes: await keras(cases.layers) },
    { name: "keras-js pipelines", bar: 0.9, outcomes: await keras(cases.pipelines) },
    { name: "keras-js graphs", bar: 0.9, outcomes: await keras(cases.graphs) },
  ];
}

async function each<T, R>(list: readonly T[], run: (entry: T) => Promise<R>, onDone?: () => void): Promise<R[]> {
  const results: R[] = [];
  for (const entry of list) {
    results.push(await run(entry));
    onDone?.();
  }
  return results;
}
