import { z } from "zod";

/** Version of the file format; readers refuse others. */
export const networkFileVersion = 1;

const count = z
  .int()
  .min(0)
  .max(2 ** 30);
const name = z.string().min(1).max(1000);
const shape = z.tuple([count, count, count]).readonly();
const pair = z.tuple([count, count]).readonly();
const finite = z.number().refine(Number.isFinite);
/** Place of an array in `arrays.bin`. */
const array = z.strictObject({ type: z.enum(["int8", "int32"]), offset: count, length: count });

const input = z.strictObject({
  name,
  shape,
  bits: z.int().min(1).max(8),
  scale: finite,
  zero: finite,
  inputScale: finite,
  inputOffset: finite,
  layout: z.enum(["channels-last", "channels-first"]),
  margin: z.tuple([count, count, count, count]).readonly(),
});

const term = z.strictObject({
  from: name,
  kernel: pair,
  stride: pair,
  padding: pair,
  groups: count,
  weights: array,
  weightBits: z.int().min(1).max(32),
});

const activation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("quantize"), theta: array, min: z.int(), max: z.int(), scale: finite }),
  z.strictObject({ kind: z.literal("none"), scale: finite }),
]);

const neurons = z.strictObject({
  kind: z.literal("neurons"),
  name,
  shape,
  terms: z.array(term).max(64).readonly(),
  v0: array,
  activation,
  membraneBits: z.int().min(1).max(53),
});

const pool = z.strictObject({
  kind: z.literal("pool"),
  name,
  shape,
  from: name,
  op: z.enum(["max", "sum"]),
  window: pair,
  stride: pair,
  padding: pair,
  range: z.tuple([z.int(), z.int()]).readonly(),
});

const ledgerLine = z.strictObject({
  layer: z.string(),
  op: z.string(),
  outcome: z.enum(["converted", "folded", "approximated", "host-side", "rejected"]),
  note: z.string(),
});

/** `manifest.json` of a network file. */
export const networkManifest = z.strictObject({
  format: z.literal("spikewright-network"),
  version: z.literal(networkFileVersion),
  name,
  input,
  layers: z
    .array(z.discriminatedUnion("kind", [neurons, pool]))
    .min(1)
    .max(10_000)
    .readonly(),
  schedule: z.enum(["graded", "radix", "unary", "pipelined"]),
  source: z.strictObject({ format: z.string(), producer: z.string().optional(), file: z.string().optional() }),
  ledger: z.array(ledgerLine).max(100_000).readonly(),
  /** Per-layer error table and whatever else the conversion reports; shown, never computed with. */
  report: z
    .array(z.record(z.string(), z.union([z.string(), finite, z.null()])))
    .max(10_000)
    .readonly(),
});

export type NetworkManifest = z.output<typeof networkManifest>;
export type ArrayPlace = z.output<typeof array>;
