import type { AnnGraph } from "../../ann/graph.js";
import type { Dialect } from "./topology/dialect.js";

/**
 * Whether convolution kernels are stored rotated by 180 degrees: files written under Theano have them so. `auto` follows
 * the backend that the file states, and takes the kernels as they are where it states none.
 */
export type FlipKernels = "auto" | "yes" | "no";

/** A graph whose file does not say whether its kernels are rotated. */
export interface ImportedGraph extends AnnGraph {
  /** True when only accuracy on labelled data can tell. */
  readonly kernelFlipUncertain?: boolean;
}

/**
 * Whether `loadModel` with `flipKernels: "auto"` had to guess: Keras 1 files do not state their backend. The caller who has
 * labelled data loads the model with "yes" and "no" and keeps the better one.
 */
export function kernelFlipUncertain(graph: AnnGraph): boolean {
  return (graph as ImportedGraph).kernelFlipUncertain === true;
}

/** Whether to rotate the kernels of a file of this dialect. */
export function flipsKernels(dialect: Dialect, wanted: FlipKernels): boolean {
  return wanted === "auto" ? dialect.backend === "theano" : wanted === "yes";
}

/** Mark `graph` when its kernels may be rotated and neither the file nor the user says. */
export function withFlipDoubt(graph: AnnGraph, dialect: Dialect, wanted: FlipKernels): ImportedGraph {
  const isOpen = wanted === "auto" && dialect.backend === undefined && dialect.major < 3;
  const hasKernels = graph.nodes.some(
    (node) => (node.op === "conv" || node.op === "conv-transpose") && node.kernel.shape.slice(0, -2).some((n) => n > 1),
  );
  return isOpen && hasKernels ? { ...graph, kernelFlipUncertain: true } : graph;
}
