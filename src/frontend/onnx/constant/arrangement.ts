import { refuse } from "../refusal.js";
import { type Constant, constant, count, type Workspace } from "./constant.js";
import { reshapeGrid, transposeGrid } from "./grid-arrangement.js";
import { broadcastShapes, broadcastStrides, copyStrided, stridesOf } from "./strides.js";

/** Same numbers, other shape of as many elements. */
export function reshape(c: Constant, shape: readonly number[]): Constant {
  if (count(shape) !== c.data.length) throw refuse("shape", `a constant of shape [${c.shape}] reshaped to [${shape}]`);
  return constant(c.type, shape, c.data, c.grid && reshapeGrid(c.grid, c.shape, shape));
}

/** `y.shape[k] = x.shape[permutation[k]]`. */
export function transpose(c: Constant, permutation: readonly number[], workspace: Workspace): Constant {
  if (permutation.every((axis, k) => axis === k)) return c;
  const shape = permutation.map((axis) => c.shape[axis]!);
  const strides = stridesOf(c.shape);
  const data = workspace.allocate(c.type, c.data.length);
  copyStrided(
    c.data,
    0,
    permutation.map((axis) => strides[axis]!),
    shape,
    data,
  );
  return constant(c.type, shape, data, c.grid && transposeGrid(c.grid, c.shape.length, permutation));
}

/** Broadcast to the common shape of the constant and `shape`, as ONNX `Expand`. */
export function expand(c: Constant, shape: readonly number[], workspace: Workspace): Constant {
  const result = broadcastShapes([c.shape, shape]);
  if (result.length === c.shape.length && result.every((extent, axis) => extent === c.shape[axis])) return c;
  const data = workspace.allocate(c.type, count(result));
  copyStrided(c.data, 0, broadcastStrides(c.shape, result), result, data);
  return constant(c.type, result, data);
}

export function concat(parts: readonly Constant[], axis: number, workspace: Workspace): Constant {
  const first = parts[0]!;
  const shape = [...first.shape];
  shape[axis] = 0;
  for (const part of parts) {
    const fits = part.shape.length === shape.length && part.shape.every((e, k) => k === axis || e === shape[k]);
    if (!fits) throw refuse("shape", `shapes [${first.shape}] and [${part.shape}] joined along axis ${axis}`);
    shape[axis] += part.shape[axis]!;
  }
  const type = first.type;
  const data = workspace.allocate(type, count(shape));
  const strides = stridesOf(shape);
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const rowLength = axis === 0 ? data.length : strides[axis - 1]!;
  let start = 0;
  for (const part of parts) {
    const run = outer === 0 ? 0 : part.data.length / outer;
    for (let row = 0; row < outer; row++) {
      data.set(part.data.subarray(row * run, (row + 1) * run), row * rowLength + start);
    }
    start += run;
  }
  return constant(type, shape, data);
}

/** Every `steps[axis]`-th element from `starts[axis]` on, `extents[axis]` of them, of every axis. */
export function window(
  c: Constant,
  starts: readonly number[],
  extents: readonly number[],
  steps: readonly number[],
  workspace: Workspace,
): Constant {
  const strides = stridesOf(c.shape);
  const offset = strides.reduce((sum, stride, axis) => sum + stride * starts[axis]!, 0);
  const data = workspace.allocate(c.type, count(extents));
  copyStrided(
    c.data,
    offset,
    strides.map((stride, axis) => stride * steps[axis]!),
    extents,
    data,
  );
  return constant(c.type, extents, data);
}

/** `x.take(indices, axis)`; negative indices count from the end. */
export function gather(c: Constant, indices: Constant, axis: number, workspace: Workspace): Constant {
  const extent = c.shape[axis]!;
  const shape = [...c.shape.slice(0, axis), ...indices.shape, ...c.shape.slice(axis + 1)];
  const data = workspace.allocate(c.type, count(shape));
  const run = c.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = c.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const index of indices.data) {
      const normal = index < 0 ? index + extent : index;
      if (!(normal >= 0 && normal < extent)) throw refuse("shape", `index ${index} of an axis of ${extent} elements`);
      const from = (row * extent + normal) * run;
      data.set(c.data.subarray(from, from + run), at);
      at += run;
    }
  }
  return constant(c.type, shape, data);
}

/** Repeats the whole tensor along each axis. */
export function tile(c: Constant, repeats: readonly number[], workspace: Workspace): Constant {
  let result = c;
  repeats.forEach((times, axis) => {
    if (!(times >= 0 && times <= 2 ** 31)) throw refuse("shape", `${times} repetitions`);
    if (times === 1) return;
    const shape = [...result.shape];
    shape.splice(axis, 0, times);
    const strides = stridesOf(result.shape);
    strides.splice(axis, 0, 0);
    const data = workspace.allocate(c.type, count(shape));
    copyStrided(result.data, 0, strides, shape, data);
    result = constant(
      c.type,
      result.shape.map((e, k) => (k === axis ? e * times : e)),
      data,
    );
  });
  return result;
}
