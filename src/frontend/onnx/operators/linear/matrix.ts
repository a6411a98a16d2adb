import type { Tensor } from "../../../../support/tensor.js";
import { mapConstant } from "../../constant/arithmetic.js";
import { expand, reshape, transpose } from "../../constant/arrangement.js";
import { type Constant, constant, toTensor } from "../../constant/constant.js";
import { arrange, padRank, reshapeValue, runtimeOf } from "../../import/arrange.js";
import { type Call, type Operator, oneSample, runtimeInput } from "../../import/call.js";
import { type Runtime, transposeView } from "../../import/value.js";
import { refuse } from "../../refusal.js";
import { combineValues } from "../elementwise.js";

/** `x * kernel` over the last axis of `x`; kernel `[in, out]`. */
function dense(call: Call, x: Runtime, kernel: Constant, bias?: Tensor): Runtime {
  const last = x.shape.length - 1;
  const axes = [...x.axes.filter((axis) => axis !== last), last];
  const inputs = [arrange(call.build, x, axes)];
  const parameters = { kernel: toTensor(kernel), ...(bias ? { bias } : {}) };
  const stored = call.build.emit({ op: "dense", inputs, ...parameters })[0]!;
  return runtimeOf(call.build, stored, axes, x.shape.length, x.type);
}

function swapped(rank: number): number[] {
  const order = [...Array(rank).keys()];
  return [...order.slice(0, -2), rank - 1, rank - 2];
}

/** The shape without axis `at` counted from the end. */
function without(shape: readonly number[], at: number): number[] {
  return shape.filter((_, axis) => axis !== shape.length - at);
}

/** A constant factor as a matrix, or undefined where it is a stack of several. */
function matrixOf(c: Constant): Constant | undefined {
  const lead = c.shape.slice(0, -2);
  return lead.every((extent) => extent === 1) ? reshape(c, c.shape.slice(-2)) : undefined;
}

/** Both factors; a stack of matrices that a model with a fixed batch repeats for each sample is there once. */
function factorsOf(call: Call): readonly [Constant | Runtime, Constant | Runtime] {
  const [a, b] = call.inputs;
  if (!a || !b || a.kind === "unknown" || b.kind === "unknown") throw refuse("input", "a factor is missing");
  const single = (v: Constant | Runtime, other: Constant | Runtime) => {
    const isStack = v.kind === "constant" && v.shape.length > 2 && v.shape.length === other.shape.length;
    return isStack && other.shape[0] === 1 ? oneSample(call, v, 0) : v;
  };
  return [single(a, b), single(b, a)];
}

/** Matrix product by the rules of NumPy. A constant factor makes a `dense` node. */
export const matMul: Operator = (call) => {
  const [a, b] = factorsOf(call);
  if (a.shape.length === 0 || b.shape.length === 0) throw refuse("shape", "a scalar factor");
  const columns = b.shape.length === 1;
  const row = a.shape.length === 1;
  if (a.kind === "runtime" && b.kind === "constant") {
    const kernel = matrixOf(columns ? reshape(b, [...b.shape, 1]) : b);
    if (kernel) {
      const y = dense(call, row ? a : padRank(a, b.shape.length), kernel);
      return [columns ? reshapeValue(call.build, y, without(y.shape, 1)) : y];
    }
  }
  if (a.kind === "constant" && b.kind === "runtime") {
    const kernel = matrixOf(row ? reshape(a, [1, ...a.shape]) : a);
    if (kernel) {
      const turned = transpose(kernel, [1, 0], call.workspace);
      if (columns) {
        const y = dense(call, b, turned);
        return [row ? reshapeValue(call.build, y, []) : y];
      }
      const x = padRank(b, a.shape.length);
      const y = transposeView(dense(call, transposeView(x, swapped(x.shape.length)), turned), swapped(x.shape.length));
      return [row ? reshapeValue(call.build, y, without(y.shape, 2)) : y];
    }
  }
  return [product(call, row, columns)];
};

/** The product of two values. */
function product(call: Call, row: boolean, columns: boolean): Runtime {
  const [a, b] = [runtimeInput(call, 0), runtimeInput(call, 1)];
  const left = row ? reshapeValue(call.build, a, [1, ...a.shape]) : a;
  const right = columns ? reshapeValue(call.build, b, [...b.shape, 1]) : b;
  const rank = Math.max(left.shape.length, right.shape.length);
  const [x, y] = [padRank(left, rank), padRank(right, rank)];
  const lead = [...Array(rank - 2).keys()].filter((axis) => x.shape[axis] !== 1 || y.shape[axis] !== 1);
  const axes = [...lead, rank - 2, rank - 1];
  const inputs = [arrange(call.build, x, axes), arrange(call.build, y, axes)];
  const fields = { op: "matmul", inputs, transposeFirst: false, transposeSecond: false } as const;
  let result = runtimeOf(call.build, call.build.emit(fields)[0]!, axes, rank, a.type);
  if (columns) result = reshapeValue(call.build, result, without(result.shape, 1));
  if (row) result = reshapeValue(call.build, result, without(result.shape, columns ? 1 : 2));
  return result;
}

/** `alpha * A' * B' + beta * C`. */
const gemm: Operator = (call) => {
  const { attributes, workspace } = call;
  const alpha = attributes.float("alpha", 1);
  const beta = attributes.float("beta", 1);
  const [a, b, c] = call.inputs;
  if (!a || !b || a.kind === "unknown" || b.kind === "unknown" || c?.kind === "unknown") {
    throw refuse("input", "a factor is missing");
  }
  if (a.shape.length !== 2 || b.shape.length !== 2) throw refuse("shape", `factors [${a.shape}] and [${b.shape}]`);
  const turn = (v: Constant | Runtime, turned: boolean) => {
    if (!turned) return v;
    return v.kind === "constant" ? transpose(v, [1, 0], workspace) : transposeView(v, [1, 0]);
  };
  const scaled = (v: Constant, factor: number) => (factor === 1 ? v : mapConstant(v, (x) => x * factor, workspace));
  const left = turn(a, attributes.flag("transA"));
  const right = turn(b, attributes.flag("transB"));
  const perRow = c?.kind === "constant" && c.shape.length === 2 && left.kind === "runtime" && left.shape[0] === 1;
  const bias = c?.kind === "constant" ? scaled(perRow ? oneSample(call, c, 0) : c, beta) : undefined;
  let y: Runtime;
  let isBiased = false;
  if (left.kind === "runtime" && right.kind === "constant") {
    const vector = bias && biasOf(bias, right.shape[1]!, call);
    isBiased = vector !== undefined;
    y = dense(call, left, scaled(right, alpha), vector);
  } else {
    const operands = { ...call, inputs: [left, right] };
    const result = matMul(operands)[0] as Runtime;
    const factor = constant("float32", [], Float32Array.of(alpha));
    y =
      alpha === 1
        ? result
        : combineValues(call, { op: "elementwise", kind: "multiply" }, [result, factor], a.type, "alpha");
  }
  if (!c || isBiased) return [y];
  if (bias) return [combineValues(call, { op: "elementwise", kind: "add" }, [y, bias], y.type, "bias")];
  const factor = constant("float32", [], Float32Array.of(beta));
  const offset =
    beta === 1 ? c : combineValues(call, { op: "elementwise", kind: "multiply" }, [c, factor], y.type, "beta");
  return [combineValues(call, { op: "elementwise", kind: "add" }, [y, offset], y.type, "bias")];
};

/** The constant `c` as a vector of `columns` elements, where it is the same in all rows. */
function biasOf(c: Constant, columns: number, call: Call): Tensor | undefined {
  const rows = c.shape.slice(0, -1);
  if (!rows.every((extent) => extent === 1)) return undefined;
  return toTensor(expand(reshape(c, [c.data.length]), [columns], call.workspace));
}

export const linearOperators: Readonly<Record<string, Operator>> = { ":MatMul": matMul, ":Gemm": gemm };
