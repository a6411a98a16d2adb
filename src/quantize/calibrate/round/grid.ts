import type { Draft } from "../draft.js";
import { columnOf, importanceOf, meanSquares } from "./columns.js";
import { chooseThreshold, fittingGrid, roundingError, roundWeight, type WeightRange } from "./threshold.js";

/** Integer weights of all channels, each rounded to the nearest, and the grid of each channel. */
export interface Grids {
  readonly grid: Float64Array;
  readonly weights: readonly Int32Array[];
}

interface Column {
  /** In levels of the result a level of the source. */
  readonly weights: Float64Array;
  readonly importance: Float64Array;
  readonly ranges: readonly WeightRange[];
}

/** Finest threshold in multiples of the median: finer ones only make membranes wider. */
const mostOfMedian = 2;

/**
 * Chooses the grid of each channel so that rounding its weights to the nearest costs least: thresholds channel by
 * channel, one common scale for the readout, whose membranes are compared.
 */
export function chooseGrids(
  { layer, sources, unit }: Pick<Draft, "layer" | "sources" | "unit">,
  weightBits: number,
): Grids {
  const channels = layer.shape[2];
  const squares = new Map(
    layer.terms.map((term) => {
      const store = sources.get(term.from)!;
      const whole = term.groups === 1 && term.kernel[0] === store.shape[0] && term.kernel[1] === store.shape[1];
      return [term, meanSquares(store, whole)];
    }),
  );
  const columns = Array.from({ length: channels }, (_, c): Column => {
    const { weights, ranges } = columnOf(layer, layer.terms, sources, weightBits, c);
    const importance = importanceOf(layer, layer.terms, squares, c);
    return { weights: weights.map((w) => w / unit), importance, ranges };
  });
  const grid =
    layer.staircase.kind === "none" ? new Float64Array(channels).fill(commonGrid(columns)) : thresholds(columns);
  const weights = layer.terms.map((term) => new Int32Array(term.weights.length));
  columns.forEach((column, c) => {
    let at = 0;
    for (const integers of weights) {
      for (let i = c; i < integers.length; i += channels, at++) {
        integers[i] = roundWeight(column.weights[at]!, grid[c]!, column.ranges[at]!);
      }
    }
  });
  return { grid, weights };
}

function thresholds(columns: readonly Column[]): Float64Array {
  const choose = (limit: number) => (c: Column) => chooseThreshold(c.weights, c.importance, c.ranges, limit);
  const free = columns.map(choose(2 ** 20));
  const limit = mostOfMedian * free.toSorted((a, b) => a - b)[free.length >> 1]!;
  return Float64Array.from(free, (theta, c) => (theta > limit ? choose(limit)(columns[c]!) : theta));
}

/** The common grid of all channels with the least error, or 1 when all weights are 0. */
function commonGrid(columns: readonly Column[]): number {
  const fit = Math.min(...columns.map(({ weights, ranges }) => fittingGrid(weights, ranges)));
  if (fit === Infinity) return 1;
  let best = fit;
  let least = Infinity;
  for (let step = 0; step <= 110; step++) {
    const candidate = fit * (0.8 + step * 0.02);
    let error = 0;
    for (const c of columns) {
      error += roundingError(c.weights, c.importance, c.ranges, candidate, least - error);
      if (error >= least) break;
    }
    if (error < least) {
      least = error;
      best = candidate;
    }
  }
  return best;
}
