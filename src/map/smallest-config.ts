import type { CoreConfig } from "../arch/core-config.js";
import type { Program } from "../program/program.js";
import { shapeSize } from "../program/program.js";
import type { SnnGraph } from "../snn/graph.js";
import { SpikewrightError } from "../support/diagnostic.js";
import { type MapOptions, type Mapping, tryMapping } from "./map.js";

/** Larger than any memory needs to be: addresses of the core have 16 bits, depths at most 2^15 words of them. */
const largest: Omit<CoreConfig, "lanes" | "weightBits" | "accumulatorBits"> = {
  name: "generic",
  membraneBits: 32,
  thresholdBits: 24,
  quotientBits: 8,
  indexBits: 16,
  weightDepth: 2 ** 16,
  listDepth: 2 ** 15,
  pointerDepth: 2 ** 15,
  parameterDepth: 2 ** 15,
  stateDepth: 2 ** 15,
  programDepth: 1024,
  linkDepth: 2 ** 15,
  dynamics: 0,
  learning: 0,
  scatter: 0,
  technology: "generic",
};

/**
 * A core of no particular board, as small as a network allows: for simulation when no real core fits or none is named.
 * Depths are powers of two. With 16 lanes, or 32 where the weights need it.
 *
 * @returns The configuration, and the network mapped to it.
 * @throws SpikewrightError as `mapNetwork`, when no core can run it.
 */
export function smallestConfig(graph: SnnGraph, options: MapOptions = {}): Mapping & { readonly config: CoreConfig } {
  const bits = weightBits(graph);
  const accumulatorBits = bits <= 4 ? 16 : 32;
  let faults: SpikewrightError | undefined;
  for (const lanes of [16, 32]) {
    const roomy: CoreConfig = { ...largest, lanes, weightBits: bits, accumulatorBits };
    const attempt = tryMapping(graph, roomy, options);
    if (!attempt.mapping) {
      faults ??= new SpikewrightError(attempt.faults);
      continue;
    }
    const config = shrink(roomy, attempt.mapping.program);
    const { mapping } = tryMapping(graph, config, options);
    if (!mapping) throw new Error(`"${graph.name}" does not fit the core made for it`);
    return { ...mapping, config };
  }
  throw faults;
}

function weightBits(graph: SnnGraph): number {
  let most = 1;
  for (const { weights } of graph.projections) for (const w of weights) most = Math.max(most, w < 0 ? -w : w + 1);
  return most <= 2 ? 2 : most <= 8 ? 4 : 8;
}

function shrink(config: CoreConfig, { needs, input, name }: Program): CoreConfig {
  const depth = (words: number, least: number) => 2 ** Math.ceil(Math.log2(Math.max(words, least)));
  const sampleBytes = Math.ceil((shapeSize(input.shape) * input.bits) / 8);
  const thresholdBits = Math.max(8, needs.thresholdBits);
  const quotientBits = Math.max(2, needs.quotientBits);
  return {
    ...config,
    name: `generic-${name}`,
    thresholdBits,
    quotientBits,
    // the divider shifts the threshold to the largest plane inside the membrane's width
    membraneBits: Math.max(16, config.accumulatorBits, needs.membraneBits, thresholdBits + quotientBits),
    indexBits: Math.max(8, needs.indexBits),
    weightDepth: depth(needs.weightDepth, 16),
    listDepth: depth(needs.listDepth, 16),
    pointerDepth: depth(needs.pointerDepth, 16),
    parameterDepth: depth(needs.parameterDepth, 16),
    stateDepth: depth(needs.stateDepth, 16),
    programDepth: depth(needs.programDepth, 32),
    linkDepth: depth(sampleBytes + 64, 512),
  };
}
