import type { Tensor } from "../../src/support/tensor.js";
import { chain, type NodeSpec, noise, relu } from "./graphs.js";

const one = (value: number): Tensor => ({ shape: [], data: Float32Array.of(value) });

/** A legal node of every operator with the shapes of its inputs. */
export const operators: readonly {
  readonly spec: NodeSpec;
  readonly inputs: readonly (readonly number[])[];
  readonly outputs?: number;
}[] = [
  { spec: { op: "dense", kernel: noise([4, 3], 1), bias: noise([3], 2) }, inputs: [[4]] },
  {
    spec: {
      op: "conv",
      kernel: noise([3, 2, 2, 4], 3),
      bias: noise([4], 4),
      strides: [2, 1],
      padding: [
        [1, 0],
        [0, 1],
      ],
      dilations: [1, 2],
      groups: 2,
    },
    inputs: [[6, 5, 4]],
  },
  {
    spec: {
      op: "conv-transpose",
      kernel: noise([2, 3, 4], 5),
      strides: [2],
      padding: [[0, 1]],
      outputPadding: [1],
      dilations: [1],
      groups: 1,
    },
    inputs: [[5, 4]],
  },
  {
    spec: { op: "matmul", transposeFirst: false, transposeSecond: true },
    inputs: [
      [2, 3],
      [4, 3],
    ],
  },
  { spec: { op: "embedding", table: noise([5, 2], 6) }, inputs: [[3]] },
  { spec: { op: "batch-norm", mean: noise([3], 7), variance: noise([3], 8, 0.5, 1), epsilon: 1e-3 }, inputs: [[2, 3]] },
  { spec: { op: "layer-norm", axes: [1], scale: noise([3], 9), epsilon: 1e-3 }, inputs: [[2, 3]] },
  { spec: { op: "group-norm", groups: 2, offset: noise([4], 10), epsilon: 1e-3 }, inputs: [[3, 4]] },
  { spec: { op: "local-response-norm", size: 3, alpha: 1, beta: 0.5, bias: 1 }, inputs: [[2, 4]] },
  { spec: { op: "activation", function: { kind: "prelu", slope: noise([3], 11) } }, inputs: [[2, 3]] },
  { spec: { op: "activation", function: { ...relu, maxValue: 6 } }, inputs: [[2, 3]] },
  { spec: { op: "activation", function: { kind: "clip", min: -1, max: 1 } }, inputs: [[3]] },
  { spec: { op: "activation", function: { kind: "selu", alpha: 1.6, scale: 1.05 } }, inputs: [[3]] },
  { spec: { op: "softmax", axis: 1, log: false }, inputs: [[2, 3]] },
  {
    spec: {
      op: "pool",
      kind: "max",
      size: [2, 3],
      strides: [2, 1],
      padding: [
        [0, 1],
        [1, 1],
      ],
      includePadding: false,
    },
    inputs: [[4, 5, 2]],
  },
  { spec: { op: "global-pool", kind: "average", keepDims: false }, inputs: [[3, 2, 4]] },
  {
    spec: { op: "upsample", mode: "linear", scales: [2, 1.5], coordinates: "half-pixel", rounding: "floor" },
    inputs: [[3, 4, 2]],
  },
  { spec: { op: "reshape", shape: [3, -1] }, inputs: [[2, 6]] },
  { spec: { op: "transpose", permutation: [1, 0] }, inputs: [[2, 3]] },
  {
    spec: {
      op: "pad",
      padding: [
        [1, 0],
        [2, 1],
      ],
      value: 0,
      mode: "reflect",
    },
    inputs: [[3, 4]],
  },
  {
    spec: { op: "concat", axis: 1 },
    inputs: [
      [2, 3],
      [2, 1],
    ],
  },
  { spec: { op: "slice", axes: [0, 1], starts: [0, -1], ends: [2, -4], steps: [1, -2] }, inputs: [[3, 4]] },
  { spec: { op: "split", axis: 0, sizes: [1, 2] }, inputs: [[3, 2]], outputs: 2 },
  { spec: { op: "gather", axis: 0, indices: { shape: [2], data: Float32Array.of(1, -1) } }, inputs: [[3, 2]] },
  { spec: { op: "expand", shape: [2, 3] }, inputs: [[3]] },
  { spec: { op: "tile", repeats: [2, 2] }, inputs: [[2, 3]] },
  { spec: { op: "elementwise", kind: "add" }, inputs: [[2, 3], [3]] },
  { spec: { op: "elementwise", kind: "power", constant: one(2) }, inputs: [[3]] },
  { spec: { op: "compare", kind: "greater", constant: noise([3], 12) }, inputs: [[2, 3]] },
  { spec: { op: "where" }, inputs: [[3], [2, 3], [1]] },
  { spec: { op: "reduce", kind: "mean", axes: [1], keepDims: true }, inputs: [[2, 3]] },
  { spec: { op: "arg", kind: "max", axis: 0, keepDims: false }, inputs: [[4]] },
  {
    spec: {
      op: "quant",
      scale: one(0.5),
      zeroPoint: one(1),
      bitWidth: one(4),
      signed: true,
      narrow: false,
      rounding: "half-even",
      result: "real",
    },
    inputs: [[2, 3]],
  },
  { spec: { op: "bipolar-quant", scale: one(0.5) }, inputs: [[2, 3]] },
  {
    spec: {
      op: "multi-threshold",
      thresholds: { shape: [2, 3], data: Float32Array.of(-1, 0, 1, 0, 0, 2) },
      outScale: 1,
      outBias: 0,
    },
    inputs: [[3, 2]],
  },
  {
    spec: {
      op: "recurrent",
      forward: {
        kind: "lstm",
        kernel: noise([3, 8], 13),
        recurrentKernel: noise([2, 8], 14),
        bias: noise([8], 15),
        peepholes: noise([3, 2], 16),
        activation: { kind: "tanh" },
        recurrentActivation: { kind: "sigmoid" },
        clip: 3,
      },
      backward: {
        kind: "lstm",
        kernel: noise([3, 8], 17),
        recurrentKernel: noise([2, 8], 18),
        activation: { kind: "tanh" },
        recurrentActivation: { kind: "sigmoid" },
      },
      merge: "none",
      returnSequences: true,
      returnState: true,
    },
    inputs: [[5, 3], [2], [2], [2], [2]],
    outputs: 6,
  },
  {
    spec: {
      op: "recurrent",
      backward: {
        kind: "gru",
        kernel: noise([3, 6], 19),
        recurrentKernel: noise([2, 6], 20),
        recurrentBias: noise([6], 21),
        resetAfter: true,
        activation: { kind: "tanh" },
        recurrentActivation: { kind: "hard-sigmoid", slope: 0.2, offset: 0.5 },
      },
      merge: "concat",
      returnSequences: false,
      returnState: false,
    },
    inputs: [[4, 3]],
  },
  { spec: { op: "time-distributed", body: chain([3], { op: "activation", function: relu }) }, inputs: [[4, 3]] },
  { spec: { op: "constant", value: noise([2], 22) }, inputs: [] },
  { spec: { op: "identity" }, inputs: [[2]] },
];
