import { normalAxes, normalAxis } from "./constant/strides.js";
import { refuse } from "./refusal.js";

/** The result of a `Reshape`: 0 keeps an extent (unless `allowZero`), one -1 follows. NaN is an open extent, -1 in `from`. */
export function reshapeTarget(from: readonly number[], target: readonly number[], allowZero: boolean): number[] {
  const shape = target.map((extent, k) => {
    if (extent === 0 && !allowZero) {
      const kept = from[k];
      if (kept === undefined) throw refuse("shape", `extent 0 at axis ${k} of a reshape of [${from}]`);
      return kept === -1 ? Number.NaN : kept;
    }
    return extent;
  });
  const inferred = shape.indexOf(-1);
  if (shape.lastIndexOf(-1) !== inferred) throw refuse("shape", `a reshape to [${target}] with two inferred extents`);
  const product = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);
  const openTarget = shape.filter(Number.isNaN).length;
  const openFrom = from.filter((extent) => extent === -1).length;
  const known = product(shape.filter((extent) => extent !== -1 && !Number.isNaN(extent)));
  const total = product(from.filter((extent) => extent !== -1));
  if (openFrom === openTarget) {
    if (inferred >= 0) shape[inferred] = known === 0 ? 0 : total / known;
    else if (known !== total) throw refuse("shape", `[${from}] reshaped to [${target}]`);
  } else if (openFrom === 1 && openTarget === 0 && inferred >= 0 && known > 0 && total % known === 0) {
    shape[inferred] = Number.NaN;
  } else {
    throw refuse("open-extent", `a reshape of [${from}] to [${target}]`, "Export with a fixed length");
  }
  if (shape.some((extent) => extent < 0 || (!Number.isInteger(extent) && !Number.isNaN(extent)))) {
    throw refuse("shape", `[${from}] reshaped to [${target}]`);
  }
  return shape.map((extent) => (Number.isNaN(extent) ? -1 : extent));
}

/** The shape without `axes`, or without every extent of 1. */
export function squeezedShape(shape: readonly number[], axes: readonly number[] | undefined): number[] {
  const gone = axes ? normalAxes(axes, shape.length) : shape.flatMap((extent, axis) => (extent === 1 ? [axis] : []));
  for (const axis of gone) {
    if (shape[axis] !== 1) throw refuse("shape", `axis ${axis} of [${shape}] squeezed`);
  }
  return shape.filter((_, axis) => !gone.includes(axis));
}

/** The shape with extents of 1 at `axes` of the result. */
export function unsqueezedShape(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length;
  const added = normalAxes(axes, rank);
  const rest = shape[Symbol.iterator]();
  return Array.from({ length: rank }, (_, axis) => (added.includes(axis) ? 1 : rest.next().value!));
}

/** The two-axis shape of `Flatten`. `axis` may equal the rank. An extent that follows from an open one is open (-1). */
export function flattenedShape(shape: readonly number[], axis: number): [number, number] {
  const at = axis === shape.length ? axis : normalAxis(axis, shape.length);
  const product = (extents: readonly number[]) => (extents.includes(-1) ? -1 : extents.reduce((a, b) => a * b, 1));
  return [product(shape.slice(0, at)), product(shape.slice(at))];
}

/** One slice of one axis: first index, number of elements, step. */
export interface AxisSlice {
  readonly start: number;
  readonly extent: number;
  readonly step: number;
}

/** The elements that `start : end : step` takes of `extent`, with the rules of ONNX and NumPy. */
export function axisSlice(extent: number, start: number, end: number, step: number): AxisSlice {
  if (step === 0) throw refuse("shape", "a slice with step 0");
  const clamp = (at: number, low: number, high: number) => Math.max(low, Math.min(high, at < 0 ? at + extent : at));
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const first = clamp(start, Math.max(low, 0), high);
  const last = end < 0 && end + extent < 0 ? low : clamp(end, low, high);
  return { start: first, extent: Math.max(0, Math.ceil((last - first) / step)), step };
}

/** Sizes of the parts of a `Split`: as given, or equal parts of which only the last may be smaller. */
export function splitSizes(extent: number, sizes: readonly number[] | undefined, parts: number): readonly number[] {
  if (sizes) {
    const fits = sizes.length === parts && sizes.every((s) => s >= 0) && sizes.reduce((a, b) => a + b, 0) === extent;
    if (!fits) throw refuse("shape", `an axis of ${extent} elements split into [${sizes}]`);
    return sizes;
  }
  const size = Math.ceil(extent / parts);
  const result = Array.from({ length: parts }, (_, k) => Math.max(0, Math.min(size, extent - k * size)));
  if (extent < 0 || result.some((s) => s === 0)) {
    throw refuse("shape", `an axis of ${extent} elements split into ${parts} parts`);
  }
  return result;
}
