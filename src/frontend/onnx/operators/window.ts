import type { Padding } from "../../../ann/graph.js";
import type { Attributes } from "../attributes.js";
import { refuse } from "../refusal.js";

/** How a kernel or pool moves over the spatial axes. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** As the model states it, or as its `auto_pad` gives it. */
  readonly padding: Padding;
  /** Cells that windows reach past the padding, because the extents of the result are rounded up. */
  readonly overhang: readonly number[];
}

/** Attributes of a window over `spatial` extents. */
export function windowOf(attributes: Attributes, spatial: readonly number[], size: readonly number[]): Window {
  const strides = list(attributes, "strides", size.length, 1);
  const dilations = list(attributes, "dilations", size.length, 1);
  if (strides.some((s) => s < 1) || dilations.some((d) => d < 1) || size.some((s) => s < 1)) {
    throw refuse("attribute", `a window of size [${size}], strides [${strides}], dilations [${dilations}]`);
  }
  const reach = size.map((s, k) => (s - 1) * dilations[k]! + 1);
  const auto = attributes.string("auto_pad", "NOTSET");
  let padding: Padding;
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
    padding = spatial.map((extent, k) => samePadding(extent, strides[k]!, reach[k]!, auto));
  } else if (auto === "VALID") {
    padding = size.map(() => [0, 0] as const);
  } else {
    const pads = list(attributes, "pads", 2 * size.length, 0);
    padding = size.map((_, k) => [pads[k]!, pads[k + size.length]!] as const);
  }
  if (padding.flat().some((pad) => pad < 0)) throw refuse("attribute", `negative padding [${padding.flat()}]`);
  const roundsUp = attributes.flag("ceil_mode") && auto !== "SAME_UPPER" && auto !== "SAME_LOWER";
  const overhang = spatial.map((extent, k) =>
    roundsUp ? ceilOverhang(extent, padding[k]!, reach[k]!, strides[k]!) : 0,
  );
  return { size, strides, dilations, padding, overhang };
}

/** A list attribute with one entry an axis. */
export function list(attributes: Attributes, name: string, length: number, fallback: number): readonly number[] {
  const values = attributes.ints(name) ?? [];
  if (values.length === 0) return new Array<number>(length).fill(fallback);
  if (values.length !== length) throw refuse("attribute", `"${name}" [${values}], wanted ${length} numbers`);
  return values;
}

function samePadding(extent: number, stride: number, reach: number, auto: string): readonly [number, number] {
  if (extent < 0) throw refuse("open-extent", `padding of ${auto} on an open extent`, "Export with a fixed length");
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + reach - extent);
  const half = Math.floor(total / 2);
  return auto === "SAME_UPPER" ? [half, total - half] : [total - half, half];
}

/** Cells that a last window, added by rounding up, needs; a window that would start in the end padding is left out. */
function ceilOverhang(
  extent: number,
  [before, after]: readonly [number, number],
  reach: number,
  stride: number,
): number {
  if (extent < 0) throw refuse("open-extent", "ceil_mode on an open extent", "Export with a fixed length");
  let count = Math.ceil((extent + before + after - reach) / stride) + 1;
  if ((count - 1) * stride >= extent + before) count--;
  return Math.max(0, (count - 1) * stride + reach - (extent + before + after));
}
