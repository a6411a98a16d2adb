/**
 * The taps of a sliding window along one axis, seen from the source: those of source coordinate `i` are
 * `first[i] .. first[i + 1] - 1`, and each tap is a pair of window and target coordinate with
 * `i = target * stride + window - padding`.
 */
export interface AxisTaps {
  readonly first: Int32Array;
  readonly window: Int32Array;
  readonly target: Int32Array;
}

/** Lists the taps of a window of extent `window` that slides over `source` coordinates and makes `target` ones. */
export function axisTaps(source: number, target: number, window: number, stride: number, padding: number): AxisTaps {
  const first = new Int32Array(source + 1);
  const windowTaps: number[] = [];
  const targetTaps: number[] = [];
  for (let i = 0; i < source; i++) {
    // The largest target comes with the smallest window coordinate: walk targets, so that huge windows cost nothing.
    const last = Math.min(target - 1, Math.floor((i + padding) / stride));
    const start = Math.max(0, Math.ceil((i + padding - window + 1) / stride));
    for (let t = last; t >= start; t--) {
      windowTaps.push(i + padding - t * stride);
      targetTaps.push(t);
    }
    first[i + 1] = windowTaps.length;
  }
  return { first, window: Int32Array.from(windowTaps), target: Int32Array.from(targetTaps) };
}

/** `[height, width, channels]`. */
type Extents = readonly [height: number, width: number, channels: number];

/** Geometry of a window that slides over a source and makes one target pixel a position. */
export interface WindowGeometry {
  readonly source: Extents;
  readonly target: Extents;
  readonly window: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number];
}

/** What is wrong with a window, as the end of a sentence about its layer; undefined for a legal one. */
export function windowFault({ source, target, window, stride, padding }: WindowGeometry): string | undefined {
  const legal = ([0, 1] as const).every(
    (axis) =>
      isCount(window[axis], 2 ** 16) && isCount(stride[axis], 2 ** 16) && isCount(padding[axis] + 1, window[axis]),
  );
  if (!legal) return `has window ${window.join("x")}, stride ${stride.join("x")}, padding ${padding.join("x")}`;
  const inside = ([0, 1] as const).every((axis) => (target[axis] - 1) * stride[axis] - padding[axis] < source[axis]);
  return inside ? undefined : "has windows wholly outside its source";
}

/** A whole number of at least 1 and at most `limit`. */
function isCount(x: number, limit: number): boolean {
  return Number.isInteger(x) && x >= 1 && x <= limit;
}
