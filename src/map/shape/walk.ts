import type { Layout } from "./layout.js";
import type { ListView } from "./list-view.js";
import type { Synapses } from "./synapses.js";

/** Range of payloads in a list; 0 is in it. */
export interface PayloadRange {
  readonly min: number;
  readonly max: number;
}

/**
 * A part of a window that is walked in one pass: rows and pixels (of the list's view) of the window of `Synapses`.
 * For a source that is walked whole, one row of all its pixels.
 */
export interface WindowPart {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

/** The window of `synapses` in pixels of the list's view. */
export interface WindowView {
  readonly rows: number;
  readonly columns: number;
  /** Pixels of the view in one source pixel; 1 or more, or 0 when the source is walked whole. */
  readonly split: number;
  /** Values a pixel of the view. */
  readonly channels: number;
}

/** Sees a window through a view of its source. */
export function viewWindow(synapses: Synapses, view: ListView): WindowView {
  const [height, width, channels] = synapses.sourceShape;
  if (synapses.whole)
    return { rows: 1, columns: (height * width * channels) / view.channels, split: 0, channels: view.channels };
  const split = channels / view.channels;
  return { rows: synapses.kernel[0], columns: synapses.kernel[1] * split, split, channels: view.channels };
}

/** Weights of all rows of a window, group by group: `row = group * rows * columns * channels + (row, column, value)`. */
export function windowWeights(synapses: Synapses, window: WindowView, layout: Layout, lanes: number): Int8Array {
  const perGroup = window.rows * window.columns * window.channels;
  const weights = new Int8Array(layout.visit.groups * perGroup * lanes);
  let at = 0;
  for (let group = 0; group < layout.visit.groups; group++) {
    for (let i = 0; i < perGroup; i++, at += lanes) {
      const { ky, kx, channel } = sourceOf(synapses, window, i);
      synapses.fillRow(weights.subarray(at, at + lanes), ky, kx, channel, group);
    }
  }
  return weights;
}

function sourceOf({ sourceShape }: Synapses, window: WindowView, i: number) {
  const value = i % window.channels;
  const pixel = Math.floor(i / window.channels);
  const channels = sourceShape[2];
  if (window.split === 0) {
    const cell = Math.floor(i / channels);
    return { ky: Math.floor(cell / sourceShape[1]), kx: cell % sourceShape[1], channel: i % channels };
  }
  const column = pixel % window.columns;
  return {
    ky: Math.floor(pixel / window.columns),
    kx: Math.floor(column / window.split),
    channel: (column % window.split) * window.channels + value,
  };
}

/**
 * Cuts a window into parts whose sums fit `accumulatorBits` for every payload in `range`: whole if possible, else bands
 * of rows, else runs of pixels. Undefined when a single pixel does not fit.
 *
 * @param weights As `windowWeights` gives them.
 */
export function cutWindow(
  window: WindowView,
  weights: Int8Array,
  lanes: number,
  range: PayloadRange,
  accumulatorBits: number,
): readonly WindowPart[] | undefined {
  const limit = 2 ** (accumulatorBits - 1);
  const cells = window.rows * window.columns;
  const groups = weights.length / (cells * window.channels * lanes);
  const targets = groups * lanes;
  // largest and smallest contribution of each pixel to each target
  const high = new Float64Array(cells * targets);
  const low = new Float64Array(cells * targets);
  for (let group = 0, at = 0; group < groups; group++) {
    for (let cell = 0; cell < cells; cell++) {
      for (let value = 0; value < window.channels; value++) {
        for (let lane = 0; lane < lanes; lane++, at++) {
          const weight = weights[at]!;
          const target = cell * targets + group * lanes + lane;
          if (weight === 0) continue;
          high[target]! += weight > 0 ? weight * range.max : weight * range.min;
          low[target]! += weight > 0 ? weight * range.min : weight * range.max;
        }
      }
    }
  }
  const fits = ({ row, rows, column, columns }: WindowPart): boolean => {
    for (let target = 0; target < targets; target++) {
      let most = 0;
      let least = 0;
      for (let r = row; r < row + rows; r++) {
        for (let c = column; c < column + columns; c++) {
          const at = (r * window.columns + c) * targets + target;
          most += high[at]!;
          least += low[at]!;
        }
      }
      if (most >= limit || least < -limit) return false;
    }
    return true;
  };
  const parts: WindowPart[] = [];
  const band = (row: number, rows: number): WindowPart => ({ row, rows, column: 0, columns: window.columns });
  for (let row = 0; row < window.rows; ) {
    const rows = longest(window.rows - row, (n) => fits(band(row, n)));
    if (rows > 0) {
      parts.push(band(row, rows));
      row += rows;
      continue;
    }
    for (let column = 0; column < window.columns; ) {
      const columns = longest(window.columns - column, (n) => fits({ row, rows: 1, column, columns: n }));
      if (columns === 0) return undefined;
      parts.push({ row, rows: 1, column, columns });
      column += columns;
    }
    row++;
  }
  return parts;
}

/** Largest n in 0..most with `fits(n)`, which holds for all smaller n too. */
function longest(most: number, fits: (n: number) => boolean): number {
  if (fits(most)) return most;
  let good = 0;
  let bad = most;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
