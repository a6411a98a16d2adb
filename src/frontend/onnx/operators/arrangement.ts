import { flattenedShape, reshapeTarget, squeezedShape, unsqueezedShape } from "../arrange-rules.js";
import { knownIntegers } from "../constant/constant.js";
import { broadcastShapes, normalAxes, normalAxis } from "../constant/strides.js";
import { arrange, inOrder, padRank, reshapeValue, runtimeOf, sameList } from "../import/arrange.js";
import { type Call, constantInput, integersOf, type Operator, runtimeInput, toRuntime } from "../import/call.js";
import { type Runtime, transposeView } from "../import/value.js";
import { refuse } from "../refusal.js";
import { pass } from "./activation.js";

/** The result of an operator that only changes the shape. Where no node is needed an identity keeps it visible. */
function reshapeTo(call: Call, x: Runtime, shape: readonly number[]): Runtime {
  const y = reshapeValue(call.build, x, shape);
  return y.stored === x.stored ? pass(call, y) : y;
}

const reshape: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const target = call.inputs[1]
    ? Array.from(constantInput(call, 1, "the shape").data)
    : (call.attributes.ints("shape") ?? []);
  return [
    reshapeTo(call, x, reshapeTarget(x.shape, oneSampleTarget(call, x, target), call.attributes.flag("allowzero"))),
  ];
};

/** A target whose first extent counts the samples of a fixed batch, for one sample. */
function oneSampleTarget(call: Call, x: Runtime, target: readonly number[]): readonly number[] {
  const [first, ...rest] = target;
  if (call.fixedBatch === 1 || first === undefined || x.shape.includes(-1)) return target;
  const product = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);
  const kept = target.map((extent, k) => (extent === 0 ? (x.shape[k] ?? 0) : extent));
  const fits = !target.includes(-1) && product(kept) === call.fixedBatch * product(x.shape);
  const isBatch = target.includes(-1) && first === call.fixedBatch && x.shape[0] === 1;
  return (fits || isBatch) && first % call.fixedBatch === 0 ? [first / call.fixedBatch, ...rest] : target;
}

const flatten: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const [rows, columns] = flattenedShape(x.shape, call.attributes.int("axis", 1));
  if (rows < 0 && columns < 0) throw refuse("open-extent", `[${x.shape}] flattened`);
  return [reshapeTo(call, x, [rows, columns])];
};

const squeeze: Operator = (call) => {
  const x = runtimeInput(call, 0);
  return [reshapeTo(call, x, squeezedShape(x.shape, integersOf(call, "axes", 1)))];
};

const unsqueeze: Operator = (call) => {
  const x = runtimeInput(call, 0);
  return [reshapeTo(call, x, unsqueezedShape(x.shape, integersOf(call, "axes", 1) ?? []))];
};

/** No data moves until an operator wants the axes in another order. */
const transpose: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const rank = x.shape.length;
  const permutation = call.attributes.ints("perm") ?? [...x.shape.keys()].reverse();
  if (permutation.length !== rank) throw refuse("axis", `permutation [${permutation}] of [${x.shape}]`);
  return [pass(call, transposeView(x, normalAxes(permutation, rank)))];
};

const expand: Operator = (call) => {
  const raw = knownIntegers(constantInput(call, 1, "the shape"), "the shape");
  const isBatch = call.fixedBatch > 1 && raw[0] === call.fixedBatch;
  const given = isBatch ? [1, ...raw.slice(1)] : raw;
  const wide = padRank(runtimeInput(call, 0), given.length);
  const shape = broadcastShapes([wide.shape, given]);
  if (sameList(shape, wide.shape)) return [pass(call, wide)];
  const axes = [...shape.keys()].filter((axis) => shape[axis] !== 1 || wide.axes.includes(axis));
  const inputs = [arrange(call.build, wide, axes)];
  const stored = call.build.emit({ op: "expand", inputs, shape: axes.map((axis) => Math.abs(shape[axis]!)) })[0]!;
  return [runtimeOf(call.build, stored, axes, shape.length, wide.type)];
};

const tile: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const repeats = knownIntegers(constantInput(call, 1, "the repetitions"), "the repetitions");
  if (repeats.length !== x.shape.length) throw refuse("shape", `repetitions [${repeats}] of [${x.shape}]`);
  const axes = [...x.shape.keys()].filter((axis) => x.axes.includes(axis) || repeats[axis] !== 1);
  const inputs = [arrange(call.build, x, axes)];
  const stored = call.build.emit({ op: "tile", inputs, repeats: axes.map((axis) => repeats[axis]!) })[0]!;
  return [runtimeOf(call.build, stored, axes, x.shape.length, x.type)];
};

const concat: Operator = (call) => {
  const values = call.inputs.map((_, k) => runtimeInput(call, k));
  const first = values[0]!;
  const rank = first.shape.length;
  const axis = normalAxis(call.attributes.int("axis", 1), rank);
  const odd = values.find((value) => value.shape.length !== rank);
  if (odd) throw refuse("shape", `shapes [${first.shape}] and [${odd.shape}] joined`);
  const present = values.filter((value) => value.shape[axis] !== 0);
  if (present.length === 0) throw refuse("shape", "only empty values joined");
  const widest = present.reduce((best, value) => (value.axes.length > best.axes.length ? value : best));
  const needed = [...first.shape.keys()].filter(
    (a) => a === axis || present.some((value) => value.shape[a] !== 1) || widest.axes.includes(a),
  );
  const axes = needed.length === widest.axes.length ? widest.axes : needed;
  const inputs = present.map((value) => arrange(call.build, value, axes));
  const stored = call.build.emit({ op: "concat", inputs, axis: axes.indexOf(axis) })[0]!;
  return [runtimeOf(call.build, stored, axes, rank, first.type)];
};

const split: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const axis = normalAxis(call.attributes.int("axis", 0), x.shape.length);
  const extent = x.shape[axis]!;
  const given = integersOf(call, "split", 1);
  const parts = given?.length ?? call.outputs;
  const size = Math.ceil(extent / parts);
  const sizes = given ?? Array.from({ length: parts }, (_, k) => Math.min(size, extent - k * size));
  if (sizes.some((s) => s < 1)) throw refuse("shape", `an axis of ${extent} elements split into [${sizes}]`);
  const axes = x.axes.includes(axis) ? x.axes : [axis, ...x.axes];
  const inputs = [arrange(call.build, x, axes)];
  const names = call.build.emit({ op: "split", inputs, axis: axes.indexOf(axis), sizes }, undefined, sizes.length);
  return names.map((stored) => runtimeOf(call.build, stored, axes, x.shape.length, x.type));
};

const limit = 2 ** 53;

const slice: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const starts = integersOf(call, "starts", 1) ?? [];
  const ends = integersOf(call, "ends", 2) ?? [];
  const named = normalAxes(integersOf(call, "axes", 3) ?? starts.map((_, k) => k), x.shape.length);
  const steps = integersOf(call, "steps", 4) ?? starts.map(() => 1);
  if (ends.length !== starts.length || named.length !== starts.length || steps.length !== starts.length) {
    throw refuse("shape", `${starts.length} starts, ${ends.length} ends, ${named.length} axes, ${steps.length} steps`);
  }
  const order = [...x.axes, ...named.filter((axis) => !x.axes.includes(axis))];
  const held = (value: number) => Math.max(-limit, Math.min(limit, value));
  const stored = call.build.emit({
    op: "slice",
    inputs: [arrange(call.build, x, order)],
    axes: named.map((axis) => order.indexOf(axis)),
    starts: starts.map(held),
    ends: ends.map(held),
    steps: steps.map(held),
  })[0]!;
  return [runtimeOf(call.build, stored, order, x.shape.length, x.type)];
};

/** Constant indices take elements; indices that are values look rows of a constant table up. */
const gather: Operator = (call) => {
  const [data, indices] = call.inputs;
  if (!data || !indices || data.kind === "unknown") throw refuse("input", "an input is missing");
  const rank = data.shape.length;
  const axis = normalAxis(call.attributes.int("axis", 0), rank);
  if (indices.kind === "constant") {
    const x = toRuntime(call, data);
    if (indices.data.length === 0) throw refuse("shape", "no indices");
    const rest = x.axes.filter((a) => a !== axis);
    const order = x.axes.includes(axis) ? x.axes : [axis, ...rest];
    const inputs = [arrange(call.build, x, order)];
    const tensor = { shape: indices.shape, data: Float32Array.from(knownIntegers(indices, "the indices")) };
    const stored = call.build.emit({ op: "gather", inputs, axis: order.indexOf(axis), indices: tensor })[0]!;
    const extra = indices.shape.length - 1;
    const axes = order.flatMap((a) => {
      if (a === axis) return indices.shape.map((_, k) => axis + k);
      return [a < axis ? a : a + extra];
    });
    return [runtimeOf(call.build, stored, axes, rank + extra, x.type)];
  }
  if (data.kind !== "constant" || rank !== 2 || axis !== 0) {
    throw refuse("parameter-not-constant", "a gather of computed indices from other than the rows of a constant table");
  }
  const at = inOrder(call.build, runtimeInput(call, 1));
  const table = { shape: data.shape, data: Float32Array.from(data.data) };
  const stored = call.build.emit({ op: "embedding", inputs: [at.stored], table })[0]!;
  return [runtimeOf(call.build, stored, [...at.axes, at.shape.length], at.shape.length + 1, data.type)];
};

const pad: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const rank = x.shape.length;
  const mode = call.attributes.string("mode", "constant");
  const pads = integersOf(call, "pads", 1) ?? call.attributes.ints("paddings") ?? [];
  const named = normalAxes(integersOf(call, "axes", 3) ?? [...x.shape.keys()], rank);
  if (pads.length !== 2 * named.length) throw refuse("shape", `${pads.length} pads for ${named.length} axes`);
  const value = call.inputs[2]
    ? (constantInput(call, 2, "the padding value").data[0] ?? 0)
    : call.attributes.float("value", 0);
  const pairs = x.shape.map(() => [0, 0] as [number, number]);
  named.forEach((axis, k) => {
    pairs[axis] = [pads[k]!, pads[k + named.length]!];
  });
  const cut = pairs.some(([before, after]) => before < 0 || after < 0);
  if (cut) throw refuse("attribute", `negative padding [${pads}]`, "Use a slice");
  const grown = [...x.shape.keys()].filter((axis) => pairs[axis]![0] + pairs[axis]![1] > 0);
  const axes = grown.every((axis) => x.axes.includes(axis))
    ? x.axes
    : [...x.shape.keys()].filter((axis) => grown.includes(axis) || x.axes.includes(axis));
  const inputs = [arrange(call.build, x, axes)];
  const padding = axes.map((axis) => pairs[axis]!);
  if (mode === "wrap") return [runtimeOf(call.build, wrapped(call, inputs[0]!, padding), axes, rank, x.type)];
  if (mode !== "constant" && mode !== "reflect" && mode !== "edge") throw refuse("attribute", `padding mode "${mode}"`);
  const stored = call.build.emit({ op: "pad", inputs, padding, value, mode })[0]!;
  return [runtimeOf(call.build, stored, axes, rank, x.type)];
};

/** Padding with the other end of each axis: elements are taken again. */
function wrapped(call: Call, stored: string, padding: readonly (readonly [number, number])[]): string {
  let result = stored;
  padding.forEach(([before, after], axis) => {
    const extent = call.build.shapeOf(stored)[axis]!;
    if (before + after === 0) return;
    if (extent < 1) throw refuse("open-extent", "padding of an open extent with its other end");
    const data = Float32Array.from({ length: before + extent + after }, (_, k) => {
      return (((k - before) % extent) + extent) % extent;
    });
    const indices = { shape: [data.length], data };
    result = call.build.emit({ op: "gather", inputs: [result], axis, indices }, `wrap-${axis}`)[0]!;
  });
  return call.build.emit({ op: "identity", inputs: [result] })[0]!;
}

/** Moves blocks of channels to space or back: a reshape, a transposition and a reshape. */
const depthToSpace: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const block = call.attributes.int("blocksize");
  const [n, c, h, w] = x.shape;
  if (x.shape.length !== 4 || x.shape.includes(-1)) throw refuse("shape", `a value of shape [${x.shape}]`);
  const depth = c! / (block * block);
  const columns = call.attributes.string("mode", "DCR") === "DCR";
  const split = columns ? [n!, block, block, depth, h!, w!] : [n!, depth, block, block, h!, w!];
  const moved = transposeView(reshapeValue(call.build, x, split), columns ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  return [reshapeTo(call, moved, [n!, depth, h! * block, w! * block])];
};

export const arrangementOperators: Readonly<Record<string, Operator>> = {
  ":Reshape": reshape,
  ":Flatten": flatten,
  ":Squeeze": squeeze,
  ":Unsqueeze": unsqueeze,
  ":Transpose": transpose,
  ":Expand": expand,
  ":Tile": tile,
  ":Concat": concat,
  ":Split": split,
  ":Slice": slice,
  ":Gather": gather,
  ":Pad": pad,
  ":DepthToSpace": depthToSpace,
};
