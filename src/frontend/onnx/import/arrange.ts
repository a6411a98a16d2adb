import type { Tensor } from "../../../support/tensor.js";
import { reshape, transpose } from "../constant/arrangement.js";
import { type Constant, toTensor, type Workspace } from "../constant/constant.js";
import { broadcastShapes } from "../constant/strides.js";
import { refuse } from "../refusal.js";
import type { Builder } from "./builder.js";
import { type Runtime, unitView, type Value } from "./value.js";

/**
 * The name under which the graph holds `value` with exactly the axes `axes`, in that order; adds a transposition or a
 * reshape where it holds it otherwise. Axes that are left out must have one element.
 */
export function arrange(build: Builder, value: Runtime, axes: readonly number[]): string {
  if (sameList(value.axes, axes)) return value.stored;
  const isSolid = (axis: number) => value.shape[axis] !== 1;
  const left = value.axes.find((axis) => isSolid(axis) && !axes.includes(axis));
  if (left !== undefined) throw refuse("shape", `axis ${left} of [${value.shape}] has more than one element`);
  const solidOrder = sameList(value.axes.filter(isSolid), axes.filter(isSolid));
  if (solidOrder)
    return reshaped(
      build,
      value.stored,
      axes.map((axis) => value.shape[axis]!),
    );
  const kept = value.axes.filter((axis) => axes.includes(axis));
  const middle = [...axes.filter((axis) => !kept.includes(axis)), ...kept];
  const stored = sameList(middle, value.axes)
    ? value.stored
    : reshaped(
        build,
        value.stored,
        middle.map((axis) => value.shape[axis]!),
      );
  const permutation = axes.map((axis) => middle.indexOf(axis));
  return build.emitShared({ op: "transpose", inputs: [stored], permutation }, "transpose");
}

/** The name of the value with another shape of as many elements; a reshape of a reshape is one reshape. */
function reshaped(build: Builder, stored: string, shape: readonly number[]): string {
  if (sameList(build.shapeOf(stored), shape)) return stored;
  let before = build.producerOf(stored);
  while (before?.op === "identity") before = build.producerOf(before.inputs[0]!);
  if (before?.op === "reshape") {
    const source = before.inputs[0]!;
    if (sameList(build.shapeOf(source), shape)) return source;
    return build.emitShared({ op: "reshape", inputs: [source], shape }, "reshape");
  }
  return build.emitShared({ op: "reshape", inputs: [stored], shape }, "reshape");
}

/** The value with its axes stored in their own order. */
export function inOrder(build: Builder, value: Runtime): Runtime {
  const axes = [...value.axes].sort((a, b) => a - b);
  return { ...value, axes, stored: arrange(build, value, axes) };
}

/** The value with shape `shape`, which has as many elements. */
export function reshapeValue(build: Builder, value: Runtime, shape: readonly number[]): Runtime {
  const solid = value.axes.filter((axis) => value.shape[axis] !== 1);
  const bare = { ...value, axes: solid };
  if (unitView(bare, shape)) return unitView({ ...bare, stored: arrange(build, value, solid) }, shape)!;
  const plain = inOrder(build, value);
  const axes = visibleAxes(value, shape);
  const extents = axes.map((axis) => shape[axis]!);
  return { ...value, shape, axes, stored: reshaped(build, plain.stored, extents) };
}

/** Axes of a new shape that are stored: all but those of one element that stand where the value does not store one. */
function visibleAxes(value: Runtime, shape: readonly number[]): number[] {
  const before = (extents: readonly number[], axis: number) => {
    const lead = extents.slice(0, axis);
    return `${lead.filter((extent) => extent === -1).length}:${lead.reduce((a, b) => a * Math.abs(b), 1)}`;
  };
  const hidden = [...value.shape.keys()]
    .filter((axis) => !value.axes.includes(axis))
    .map((axis) => before(value.shape, axis));
  return [...shape.keys()].filter((axis) => {
    const at = shape[axis] === 1 ? hidden.indexOf(before(shape, axis)) : -1;
    if (at >= 0) hidden.splice(at, 1);
    return at < 0;
  });
}

/** The value as if it had `rank` axes: axes of one element in front. */
export function padRank(value: Runtime, rank: number): Runtime {
  const more = rank - value.shape.length;
  if (more <= 0) return value;
  return {
    ...value,
    shape: [...Array<number>(more).fill(1), ...value.shape],
    axes: value.axes.map((axis) => axis + more),
  };
}

/** Values brought into forms that broadcast against each other by the rules of the graph. */
export interface Joint {
  /** Broadcast shape in the terms of the model. */
  readonly shape: readonly number[];
  /** How the result is stored. */
  readonly axes: readonly number[];
  /** One for each operand: a name for a runtime value, a tensor for a constant. */
  readonly operands: readonly (string | Tensor)[];
}

/** Bring operands of an elementwise operator together. At least one of them is a runtime value. */
export function joint(build: Builder, values: readonly Value[], workspace: Workspace): Joint {
  const known = values.map((value) => {
    if (value.kind === "unknown") throw new Error("unknown value as operand");
    return value;
  });
  const shape = broadcastShapes(known.map((value) => value.shape));
  const rank = shape.length;
  const padded = known.map((value) => (value.kind === "runtime" ? padRank(value, rank) : value));
  const axes = jointAxes(shape, padded);
  return {
    shape,
    axes,
    operands: padded.map((value) =>
      value.kind === "runtime" ? operandOf(build, value, axes) : alignConstant(value, rank, axes, workspace),
    ),
  };
}

/** Order of storage of the result: that of the operand with most axes, with the missing ones put in. */
function jointAxes(shape: readonly number[], values: readonly Value[]): number[] {
  let axes: readonly number[] = [];
  for (const value of values) if (value.kind === "runtime" && value.axes.length > axes.length) axes = value.axes;
  const missing = shape.flatMap((extent, axis) => (extent !== 1 && !axes.includes(axis) ? [axis] : []));
  if (missing.length === 0) return [...axes];
  const all = [...missing, ...axes];
  const ascending = axes.every((axis, k) => k === 0 || axis > axes[k - 1]!);
  return ascending ? all.sort((a, b) => a - b) : all;
}

/** A form of `value` that broadcasts to the axes `axes`: leading axes of one element may be left out. */
function operandOf(build: Builder, value: Runtime, axes: readonly number[]): string {
  const lead = axes.length - value.axes.length;
  const isUnit = (axis: number) => value.shape[axis] === 1;
  if (lead >= 0 && sameList(axes.slice(lead), value.axes) && axes.slice(0, lead).every(isUnit)) return value.stored;
  const first = axes.findIndex((axis) => !isUnit(axis));
  return arrange(build, value, first < 0 ? [] : axes.slice(first));
}

/** A constant of a shape that broadcasts to `rank` axes, as a tensor that broadcasts to the stored axes `axes`. */
export function alignConstant(c: Constant, rank: number, axes: readonly number[], workspace: Workspace): Tensor {
  if (c.data.length === 1) return { ...toTensor(c), shape: [] };
  const full = reshape(c, [...Array<number>(rank - c.shape.length).fill(1), ...c.shape]);
  const rest = full.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  if (rest.some((axis) => full.shape[axis] !== 1)) throw refuse("shape", `a constant of shape [${c.shape}]`);
  const moved = transpose(full, [...rest, ...axes], workspace);
  const first = moved.shape.findIndex((extent) => extent !== 1);
  return toTensor(reshape(moved, moved.shape.slice(first < 0 ? moved.shape.length : first)));
}

/** A runtime value from a stored one: its shape follows from what the graph knows. */
export function runtimeOf(
  build: Builder,
  stored: string,
  axes: readonly number[],
  rank: number,
  type: Runtime["type"],
): Runtime {
  const shape = new Array<number>(rank).fill(1);
  build.shapeOf(stored).forEach((extent, k) => {
    shape[axes[k]!] = extent;
  });
  return { kind: "runtime", type, shape, axes, stored };
}

export function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((x, k) => x === b[k]);
}
