import { refuse } from "../refusal.js";
import type { NumberArray } from "./constant.js";

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * The shape that `shapes` broadcast to, by the rules of NumPy. An open extent (-1) stays open beside 1 and becomes the
 * number beside a number.
 */
export function broadcastShapes(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((extent, k) => {
      const axis = k + rank - shape.length;
      const present = result[axis]!;
      if (extent === present || extent === 1) return;
      if (present === 1 || present === -1) result[axis] = extent;
      else if (extent !== -1) {
        throw refuse("shape", `shapes ${shapes.map((s) => `[${s}]`).join(" and ")} do not broadcast`);
      }
    });
  }
  return result;
}

/** Strides to read a tensor of `shape` as if it had the shape `target`, to which it broadcasts. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = stridesOf(shape);
  const skip = target.length - shape.length;
  return target.map((extent, axis) =>
    axis < skip || (shape[axis - skip] === 1 && extent !== 1) ? 0 : own[axis - skip]!,
  );
}

/**
 * Copy the elements of `from` at `offset + sum index[k] * strides[k]` into `to`, row-major over `shape`. Transposes,
 * slices, broadcasts and repetitions are all of this form. `start` is the first index of `to`.
 */
export function copyStrided(
  from: NumberArray,
  offset: number,
  strides: readonly number[],
  shape: readonly number[],
  to: NumberArray,
  start = 0,
): void {
  const rank = shape.length;
  if (shape.includes(0)) return;
  if (rank === 0) {
    to[start] = from[offset]!;
    return;
  }
  const inner = shape[rank - 1]!;
  const step = strides[rank - 1]!;
  const index = new Array<number>(rank).fill(0);
  let base = offset;
  let at = start;
  for (;;) {
    for (let k = 0, source = base; k < inner; k++, source += step) to[at++] = from[source]!;
    let axis = rank - 2;
    for (; axis >= 0; axis--) {
      base += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      base -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** A non-negative axis below `rank`. */
export function normalAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!(normal >= 0 && normal < rank)) throw refuse("axis", `axis ${axis} of a value with ${rank} axes`);
  return normal;
}

/** Non-negative, distinct axes in the given order. */
export function normalAxes(axes: readonly number[], rank: number): number[] {
  const normal = axes.map((axis) => normalAxis(axis, rank));
  if (new Set(normal).size !== normal.length) throw refuse("axis", `axes [${axes}] name one axis twice`);
  return normal;
}
