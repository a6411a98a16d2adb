import type { ActivationFunction, ReduceNode } from "../../../ann/graph.js";
import { scalarOf } from "../constant/constant.js";
import { normalAxes, normalAxis } from "../constant/strides.js";
import { arrange, reshapeValue, runtimeOf } from "../import/arrange.js";
import {
  type Call,
  constantInput,
  integersOf,
  type Operator,
  refuseAcrossSamples,
  runtimeInput,
} from "../import/call.js";
import type { Runtime } from "../import/value.js";
import { refuse } from "../refusal.js";
import { activate, pass } from "./activation.js";
import { poolGlobally } from "./pool/pool.js";

/** Fold `axes` to one element each. `part` as for `Builder.emit`. */
export function reduceValue(
  call: Call,
  x: Runtime,
  kind: ReduceNode["kind"],
  axes: readonly number[],
  keepDims: boolean,
  part?: string,
): Runtime {
  const rank = x.shape.length;
  refuseAcrossSamples(call, x, axes);
  const empty = axes.find((axis) => x.shape[axis] === 0);
  if (empty !== undefined) throw refuse("shape", `axis ${empty} of [${x.shape}] without elements`);
  const nodeAxes = x.axes.flatMap((axis, k) => (axes.includes(axis) ? [k] : []));
  const fields = { op: "reduce", inputs: [x.stored], kind, axes: nodeAxes, keepDims: false } as const;
  const kept = x.axes.filter((axis) => !axes.includes(axis));
  const y = runtimeOf(call.build, call.build.emit(fields, part)[0]!, kept, rank, x.type);
  if (keepDims) return y;
  return reshapeValue(
    call.build,
    y,
    y.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

const reduce =
  (kind: ReduceNode["kind"]): Operator =>
  (call) => {
    const x = runtimeInput(call, 0);
    const given = integersOf(call, "axes", 1);
    const keepDims = call.attributes.flag("keepdims", true);
    if ((!given || given.length === 0) && call.attributes.flag("noop_with_empty_axes")) {
      if (kind === "sum" || kind === "mean" || kind === "max" || kind === "min" || kind === "product")
        return [pass(call, x)];
      throw refuse("attribute", "noop_with_empty_axes");
    }
    const all = [...x.shape.keys()];
    const axes = given && given.length > 0 ? normalAxes(given, x.shape.length) : all;
    if (isGlobalPool(x, kind, axes)) {
      const y = poolGlobally(call, x, kind === "mean" ? "average" : "max");
      return [
        keepDims
          ? y
          : reshapeValue(
              call.build,
              y,
              y.shape.filter((_, axis) => !axes.includes(axis)),
            ),
      ];
    }
    return [reduceValue(call, x, kind, axes, keepDims)];
  };

/** Mean or maximum over the spatial axes of an image or signal that is stored channels last. */
function isGlobalPool(x: Runtime, kind: ReduceNode["kind"], axes: readonly number[]): boolean {
  const spatial = [...x.shape.keys()].slice(2);
  const isSpatial =
    spatial.length > 0 && spatial.length === axes.length && spatial.every((axis) => axes.includes(axis));
  return (kind === "mean" || kind === "max") && isSpatial && x.axes.at(-1) === 1 && x.shape[0] === 1;
}

/** `log(sum |x|)`: a sum and a logarithm. */
const logSum: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const given = integersOf(call, "axes", 1);
  const axes = given && given.length > 0 ? normalAxes(given, x.shape.length) : [...x.shape.keys()];
  const sum = reduceValue(call, x, "sum", axes, call.attributes.flag("keepdims", true), "sum");
  return [activate(call, sum, { kind: "log" })];
};

const arg =
  (kind: "max" | "min"): Operator =>
  (call) => {
    const x = runtimeInput(call, 0);
    const axis = normalAxis(call.attributes.int("axis", 0), x.shape.length);
    refuseAcrossSamples(call, x, [axis]);
    const { axes, stored } = withAxis(call, x, axis);
    const at = axes.indexOf(axis);
    const isLast = call.attributes.flag("select_last_index");
    if (isLast && x.shape[axis] === -1) throw refuse("open-extent", "the last index of an open extent");
    const inputs = [isLast ? reversed(call, stored, at) : stored];
    const index = call.build.emit(
      { op: "arg", inputs, kind, axis: at, keepDims: false },
      isLast ? "index" : undefined,
    )[0]!;
    const kept = axes.filter((a) => a !== axis);
    const first = runtimeOf(call.build, index, kept, x.shape.length, "int64");
    const mirror: ActivationFunction = { kind: "affine", scale: -1, offset: x.shape[axis]! - 1 };
    const y = isLast ? activate(call, first, mirror) : first;
    if (call.attributes.flag("keepdims", true)) return [y];
    const shape = y.shape.filter((_, a) => a !== axis);
    return [reshapeValue(call.build, y, shape)];
  };

/** `TopK` for one value: the largest or smallest along an axis and its index, with which classifiers of FINN end. */
const topK: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const { attributes } = call;
  const k = call.version < 10 ? attributes.int("k", 1) : scalarOf(constantInput(call, 1, "k"), "k");
  if (k !== 1)
    throw refuse("attribute", `the first ${k} of sorted values`, "End the network with ArgMax, and sort on the host");
  const axis = normalAxis(attributes.int("axis", -1), x.shape.length);
  refuseAcrossSamples(call, x, [axis]);
  const kind = attributes.flag("largest", true) ? "max" : "min";
  const value = call.isUsed(0) ? reduceValue(call, x, kind, [axis], true) : undefined;
  const { axes, stored } = withAxis(call, x, axis);
  const fields = { op: "arg", inputs: [stored], kind, axis: axes.indexOf(axis), keepDims: false } as const;
  const index = call.build.emit(fields, value ? "index" : undefined)[0]!;
  const kept = axes.filter((a) => a !== axis);
  const indices = runtimeOf(call.build, index, kept, x.shape.length, "int64");
  return [value ?? indices, indices];
};

/** The value with the order of one stored axis reversed. */
function reversed(call: Call, stored: string, at: number): string {
  const fields = { op: "slice", axes: [at], starts: [-1], ends: [-(2 ** 31)], steps: [-1] } as const;
  return call.build.emit({ ...fields, inputs: [stored] }, "reversed")[0]!;
}

/** Softmax; before version 13 over all axes from `axis` on. */
const softmax =
  (log: boolean): Operator =>
  (call) => {
    const x = runtimeInput(call, 0);
    const rank = x.shape.length;
    const axis = normalAxis(call.attributes.int("axis", call.version < 13 ? 1 : -1), rank);
    refuseAcrossSamples(call, x, [axis]);
    const alone = call.version >= 13 || x.shape.slice(axis + 1).every((extent) => extent === 1);
    if (alone) return [softmaxAlong(call, x, axis, log)];
    if (x.shape.includes(-1)) throw refuse("open-extent", "a softmax over an open extent");
    const product = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);
    const flat = reshapeValue(call.build, x, [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))]);
    return [reshapeValue(call.build, softmaxAlong(call, flat, 1, log), x.shape)];
  };

function softmaxAlong(call: Call, x: Runtime, axis: number, log: boolean): Runtime {
  const { axes, stored } = withAxis(call, x, axis);
  const inputs = [stored];
  return { ...x, axes, stored: call.build.emit({ op: "softmax", inputs, axis: axes.indexOf(axis), log })[0]! };
}

/** The value with `axis` stored. */
function withAxis(call: Call, x: Runtime, axis: number): Runtime {
  const axes = x.axes.includes(axis) ? x.axes : [...x.axes, axis];
  return { ...x, axes, stored: arrange(call.build, x, axes) };
}

export const reduceOperators: Readonly<Record<string, Operator>> = {
  ":ReduceMean": reduce("mean"),
  ":ReduceSum": reduce("sum"),
  ":ReduceMax": reduce("max"),
  ":ReduceMin": reduce("min"),
  ":ReduceProd": reduce("product"),
  ":ReduceL1": reduce("l1"),
  ":ReduceL2": reduce("l2"),
  ":ReduceSumSquare": reduce("sum-square"),
  ":ReduceLogSumExp": reduce("log-sum-exp"),
  ":ReduceLogSum": logSum,
  ":ArgMax": arg("max"),
  ":ArgMin": arg("min"),
  ":TopK": topK,
  ":Softmax": softmax(false),
  ":LogSoftmax": softmax(true),
};
