import { type CoreConfig, genericStdpW8, up5kLifW4, up5kLifW8, up5kStdpW8 } from "../../../../src/arch/core-config.js";

const small = {
  indexBits: 8,
  weightDepth: 256,
  listDepth: 128,
  pointerDepth: 64,
  parameterDepth: 64,
  stateDepth: 128,
  programDepth: 512,
  technology: "generic",
} as const;

/** Cores with dynamics that are small enough to compare all of their memories. */
export const smallCores: readonly CoreConfig[] = [
  { ...up5kLifW4, ...small, name: "small-4x4", lanes: 4, learning: 2, scatter: 0 },
  { ...genericStdpW8, ...small, name: "small-8x8", lanes: 8 },
  { ...up5kStdpW8, ...small, name: "small-8x8-pairs", lanes: 8, learning: 1 },
  { ...up5kLifW8, ...small, name: "small-2x2", lanes: 2, weightBits: 2, accumulatorBits: 12, scatter: 0 },
  { ...up5kLifW8, ...small, name: "small-8x8-scatter" },
  { ...up5kLifW4, ...small, name: "small-16x4-scatter" },
];
