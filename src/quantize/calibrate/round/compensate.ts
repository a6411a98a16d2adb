import type { FoldedTerm } from "../../fold/folded.js";
import type { LinearTerm } from "../../graph.js";
import type { Draft, LayerRounding } from "../draft.js";
import { openReplay } from "../replay.js";
import { columnOf, fanIn } from "./columns.js";
import { columnsOfDesign, type SampledDesign, sampleDesign } from "./design.js";
import { type Design, dampedFactor, momentsOf } from "./moments.js";
import { addProduct, center, correction } from "./residual.js";
import { roundingOrder, roundSequentially } from "./sequential.js";
import { weightRange } from "./threshold.js";

/** Columns that are rounded together; the work grows with the cube. */
const blockColumns = 2048;
/** Share of the mean variance that holds real weights in place, and that damps the rounding. Found on training images. */
const ridge = 0.5;
const damping = 0.01;
/** Grids tried around the one that is best for nearest rounding. */
const shares = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3];

/**
 * Rounds the weights of a layer's ungrouped terms on what the layer sees in the calibration samples.
 *
 * For each block of columns: the real weights first take up what the rounding of earlier layers and blocks lost, by ridge
 * regression of the source model's charges on the integer inputs; then they are rounded one after the other, the rest
 * making up for each. Changes `draft.weights` and `draft.grid`.
 */
export function compensate(draft: Draft, rounding: LayerRounding): void {
  const { layer, grid } = draft;
  const channels = layer.shape[2];
  const free = layer.terms.filter((term) => isFree(term));
  const columns = free.reduce((sum, term) => sum + fanIn(term, channels), 0);
  if (columns === 0) return;
  const design = sampleDesign(layer, free, draft.sources, draft.samples, rounding.seed);
  const real = new Float64Array(columns * channels);
  for (let c = 0; c < channels; c++) {
    const { weights } = columnOf(layer, free, draft.sources, rounding.weightBits, c);
    for (let i = 0; i < columns; i++) real[i * channels + c] = weights[i]! / draft.unit;
  }
  const residual = targets(draft, design);
  addProduct(residual, design, real, channels, -1);
  const integers = new Int32Array(columns * channels);
  const blocks = Math.ceil(columns / blockColumns);
  for (let b = 0; b < blocks; b++) {
    const first = Math.floor((b * columns) / blocks);
    const last = Math.floor(((b + 1) * columns) / blocks);
    // Terms that keep their integers, and blocks already rounded, hold the grid.
    const searched = b === 0 && free.length === layer.terms.length ? shares : [1];
    roundBlock(columnsOfDesign(design, first, last), real.subarray(first * channels, last * channels), {
      residual,
      grid,
      shares: searched,
      shared: layer.staircase.kind === "none",
      weightBits: rounding.weightBits,
      integers: integers.subarray(first * channels, last * channels),
      isLast: b === blocks - 1,
    });
  }
  let at = 0;
  for (const term of free) {
    draft.weights[layer.terms.indexOf(term)]!.set(integers.subarray(at, at + term.weights.length));
    at += term.weights.length;
  }
}

/** Whether the weights of a term are rounded here; gains and grouped terms keep their nearest integers. */
function isFree(term: FoldedTerm): boolean {
  return term.groups === 1 && !term.isGain;
}

interface Block {
  readonly residual: Float64Array;
  readonly grid: Float64Array;
  readonly shares: readonly number[];
  /** One grid for all channels. */
  readonly shared: boolean;
  readonly weightBits: number;
  readonly integers: Int32Array;
  /** No block after it needs the residual. */
  readonly isLast: boolean;
}

function roundBlock(design: Design, real: Float64Array, block: Block): void {
  const { residual, grid, integers } = block;
  const channels = grid.length;
  const moments = momentsOf(design);
  center(residual, design.rows, channels);
  const change = correction(design, moments, residual, channels, ridge);
  const order = roundingOrder(moments);
  const factor = dampedFactor(moments, damping, order);
  if (factor === undefined) throw new Error("covariance is not positive definite");
  const n = design.columns;
  const range = weightRange(block.weightBits);
  const room = new Float64Array(n);
  const trial = new Int32Array(n);
  const ordered = Array.from({ length: channels }, (_, c) =>
    Float64Array.from(order, (i) => real[i * channels + c]! + change[i * channels + c]!),
  );
  const errorAt = (c: number, theta: number): number =>
    roundSequentially(factor, ordered[c]!, theta, range, trial, room);
  chooseGrid(block, errorAt);
  for (let c = 0; c < channels; c++) {
    errorAt(c, grid[c]!);
    order.forEach((i, k) => {
      integers[i * channels + c] = trial[k]!;
    });
  }
  if (block.isLast) return;
  const moved = real.map((w, i) => integers[i]! / grid[i % channels]! - w);
  addProduct(residual, design, moved, channels, -1);
}

function chooseGrid({ grid, shares, shared }: Block, errorAt: (c: number, theta: number) => number): void {
  if (shares.length === 1) return;
  const channels = [...grid.keys()];
  const best = (candidates: readonly number[], error: (theta: number) => number): number => {
    const errors = candidates.map(error);
    return candidates[errors.indexOf(Math.min(...errors))]!;
  };
  if (shared) {
    const candidates = shares.map((share) => grid[0]! * share);
    grid.fill(best(candidates, (theta) => channels.reduce((sum, c) => sum + errorAt(c, theta), 0)));
    return;
  }
  for (const c of channels) {
    const candidates = shares.map((share) => Math.max(1, Math.round(grid[c]! * share)));
    grid[c] = best(candidates, (theta) => errorAt(c, theta));
  }
}

/** What the free weights should sum up to in each row, in levels: the real charge less what the other terms give. */
function targets(draft: Draft, design: SampledDesign): Float64Array {
  const { layer, charges, unit, grid, weights } = draft;
  const [height, width, channels] = layer.shape;
  const wanted = new Float64Array(design.rows * channels);
  for (let row = 0; row < design.rows; row++) {
    const from = (design.samples[row]! * height * width + design.pixels[row]!) * channels;
    for (let c = 0; c < channels; c++) wanted[row * channels + c] = charges[from + c]! / unit;
  }
  const fixed = layer.terms.flatMap((term, k): readonly LinearTerm[] =>
    isFree(term) ? [] : [{ ...term, weights: weights[k]!, weightBits: 16 }],
  );
  if (fixed.length === 0) return wanted;
  const sum = {
    kind: "neurons",
    name: layer.name,
    shape: layer.shape,
    terms: fixed,
    v0: new Int32Array(channels),
  } as const;
  const replay = openReplay(
    { ...sum, activation: { kind: "none", scale: 1 }, membraneBits: 32 },
    draft.sources,
    draft.samples,
  );
  let loaded = -1;
  for (let row = 0; row < design.rows; row++) {
    const sample = design.samples[row]!;
    if (sample !== loaded) replay.run(sample);
    loaded = sample;
    for (let c = 0; c < channels; c++) {
      wanted[row * channels + c]! -= replay.layer.values[design.pixels[row]! * channels + c]! / grid[c]!;
    }
  }
  return wanted;
}
