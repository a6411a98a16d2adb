import type { Padding } from "../../../../ann/graph.js";
import { Unsupported } from "../unsupported.js";

/** How a convolution or pool walks over its spatial axes. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: "valid" | "same" | "causal";
  /** `same` places the window as Theano does for this operation. */
  readonly theano?: "conv" | "pool";
}

/**
 * Explicit padding and result extents of a window over `extents` (-1: open).
 *
 * `same` gives `ceil(extent / stride)` results and pads the odd cell at the end; Theano starts half a window (pool: see
 * `theanoStart`) before the first cell instead, whatever the stride.
 *
 * @throws Unsupported for `same` with a stride above 1 on an open extent.
 */
export function placeWindow(extents: readonly number[], window: Window): { padding: Padding; extents: number[] } {
  const axes = extents.map((extent, i) => placeAxis(extent, i, window));
  return { padding: axes.map((axis) => axis.padding), extents: axes.map((axis) => axis.extent) };
}

function placeAxis(extent: number, i: number, window: Window): { padding: [number, number]; extent: number } {
  const stride = window.strides[i]!;
  const reach = (window.size[i]! - 1) * window.dilations[i]!;
  if (window.padding === "valid")
    return { padding: [0, 0], extent: extent < 0 ? -1 : Math.floor((extent - reach - 1) / stride) + 1 };
  if (window.padding === "causal")
    return { padding: [reach, 0], extent: extent < 0 ? -1 : Math.floor((extent - 1) / stride) + 1 };
  if (extent < 0) {
    if (stride !== 1) {
      throw new Unsupported(
        `padding "same" with stride ${stride} needs a known input size`,
        "Fix the input shape of the model and save it again",
      );
    }
    const before = window.theano ? theanoStart(window.size[i]!, reach, window.theano) : Math.floor(reach / 2);
    return { padding: [before, Math.max(0, reach - before)], extent: -1 };
  }
  const results = Math.ceil(extent / stride);
  const missing = (results - 1) * stride + reach + 1 - extent;
  const before = window.theano
    ? theanoStart(window.size[i]!, reach, window.theano)
    : Math.floor(Math.max(0, missing) / 2);
  return { padding: [before, Math.max(0, missing - before)], extent: results };
}

/** Cells that Theano's `same` puts before the first: half a window; a pool of odd size above 2 one cell fewer than `reach`. */
function theanoStart(size: number, reach: number, operation: "conv" | "pool"): number {
  if (operation === "conv") return Math.floor((reach + 1) / 2);
  return size > 2 && size % 2 === 1 ? size - 2 : size - 1;
}
