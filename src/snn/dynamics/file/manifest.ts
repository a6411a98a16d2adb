import { z } from "zod";

/** Raised when a reader of the old version would misread the file. */
export const dynamicsVersion = 1;

const name = z.string().min(1).max(512);
const text = z.string().max(4096);
const count = z
  .number()
  .int()
  .min(0)
  .max(2 ** 24);
const integer = z.number().int();
const extent = z.number().int().min(1).max(65536);
const shape = z.tuple([extent, extent, extent]).readonly();
const pair = z.tuple([integer, integer]).readonly();
const rounding = z.enum(["floor", "nearest", "up", "away"]);

const trace = z.strictObject({
  decay: z.enum(["exponential", "timer", "count"]),
  shift: integer,
  increment: integer,
  sets: z.boolean(),
});

const dynamics = z.strictObject({
  leakRounding: rounding,
  currentLoss: integer,
  currentRounding: rounding,
  reset: z.enum(["subtract", "value", "none"]),
  delayedReset: z.boolean(),
  gate: z.enum(["hold", "ignore-input", "no-fire"]),
  noise: z.boolean(),
  adaptation: z.strictObject({ increment: integer, decay: integer, scale: integer }),
  preTrace: trace,
  postTrace: trace,
});

const population = z.strictObject({
  name,
  shape,
  /** Neurons in `parameters.bin`, five numbers each. */
  neurons: count,
  dynamics,
  values: z.strictObject({ max: integer }).optional(),
  winnerTakeAll: z.strictObject({ inhibition: integer, block: integer }).optional(),
});

const synapses = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("dense"), weights: count }),
  z.strictObject({ kind: z.literal("one-to-one"), weights: count }),
  z.strictObject({ kind: z.literal("sparse"), weights: count }),
  z.strictObject({ kind: z.literal("convolution"), weights: count, kernel: pair, stride: pair, padding: pair }),
]);

const preRule = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("rectangular"), amount: integer }),
  z.strictObject({ kind: z.literal("trace"), shift: integer, stochastic: z.boolean() }),
  z.strictObject({ kind: z.literal("spike-driven"), amount: integer, vTheta: integer, up: pair, down: pair }),
]);
const postRule = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("rectangular"), amount: integer, offset: integer }),
  z.strictObject({ kind: z.literal("trace"), shift: integer, stochastic: z.boolean(), offset: integer }),
]);

const plasticity = z.strictObject({
  rule: z.strictObject({ pre: preRule, post: postRule, min: integer, max: integer }),
  /** Numbers in `parameters.bin`. */
  enabled: count.optional(),
  eligibility: z.strictObject({ min: integer, max: integer, shift: integer, decay: integer }).optional(),
});

/** `manifest.json` of a network with dynamics: everything but the integer arrays, which follow in this order. */
export const dynamicsManifestSchema = z.strictObject({
  format: z.literal("spikewright-dynamics"),
  version: z.literal(dynamicsVersion),
  name,
  steps: integer,
  reset: z.enum(["sample", "never"]),
  seed: integer,
  encoding: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.enum(["values", "regular", "random", "events"]),
      scale: z.number(),
      offset: z.number(),
    }),
    z.strictObject({
      kind: z.literal("delta"),
      threshold: integer.min(1).max(255),
      scale: z.number(),
      offset: z.number(),
    }),
  ]),
  inputs: z.array(z.strictObject({ name, shape, kind: z.enum(["events", "current"]), max: integer })).max(256),
  populations: z.array(population).max(256),
  projections: z
    .array(
      z.strictObject({
        name,
        source: name,
        target: name,
        delay: integer,
        delays: z.strictObject({ of: z.enum(["source", "synapse"]), steps: count }).optional(),
        synapses,
        plasticity: plasticity.optional(),
      }),
    )
    .max(1024),
  readout: z.strictObject({ population: name, kind: z.enum(["potential", "count"]) }),
  /** Class of each neuron of the readout; -1: none. */
  classes: z.array(integer.min(-1).max(65535)).max(65536).optional(),
  /** Names of the classes. */
  labels: z.array(text).max(65536).optional(),
  source: z.strictObject({ format: text, producer: text.optional(), file: text.optional() }),
});

export type DynamicsManifest = z.infer<typeof dynamicsManifestSchema>;
