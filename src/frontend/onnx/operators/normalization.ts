import type { Tensor } from "../../../support/tensor.js";
import { type Constant, toTensor } from "../constant/constant.js";
import { normalAxis } from "../constant/strides.js";
import { alignConstant, arrange, runtimeOf } from "../import/arrange.js";
import {
  type Call,
  constantInput,
  likeValue,
  type Operator,
  optionalConstant,
  refuseOutputs,
  runtimeInput,
} from "../import/call.js";
import { channelsLast } from "../import/per-sample.js";
import type { Runtime, Value } from "../import/value.js";
import { refuse } from "../refusal.js";
import { activate } from "./activation.js";
import { combineValues, scalar } from "./elementwise.js";
import { reduceValue } from "./reduce.js";

/** The value with axis 1 stored last. */
function channelLast(call: Call, x: Runtime): { readonly stored: string; readonly axes: readonly number[] } {
  if (x.shape.length < 2) throw refuse("shape", `a value of shape [${x.shape}] without channels`);
  const axes = [...x.axes.filter((axis) => axis !== 1), 1];
  return { stored: arrange(call.build, x, axes), axes };
}

function vector(c: Constant, channels: number, what: string): Tensor {
  if (c.data.length !== channels)
    throw refuse("shape", `${what} of ${c.data.length} elements for ${channels} channels`);
  return { ...toTensor(c), shape: [channels] };
}

const batchNorm: Operator = (call) => {
  if (call.attributes.flag("training_mode") || !call.attributes.flag("spatial", true)) {
    throw refuse("training", "batch normalisation in training mode or per element", "Export in inference mode");
  }
  refuseOutputs(call, 1, "statistics");
  const x = runtimeInput(call, 0);
  const { stored, axes } = channelLast(call, x);
  const channels = x.shape[1]!;
  const parameter = (k: number, what: string) => vector(constantInput(call, k, what), channels, what);
  const result = call.build.emit({
    op: "batch-norm",
    inputs: [stored],
    scale: parameter(1, "the scale"),
    offset: parameter(2, "the offset"),
    mean: parameter(3, "the mean"),
    variance: parameter(4, "the variance"),
    epsilon: call.attributes.float("epsilon", Math.fround(1e-5)),
  })[0]!;
  return [runtimeOf(call.build, result, axes, x.shape.length, x.type)];
};

/** Instance normalisation is group normalisation with one channel a group. */
const groupNorm =
  (groupsOf: (call: Call, channels: number) => number): Operator =>
  (call) => {
    const x = runtimeInput(call, 0);
    const channels = x.shape[1] ?? 0;
    const groups = groupsOf(call, channels);
    const scale = perChannel(constantInput(call, 1, "the scale"), channels, groups);
    const offset = perChannel(constantInput(call, 2, "the offset"), channels, groups);
    const epsilon = call.attributes.float("epsilon", Math.fround(1e-5));
    return [
      channelsLast(
        call,
        x,
        (emit, inputs) => emit({ op: "group-norm", inputs, groups, scale, offset, epsilon }),
        [1, 2, 3],
      ),
    ];
  };

/** One number a channel; version 18 of group normalisation has one a group. */
function perChannel(c: Constant, channels: number, groups: number): Tensor {
  if (c.data.length === channels || c.data.length !== groups) return vector(c, channels, "the scale or offset");
  const data = Float32Array.from({ length: channels }, (_, k) => c.data[Math.floor((k * groups) / channels)]!);
  return { shape: [channels], data };
}

const layerNorm: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const rank = x.shape.length;
  const from = normalAxis(call.attributes.int("axis", -1), rank);
  const epsilon = call.attributes.float("epsilon", Math.fround(1e-5));
  const axes = x.axes.flatMap((axis, k) => (axis >= from ? [k] : []));
  const align = (c: Constant | undefined, scale: boolean) =>
    c ? { [scale ? "scale" : "offset"]: alignConstant(c, rank, x.axes, call.workspace) } : {};
  const fields = {
    ...align(constantInput(call, 1, "the scale"), true),
    ...align(optionalConstant(call, 2, "the offset"), false),
  };
  const y = likeValue(x, call.build.emit({ op: "layer-norm", inputs: [x.stored], axes, ...fields, epsilon })[0]!);
  if (!call.isUsed(1) && !call.isUsed(2)) return [y];
  return [y, ...statistics(call, x, [...x.shape.keys()].slice(from), epsilon)];
};

/** Mean and inverse standard deviation over `axes`, as `LayerNormalization` gives them. */
function statistics(call: Call, x: Runtime, axes: readonly number[], epsilon: number): Value[] {
  const mean = reduceValue(call, x, "mean", axes, true, "mean");
  const centred = combineValues(call, { op: "elementwise", kind: "subtract" }, [x, mean], x.type, "centred");
  const squares = combineValues(call, { op: "elementwise", kind: "multiply" }, [centred, centred], x.type, "squares");
  const variance = reduceValue(call, squares, "mean", axes, true, "variance");
  const shifted = combineValues(
    call,
    { op: "elementwise", kind: "add" },
    [variance, scalar(epsilon)],
    x.type,
    "shifted",
  );
  const deviation = activate(call, shifted, { kind: "sqrt" }, "deviation");
  return [mean, activate(call, deviation, { kind: "reciprocal" }, "inverse")];
}

const localResponseNorm: Operator = (call) => {
  const { attributes } = call;
  const x = runtimeInput(call, 0);
  const node = {
    op: "local-response-norm",
    size: attributes.int("size"),
    alpha: attributes.float("alpha", Math.fround(1e-4)),
    beta: attributes.float("beta", 0.75),
    bias: attributes.float("bias", 1),
  } as const;
  const { stored, axes } = channelLast(call, x);
  return [runtimeOf(call.build, call.build.emit({ ...node, inputs: [stored] })[0]!, axes, x.shape.length, x.type)];
};

/** `LpNormalization` with p 1 or 2, `x / norm(x)` along an axis. */
const lpNorm: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const p = call.attributes.int("p", 2);
  if (p !== 1 && p !== 2) throw refuse("attribute", `norm ${p}`);
  const axis = normalAxis(call.attributes.int("axis", -1), x.shape.length);
  const norm = reduceValue(call, x, p === 1 ? "l1" : "l2", [axis], true, "norm");
  return [combineValues(call, { op: "elementwise", kind: "divide" }, [x, norm], x.type)];
};

export const normalizationOperators: Readonly<Record<string, Operator>> = {
  ":BatchNormalization": batchNorm,
  ":InstanceNormalization": groupNorm((_, channels) => channels),
  ":GroupNormalization": groupNorm(({ attributes }) => attributes.int("num_groups")),
  ":LayerNormalization": layerNorm,
  ":LRN": localResponseNorm,
  ":LpNormalization": lpNorm,
};
