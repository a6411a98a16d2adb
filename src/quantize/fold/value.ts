import { elements } from "../../support/tensor.js";
import type { PoolLayer, Shape3 } from "../graph.js";
import type { FoldedTerm, Watch } from "./folded.js";

/**
 * A value of the source model, seen as elements of cores: element `i` (row-major in `shape`) is element `element[i]` of
 * `cores[coreOf[i]]`, or the constant 0 where `element[i] < 0`. So reshape, transpose, pad, concat, slice … only move
 * indices.
 */
export interface Value {
  readonly shape: readonly number[];
  readonly cores: readonly Core[];
  readonly coreOf: Uint16Array;
  readonly element: Int32Array;
}

export type Core = LayerCore | PendingCore;

/** A layer that exists: neurons or a pool that were emitted, or the input. */
export interface LayerCore {
  readonly kind: "layer";
  readonly name: string;
  readonly shape: Shape3;
  /** No value can be below 0. */
  readonly nonNegative: boolean;
}

/** A sum that waits for its staircase. */
export interface PendingCore {
  readonly kind: "pending";
  /** Name of the layer that it will become. */
  readonly name: string;
  readonly shape: Shape3;
  readonly terms: readonly FoldedTerm[];
  readonly bias: Float64Array;
  readonly watch?: Watch;
  /** Set when the sum is no more than `scale * x + offset` of one layer, per channel. */
  readonly affine?: { readonly of: LayerCore; readonly scale: Float64Array; readonly offset: Float64Array };
  /** Set when a maximum pool follows the staircase; `shape` is then that of the pool, `inner` that of the sum. */
  readonly pool?: { readonly layer: Omit<PoolLayer, "range" | "from">; readonly inner: Shape3 };
}

/** The whole of one core, in its own order. */
export function wholeValue(core: Core, shape: readonly number[]): Value {
  const count = elements(core.shape);
  const element = Int32Array.from({ length: count }, (_, i) => i);
  return { shape, cores: [core], coreOf: new Uint16Array(count), element };
}

/** The same elements with other cores, index by index. */
export function withCores(value: Value, change: (core: Core, index: number) => Core): Value {
  return { ...value, cores: value.cores.map(change) };
}

/** The same elements in the same order under another shape. */
export function reshaped(value: Value, shape: readonly number[]): Value {
  return { ...value, shape };
}

/**
 * A value of `shape` whose element `i` is element `from(i)` of `value`, or 0 where `from(i) < 0`.
 */
export function rearranged(value: Value, shape: readonly number[], from: (i: number) => number): Value {
  const count = elements(shape);
  const coreOf = new Uint16Array(count);
  const element = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const source = from(i);
    if (source < 0) continue;
    coreOf[i] = value.coreOf[source]!;
    element[i] = value.element[source]!;
  }
  return { shape, cores: value.cores, coreOf, element };
}

/** Several values one after another along `axis`. */
export function concatenated(values: readonly Value[], axis: number, shape: readonly number[]): Value {
  const cores: Core[] = [];
  const count = elements(shape);
  const coreOf = new Uint16Array(count);
  const element = new Int32Array(count);
  const inner = elements(shape.slice(axis + 1));
  const row = shape[axis]! * inner;
  let start = 0;
  for (const value of values) {
    const own = value.cores.map((core) => {
      if (!cores.includes(core)) cores.push(core);
      return cores.indexOf(core);
    });
    const width = value.shape[axis]! * inner;
    for (let i = 0; i < value.element.length; i++) {
      const target = Math.floor(i / width) * row + start + (i % width);
      coreOf[target] = own[value.coreOf[i]!]!;
      element[target] = value.element[i]!;
    }
    start += width;
  }
  return { shape, cores, coreOf, element };
}

/** Whether a value is all of one core, in the order of the core. */
export function isWhole(value: Value): boolean {
  return (
    value.cores.length === 1 &&
    value.element.length === elements(value.cores[0]!.shape) &&
    value.element.every((e, i) => e === i)
  );
}

/** A shape of at most three axes as `[height, width, channels]`, or undefined. */
export function featureShape(shape: readonly number[]): Shape3 | undefined {
  if (shape.length > 3) return undefined;
  const [channels = 1, width = 1, height = 1] = shape.toReversed();
  return [height, width, channels];
}
