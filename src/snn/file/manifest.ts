import { z } from "zod";

/** Raised when a reader of the old version would misread the file. */
export const formatVersion = 1;

const name = z.string().min(1).max(512);
const text = z.string().max(4096);
const whole = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const extent = z
  .number()
  .int()
  .min(1)
  .max(2 ** 24);
const shape = z.tuple([extent, extent, extent]).readonly();
const pair = z.tuple([whole, whole]).readonly();
const number = z.number();

const input = z.strictObject({
  name,
  shape,
  bits: whole,
  scale: number,
  zero: whole,
  inputScale: number,
  inputOffset: number,
  layout: z.enum(["channels-last", "channels-first"]),
  margin: z.tuple([whole, whole, whole, whole]).readonly(),
});

const term = z.strictObject({
  from: name,
  kernel: pair,
  stride: pair,
  padding: pair,
  groups: extent,
  weightBits: z.number().int().min(1).max(16),
  /** Number of weights in `parameters.bin`. */
  weights: whole,
});

const activation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("quantize"), min: z.number().int(), max: z.number().int(), scale: number }),
  z.strictObject({ kind: z.literal("none"), scale: number }),
]);

const layer = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("neurons"),
    name,
    shape,
    membraneBits: whole,
    activation,
    terms: z.array(term).max(1024),
  }),
  z.strictObject({
    kind: z.literal("pool"),
    name,
    shape,
    from: name,
    op: z.enum(["max", "sum"]),
    window: pair,
    stride: pair,
    padding: pair,
    range: z.tuple([z.number().int(), z.number().int()]).readonly(),
  }),
]);

const ledgerLine = z.strictObject({
  layer: name,
  op: text,
  outcome: z.enum(["converted", "folded", "approximated", "host-side", "rejected"]),
  note: text,
});

const layerReport = z.strictObject({
  name,
  neurons: whole,
  weights: whole,
  weightBits: whole,
  activationBits: whole,
  thresholdBits: whole,
  membraneBits: whole,
  sumBits: whole,
  maxError: number,
  meanError: number,
  saturatedPercent: number,
  deadPercent: number,
});

/** `manifest.json`: everything but the integer arrays, which follow the order of the layers (see `file.ts`). */
export const manifestSchema = z.strictObject({
  format: z.literal("spikewright-network"),
  version: z.literal(formatVersion),
  name,
  schedule: z.enum(["graded", "radix", "unary", "pipelined"]),
  /** Names of the readout's outputs. */
  labels: z
    .array(text)
    .max(2 ** 16)
    .optional(),
  source: z.strictObject({ format: text, producer: text.optional(), file: text.optional() }),
  input,
  layers: z.array(layer).min(1).max(4096),
  ledger: z.array(ledgerLine).max(2 ** 16),
  report: z.array(layerReport).max(4096),
});

export type Manifest = z.infer<typeof manifestSchema>;
