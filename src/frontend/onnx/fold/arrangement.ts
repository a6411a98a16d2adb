import {
  axisSlice,
  flattenedShape,
  reshapeTarget,
  splitSizes,
  squeezedShape,
  unsqueezedShape,
} from "../arrange-rules.js";
import { concat, expand, gather, reshape, tile, transpose, window } from "../constant/arrangement.js";
import { constant, knownIntegers } from "../constant/constant.js";
import { normalAxes, normalAxis } from "../constant/strides.js";
import { refuse } from "../refusal.js";
import type { Fold } from "./fold-call.js";
import { input, integersOf } from "./input.js";

const identity: Fold = (call) => [input(call, 0)];

/** Operators that move numbers. */
export const arrangementFolds: Readonly<Record<string, Fold>> = {
  ":Identity": identity,

  ":Dropout": (call) => {
    if (call.outputs > 1) throw refuse("output", "the mask of a dropout");
    return identity(call);
  },

  ":Reshape": (call) => {
    const x = input(call, 0);
    const target = call.inputs[1] ? Array.from(call.inputs[1].data) : (call.attributes.ints("shape") ?? []);
    return [reshape(x, reshapeTarget(x.shape, target, call.attributes.flag("allowzero")))];
  },

  ":Flatten": (call) => {
    const x = input(call, 0);
    return [reshape(x, flattenedShape(x.shape, call.attributes.int("axis", 1)))];
  },

  ":Squeeze": (call) => {
    const x = input(call, 0);
    return [reshape(x, squeezedShape(x.shape, integersOf(call, "axes", 1)))];
  },

  ":Unsqueeze": (call) => {
    const x = input(call, 0);
    return [reshape(x, unsqueezedShape(x.shape, integersOf(call, "axes", 1) ?? []))];
  },

  ":Transpose": (call) => {
    const x = input(call, 0);
    const permutation = call.attributes.ints("perm") ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
    if (permutation.length !== x.shape.length) throw refuse("axis", `permutation [${permutation}] of [${x.shape}]`);
    return [transpose(x, normalAxes(permutation, x.shape.length), call.workspace)];
  },

  ":Expand": (call) => {
    return [expand(input(call, 0), knownIntegers(input(call, 1), "the shape"), call.workspace)];
  },

  ":Tile": (call) => {
    const x = input(call, 0);
    const repeats = knownIntegers(input(call, 1), "the repetitions");
    if (repeats.length !== x.shape.length) throw refuse("shape", `repetitions [${repeats}] of [${x.shape}]`);
    return [tile(x, repeats, call.workspace)];
  },

  ":Concat": (call) => {
    const parts = call.inputs.map((_, k) => input(call, k));
    return [concat(parts, normalAxis(call.attributes.int("axis", 1), input(call, 0).shape.length), call.workspace)];
  },

  ":Slice": (call) => {
    const x = input(call, 0);
    const starts = integersOf(call, "starts", 1) ?? [];
    const ends = integersOf(call, "ends", 2) ?? [];
    const axes = normalAxes(integersOf(call, "axes", 3) ?? starts.map((_, k) => k), x.shape.length);
    const steps = integersOf(call, "steps", 4) ?? starts.map(() => 1);
    const slices = x.shape.map((extent) => axisSlice(extent, 0, extent, 1));
    axes.forEach((axis, k) => {
      slices[axis] = axisSlice(x.shape[axis]!, starts[k]!, ends[k]!, steps[k]!);
    });
    const column = (key: "start" | "extent" | "step") => slices.map((slice) => slice[key]);
    return [window(x, column("start"), column("extent"), column("step"), call.workspace)];
  },

  ":Split": (call) => {
    const x = input(call, 0);
    const axis = normalAxis(call.attributes.int("axis", 0), x.shape.length);
    let start = 0;
    return splitSizes(x.shape[axis]!, integersOf(call, "split", 1), call.outputs).map((size) => {
      const starts = x.shape.map((_, k) => (k === axis ? start : 0));
      start += size;
      const extents = x.shape.map((extent, k) => (k === axis ? size : extent));
      return window(
        x,
        starts,
        extents,
        x.shape.map(() => 1),
        call.workspace,
      );
    });
  },

  ":Gather": (call) => {
    const x = input(call, 0);
    return [gather(x, input(call, 1), normalAxis(call.attributes.int("axis", 0), x.shape.length), call.workspace)];
  },

  ":NonZero": (call) => {
    const x = input(call, 0);
    const rank = Math.max(1, x.shape.length);
    const found: number[] = [];
    x.data.forEach((value, k) => {
      if (value !== 0) found.push(k);
    });
    const data = call.workspace.allocate("int64", rank * found.length);
    let rest = found;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const extent = x.shape[axis] ?? 1;
      for (let k = 0; k < rest.length; k++) data[axis * found.length + k] = rest[k]! % extent;
      rest = rest.map((index) => Math.floor(index / extent));
    }
    return [constant("int64", [rank, found.length], data)];
  },
};
