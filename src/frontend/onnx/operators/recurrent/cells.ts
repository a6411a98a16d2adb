import type { ActivationFunction, RecurrentCell } from "../../../../ann/graph.js";
import type { Tensor } from "../../../../support/tensor.js";
import type { Attributes } from "../../attributes.js";
import { transpose, window } from "../../constant/arrangement.js";
import { type Constant, toTensor, type Workspace } from "../../constant/constant.js";
import { refuse } from "../../refusal.js";

/** Kind of a recurrent operator. */
export type CellKind = RecurrentCell["kind"];

/** Parameters of a recurrent operator as the model has them. */
export interface RecurrentParameters {
  /** `[directions, gates * units, features]`. */
  readonly weights: Constant;
  /** `[directions, gates * units, units]`. */
  readonly recurrence: Constant;
  /** `[directions, 2 * gates * units]`. */
  readonly bias?: Constant;
  /** `[directions, 3 * units]` in the order i, o, f. */
  readonly peepholes?: Constant;
}

/** Gate order of the graph in terms of that of ONNX: i, o, f, c becomes i, f, c, o; z, r, h stays. */
const gateOrder: Record<CellKind, readonly number[]> = { simple: [0], lstm: [0, 2, 3, 1], gru: [0, 1, 2] };

/** The cell of direction `direction`. */
export function cellOf(
  kind: CellKind,
  parameters: RecurrentParameters,
  direction: number,
  attributes: Attributes,
  workspace: Workspace,
): RecurrentCell {
  const { weights, recurrence, bias, peepholes } = parameters;
  const gates = gateOrder[kind].length;
  const units = weights.shape[1]! / gates;
  const functions = activationsOf(kind, direction, weights.shape[0]!, attributes);
  const clip = attributes.float("clip", 0);
  const resetAfter = kind === "gru" && attributes.flag("linear_before_reset");
  const base = {
    kernel: gateMatrix(kind, weights, direction, workspace),
    recurrentKernel: gateMatrix(kind, recurrence, direction, workspace),
    ...(clip > 0 ? { clip } : {}),
  };
  const halves = bias && biasHalves(kind, bias, direction, units);
  if (kind === "simple") {
    return { kind, ...base, activation: functions[0]!, ...(halves ? { bias: sum(halves, () => true) } : {}) };
  }
  if (kind === "lstm") {
    return {
      kind,
      ...base,
      ...(halves ? { bias: sum(halves, () => true) } : {}),
      recurrentActivation: functions[0]!,
      activation: functions[1]!,
      outputActivation: functions[2]!,
      ...(peepholes ? { peepholes: peepholeRows(peepholes, direction, units) } : {}),
      ...(attributes.flag("input_forget") ? { coupled: true } : {}),
    };
  }
  const isNew = (k: number) => k >= 2 * units;
  const recurrentBias = halves && resetAfter ? { recurrentBias: pick(halves[1], isNew) } : {};
  return {
    kind,
    ...base,
    ...(halves ? { bias: sum(halves, (k) => !(resetAfter && isNew(k))) } : {}),
    ...recurrentBias,
    recurrentActivation: functions[0]!,
    activation: functions[1]!,
    resetAfter,
  };
}

/** `[gates * units, columns]` of one direction, turned and with its gates in the order of the graph. */
function gateMatrix(kind: CellKind, all: Constant, direction: number, workspace: Workspace): Tensor {
  const [, rows, columns] = all.shape as [number, number, number];
  const one = window(all, [direction, 0, 0], [1, rows, columns], [1, 1, 1], workspace);
  const turned = transpose({ ...one, shape: [rows, columns] }, [1, 0], workspace);
  const units = rows / gateOrder[kind].length;
  const data = workspace.allocate("float32", turned.data.length) as Float32Array;
  for (let row = 0; row < columns; row++) {
    gateOrder[kind].forEach((from, to) => {
      const start = row * rows + from * units;
      data.set(turned.data.subarray(start, start + units), row * rows + to * units);
    });
  }
  return { shape: [columns, rows], data };
}

/** Bias of the input and bias of the recurrence, in the gate order of the graph. */
function biasHalves(kind: CellKind, bias: Constant, direction: number, units: number): [Float32Array, Float32Array] {
  const order = gateOrder[kind];
  const rows = order.length * units;
  const half = (start: number) => {
    const data = new Float32Array(rows);
    order.forEach((from, to) => {
      data.set(bias.data.subarray(start + from * units, start + (from + 1) * units), to * units);
    });
    return data;
  };
  return [half(2 * rows * direction), half(2 * rows * direction + rows)];
}

/** Sum of both biases; where `both` fails only that of the input. */
function sum([input, recurrent]: readonly [Float32Array, Float32Array], both: (k: number) => boolean): Tensor {
  return { shape: [input.length], data: input.map((x, k) => (both(k) ? x + recurrent[k]! : x)) };
}

function pick(values: Float32Array, wanted: (k: number) => boolean): Tensor {
  return { shape: [values.length], data: values.map((x, k) => (wanted(k) ? x : 0)) };
}

/** Rows i, f, o from i, o, f. */
function peepholeRows(peepholes: Constant, direction: number, units: number): Tensor {
  const all = toTensor(peepholes).data.subarray(3 * units * direction, 3 * units * (direction + 1));
  const data = new Float32Array(3 * units);
  [0, 2, 1].forEach((from, to) => {
    data.set(all.subarray(from * units, (from + 1) * units), to * units);
  });
  return { shape: [3, units], data };
}

const defaults: Record<CellKind, readonly string[]> = {
  simple: ["Tanh"],
  lstm: ["Sigmoid", "Tanh", "Tanh"],
  gru: ["Sigmoid", "Tanh"],
};

/** Default `alpha` and `beta` of the functions that have them. */
const functionDefaults: Readonly<Record<string, readonly [alpha?: number, beta?: number]>> = {
  affine: [1, 0],
  leakyrelu: [0.01],
  thresholdedrelu: [1],
  scaledtanh: [1, 1],
  hardsigmoid: [0.2, 0.5],
  elu: [1],
};

/** The activation functions of one direction. Each function that has an `alpha` or `beta` takes the next of the lists. */
function activationsOf(
  kind: CellKind,
  direction: number,
  directions: number,
  attributes: Attributes,
): ActivationFunction[] {
  const count = defaults[kind].length;
  const given = attributes.strings("activations") ?? [];
  const names = given.length === 0 ? Array.from({ length: directions }, () => defaults[kind]).flat() : given;
  if (names.length !== count * directions) {
    throw refuse("attribute", `${names.length} activations, wanted ${count * directions}`);
  }
  const alphas = [...(attributes.floats("activation_alpha") ?? [])];
  const betas = [...(attributes.floats("activation_beta") ?? [])];
  const functions = names.map((name) => {
    const [alpha, beta] = functionDefaults[name.toLowerCase()] ?? [];
    return functionOf(
      name,
      alpha === undefined ? 0 : (alphas.shift() ?? alpha),
      beta === undefined ? 0 : (betas.shift() ?? beta),
    );
  });
  return functions.slice(direction * count, (direction + 1) * count);
}

function functionOf(name: string, alpha: number, beta: number): ActivationFunction {
  switch (name.toLowerCase()) {
    case "relu":
      return { kind: "relu", negativeSlope: 0, threshold: 0 };
    case "tanh":
      return { kind: "tanh" };
    case "sigmoid":
      return { kind: "sigmoid" };
    case "affine":
      return { kind: "affine", scale: alpha, offset: beta };
    case "leakyrelu":
      return { kind: "relu", negativeSlope: alpha, threshold: 0 };
    case "thresholdedrelu":
      return { kind: "thresholded-relu", threshold: alpha };
    case "scaledtanh":
      return { kind: "scaled-tanh", scale: alpha, slope: beta };
    case "hardsigmoid":
      return { kind: "hard-sigmoid", slope: alpha, offset: beta };
    case "elu":
      return { kind: "elu", alpha };
    case "softsign":
      return { kind: "softsign" };
    case "softplus":
      return { kind: "softplus" };
    default:
      throw refuse("attribute", `activation "${name}" of a recurrent layer`);
  }
}
