import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import type { Constant } from "../../../src/frontend/onnx/constant/constant.js";
import { decodeModel } from "../../../src/frontend/onnx/proto/decode-model.js";
import { type BatchAxis, importOnnx, type OnnxImport } from "../../../src/frontend/onnx/read.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { readOnnxTensor } from "./read-tensor.js";

/** Which inputs of a case stay inputs of the graph; the others become constants, as weights are in real models. */
export type Binding = "inputs" | "parameters" | "constants";

/** The outcome of one case under one binding. */
export interface Attempt {
  readonly binding: Binding;
  /** `none`: the model as it stands, one evaluation. `first`: the first axis of all inputs and outputs as samples of a batch. */
  readonly batchAxis: BatchAxis;
  readonly outcome: "passed" | "unsupported" | "failed";
  /** Code of what is not supported, or what differs. */
  readonly detail: string;
  /** Whether the evaluator computed a result; else the reader folded all of it. */
  readonly evaluated: boolean;
}

export interface CaseResult {
  readonly name: string;
  readonly operators: readonly string[];
  readonly relevant: boolean;
  /** `failed` when any attempt failed, else `passed` when any passed. */
  readonly outcome: "passed" | "unsupported" | "failed";
  readonly detail: string;
  readonly attempts: readonly Attempt[];
}

/**
 * A case is relevant when every operator of its model is in this list and its inputs and outputs are tensors of numbers
 * with at most two spatial axes: what networks for the supported boards are made of.
 */
export const relevantOperators: ReadonlySet<string> = new Set(
  [
    "Identity Constant ConstantOfShape Range Shape Size Cast CastLike Where Expand Tile",
    "Reshape Flatten Transpose Squeeze Unsqueeze Concat Split Slice Gather Pad",
    "MatMul Gemm Conv ConvTranspose MaxPool AveragePool GlobalMaxPool GlobalAveragePool",
    "BatchNormalization LayerNormalization InstanceNormalization GroupNormalization LRN",
    "Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu HardSigmoid HardSwish Mish Gelu Clip Sigmoid Tanh Softplus Softsign",
    "Exp Log Sqrt Abs Neg Floor Ceil Round Sign Reciprocal Erf Sin Cos Softmax LogSoftmax Dropout",
    "Add Sub Mul Div Pow Mod Min Max Sum Mean And Or Not Xor Equal Greater GreaterOrEqual Less LessOrEqual",
    "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp",
    "ArgMax ArgMin Resize Upsample RNN LSTM GRU",
    "QuantizeLinear DequantizeLinear QLinearConv QLinearMatMul ConvInteger MatMulInteger DynamicQuantizeLinear",
  ].flatMap((line) => line.split(" ")),
);

/** Element types by code that a network on integers or float32 has no use for: string, complex, float8, float4. */
const irrelevantTypes = new Set([8, 14, 15, 17, 18, 19, 20, 23, 24]);

const relative = 1e-3;
const absolute = 1e-7;

/** Folders of the cases of a suite, in alphabetical order. */
export function listCases(suite: string): readonly string[] {
  return readdirSync(suite)
    .filter((name) => existsSync(join(suite, name, "model.onnx")))
    .sort()
    .map((name) => join(suite, name));
}

/** Run every case of the suites `node` and `simple` below `root`. */
export async function runSuites(root: string): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const suite of ["node", "simple"]) {
    for (const folder of listCases(join(root, suite))) results.push(await runCase(folder));
  }
  return results;
}

/** What came out, in one table. */
export function tabulate(results: readonly CaseResult[]): string {
  const row = (name: string, cases: readonly CaseResult[]) => {
    const count = (test: (result: CaseResult) => boolean) => String(cases.filter(test).length).padStart(12);
    const passed = (result: CaseResult) => result.outcome === "passed";
    return [
      name.padEnd(10),
      String(cases.length).padStart(6),
      count(passed),
      count((result) => passed(result) && result.attempts.some(({ evaluated }) => evaluated)),
      count(
        (result) => passed(result) && result.attempts.some((a) => a.batchAxis === "first" && a.outcome === "passed"),
      ),
      count(({ outcome }) => outcome === "unsupported"),
      count(({ outcome }) => outcome === "failed"),
    ].join("");
  };
  const head = [
    "cases".padStart(16),
    ...["passed", "evaluated", "as batch", "unsupported", "failed"].map((t) => t.padStart(12)),
  ];
  const reasons = new Map<string, number>();
  for (const { outcome, detail } of results) {
    if (outcome === "unsupported") reasons.set(detail, (reasons.get(detail) ?? 0) + 1);
  }
  const listed = [...reasons].sort((a, b) => b[1] - a[1]).map(([code, times]) => `  ${code}: ${times}`);
  const relevant = results.filter((result) => result.relevant);
  return [head.join(""), row("relevant", relevant), row("all", results), "unsupported, by code:", ...listed].join("\n");
}

/** Run one case of the ONNX backend tests under every binding. */
export async function runCase(folder: string): Promise<CaseResult> {
  const bytes = new Uint8Array(readFileSync(join(folder, "model.onnx")));
  const model = decodeModel(bytes);
  const operators = [...new Set(model.graph.nodes.map(({ operator }) => operator))];
  const values = [...model.graph.inputs, ...model.graph.outputs];
  const relevant =
    operators.every((operator) => relevantOperators.has(operator)) &&
    values.every(({ elementCode }) => elementCode !== 0 && !irrelevantTypes.has(elementCode)) &&
    !isVolumetric(operators, model.graph.inputs[0]?.dims?.length ?? 0);
  const attempts: Attempt[] = [];
  for (const binding of ["inputs", "parameters", "constants"] as const) {
    attempts.push(await attempt(folder, bytes, binding, "none"));
  }
  for (const binding of ["inputs", "parameters"] as const) {
    const result = await attempt(folder, bytes, binding, "first");
    if (result.detail !== noBatch) attempts.push(result);
  }
  const failed = attempts.find(({ outcome }) => outcome === "failed");
  const decisive = failed ?? attempts.find(({ outcome }) => outcome === "passed") ?? attempts[0]!;
  const name = folder.split("/").at(-1)!;
  return { name, operators, relevant, outcome: decisive.outcome, detail: decisive.detail, attempts };
}

/** Three spatial axes are out of scope. */
function isVolumetric(operators: readonly string[], rank: number): boolean {
  return rank > 4 && operators.some((operator) => /Conv|Pool|Resize|Upsample/.test(operator));
}

/** Says that the inputs and outputs of a case have no first axis in common. */
const noBatch = "no-batch";

async function attempt(folder: string, bytes: Uint8Array, binding: Binding, batchAxis: BatchAxis): Promise<Attempt> {
  let evaluated = false;
  const ended = (outcome: Attempt["outcome"], detail: string): Attempt => {
    return { binding, batchAxis, outcome, detail, evaluated };
  };
  try {
    for (const set of readdirSync(folder).filter((name) => name.startsWith("test_data_set_"))) {
      const tensors = (kind: string) => readTensors(join(folder, set), kind);
      const expected = tensors("output");
      const batch = batchAxis === "first" ? commonBatch(tensors("input"), expected, binding) : 1;
      if (batch === undefined) return ended("unsupported", noBatch);
      const result = await compute(bytes, tensors("input"), binding, batchAxis, batch);
      if (typeof result === "string") return ended("unsupported", result);
      evaluated ||= result.evaluated;
      for (const [k, output] of result.values.entries()) {
        const difference = compare(output, expected[k]!);
        if (difference) return ended("failed", `output ${k}: ${difference}`);
      }
    }
    return ended("passed", "");
  } catch (error) {
    if (error instanceof SpikewrightError) return ended("unsupported", error.diagnostics[0]!.code);
    if (error instanceof Error && error.name === "Refusal") return ended("unsupported", "element-type");
    return ended("failed", String(error instanceof Error ? error.stack : error));
  }
}

/** Number of inputs that stay inputs of the graph. */
function freeInputs(inputs: readonly Constant[], binding: Binding): number {
  return binding === "inputs" ? inputs.length : binding === "parameters" ? 1 : 0;
}

/** The extent of at least 2 that the first axes of all inputs and outputs have in common. */
function commonBatch(inputs: readonly Constant[], outputs: readonly Constant[], binding: Binding): number | undefined {
  const extents = [...inputs.slice(0, freeInputs(inputs, binding)), ...outputs].map(({ shape }) => shape[0]);
  const [first] = extents;
  return first !== undefined && first >= 2 && extents.every((extent) => extent === first) ? first : undefined;
}

function readTensors(folder: string, kind: string): Constant[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${kind}_`) && name.endsWith(".pb"));
  return names
    .sort((a, b) => Number.parseInt(a.split("_")[1]!, 10) - Number.parseInt(b.split("_")[1]!, 10))
    .map((name) => readOnnxTensor(new Uint8Array(readFileSync(join(folder, name)))));
}

/** A result: shape and element type as the reader states them, and numbers. */
interface Result {
  readonly type: string | undefined;
  readonly shape: readonly number[] | undefined;
  readonly data: ArrayLike<number>;
}

/** The outputs of a model, or the code of what is not supported. */
async function compute(
  bytes: Uint8Array,
  inputs: readonly Constant[],
  binding: Binding,
  batchAxis: BatchAxis,
  batch: number,
): Promise<string | { readonly evaluated: boolean; readonly values: readonly Result[] }> {
  const { graph } = decodeModel(bytes);
  const first = freeInputs(inputs, binding);
  const known = new Map(inputs.slice(first).map((tensor, k) => [graph.inputs[k + first]!.name, tensor]));
  const model = importOnnx(bytes, {}, { batchAxis, known });
  if (model.refused.length > 0) return model.refused[0]!.code;
  if (batchAxis === "none" && model.outputs.every((output) => output.constant)) {
    return {
      evaluated: false,
      values: model.outputs.map(({ type, shape, constant }) => ({ type, shape, data: constant!.data })),
    };
  }
  if (batchAxis === "first" && model.outputs.some((output) => output.constant)) return noBatch;
  if (model.graph.inputs.length === 0) return "no-input";
  const samples = Object.fromEntries(
    model.graph.inputs.map(({ name }) => {
      const tensor = inputs[graph.inputs.findIndex((input) => input.name === name)]!;
      const shape = batchAxis === "first" ? tensor.shape : [1, ...tensor.shape];
      return [name, { shape, data: Float32Array.from(tensor.data) }];
    }),
  );
  return { evaluated: true, values: await evaluate(model, samples, batch) };
}

async function evaluate(
  model: OnnxImport,
  samples: Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>,
  batch: number,
): Promise<Result[]> {
  const evaluator = await openEvaluator(model.graph);
  try {
    const results = await evaluator.run(samples, batch);
    return model.outputs.map(({ name, type, shape }) => {
      const all = batch > 1 && shape?.[0] === 1 ? [batch, ...shape.slice(1)] : shape;
      return { type, shape: all, data: results.get(name)!.data };
    });
  } finally {
    evaluator.dispose();
  }
}

/** What differs between a result and the expected tensor, or undefined. */
function compare(result: Result, expected: Constant): string | undefined {
  const open = result.shape?.map((extent, axis) => (extent === -1 ? expected.shape[axis] : extent));
  if (open?.join() !== expected.shape.join()) return `shape [${result.shape}], expected [${expected.shape}]`;
  if (result.type !== expected.type) return `type ${result.type}, expected ${expected.type}`;
  if (result.data.length !== expected.data.length) return `${result.data.length} numbers`;
  for (let k = 0; k < expected.data.length; k++) {
    const [x, y] = [result.data[k]!, expected.data[k]!];
    const close = Object.is(x, y) || x === y || Math.abs(x - y) <= absolute + relative * Math.abs(y);
    if (!close && !(Number.isNaN(x) && Number.isNaN(y))) return `element ${k} is ${x}, expected ${y}`;
  }
  return undefined;
}
