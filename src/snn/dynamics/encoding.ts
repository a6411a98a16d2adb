import { nextNoise, seedNoise } from "../../arch/dynamics/noise.js";
import { failure } from "../../support/diagnostic.js";
import { DeltaEncoder } from "./delta.js";
import type { DynamicsGraph } from "./graph.js";
import { type SampleLayout, type SamplePart, sampleLayout } from "./sample.js";

/**
 * How raw values become a sample. A raw value becomes `q = clamp(floor(value * scale + offset + 0.5), 0, 255)`, and then
 *
 *   `values`   one q a neuron: encoders and `current` inputs take it, `events` inputs take it in every step, all clipped to their
 *              largest value
 *   `regular`  events: q is added up in every step, and an event is sent for each 256
 *   `random`   events: one where q is larger than a draw 0..255 (src/arch/dynamics/noise.ts), neuron by neuron, step by step
 *   `delta`    events where a signal moves (`DeltaEncoder`): one q a signal and step, on and off neurons side by side
 *   `events`   the raw values are the whole sample, in its order
 */
export type SampleEncoding = {
  readonly scale: number;
  readonly offset: number;
} & (
  | { readonly kind: "values" | "regular" | "random" | "events" }
  /** Least move of q that sends an event, 1..255. */
  | { readonly kind: "delta"; readonly threshold: number }
);

/**
 * Raw values that a sample is made of.
 *
 * @throws SpikewrightError `encoding-unsupported`: `delta` with an odd number of neurons in a step.
 */
export function rawCount(graph: DynamicsGraph, { kind }: SampleEncoding): number {
  const { begin, step, size, rewards, stepSize } = sampleLayout(graph);
  if (kind === "events") return size - rewards;
  const first = begin.reduce((sum, part) => sum + part.size, 0);
  if (kind !== "delta") return step.reduce((sum, part) => sum + part.size, first);
  const odd = step.find((part) => part.size % 2 !== 0);
  if (!odd) return first + (graph.steps * stepSize) / 2;
  throw failure({
    code: "encoding-unsupported",
    message: `Cannot encode changes for "${odd.name}": it has ${odd.size} neurons, wanted two for each signal`,
    place: { item: odd.name },
    found: String(odd.size),
    wanted: "an even number",
    hint: "Give the input the shape [height, width, 2]: on and off",
  });
}

/**
 * Makes a sample of raw values: first those of encoders and `current` inputs, then those of `events` inputs (`delta`: of
 * step 0, of step 1, …). The same values give the same sample. There is no reward in it.
 *
 * @param raw `rawCount` values.
 */
export function encodeSample(graph: DynamicsGraph, encoding: SampleEncoding, raw: ArrayLike<number>): Uint8Array {
  const layout = sampleLayout(graph);
  const sample = new Uint8Array(layout.size);
  const levels = Uint8Array.from(raw, (value) =>
    Math.min(Math.max(Math.floor(value * encoding.scale + encoding.offset + 0.5), 0), 255),
  );
  if (encoding.kind === "events") {
    sample.set(levels, layout.rewards);
    return sample;
  }
  let at = 0;
  for (const part of layout.begin) {
    sample.set(clipped(levels.subarray(at, at + part.size), part.max), part.offset);
    at += part.size;
  }
  if (encoding.kind === "delta") encodeChanges(sample, layout, graph.steps, levels.subarray(at), encoding.threshold);
  else encodeSteps(sample, layout, graph.steps, levels.subarray(at), encoding.kind, seedNoise(graph.seed));
  return sample;
}

function encodeChanges(
  sample: Uint8Array,
  { firstStep, stepSize }: SampleLayout,
  steps: number,
  levels: Uint8Array,
  threshold: number,
): void {
  const signals = stepSize / 2;
  const encoder = new DeltaEncoder(signals, { threshold });
  for (let t = 0; t < steps; t++)
    sample.set(encoder.step(levels.subarray(t * signals, (t + 1) * signals)), firstStep + t * stepSize);
}

function encodeSteps(
  sample: Uint8Array,
  { step: parts, firstStep, stepSize }: SampleLayout,
  steps: number,
  levels: Uint8Array,
  kind: "values" | "regular" | "random",
  seed: number,
): void {
  const sums = new Uint16Array(levels.length);
  const most = maxima(parts);
  let noise = seed;
  for (let t = 0; t < steps; t++) {
    const first = firstStep + t * stepSize;
    for (let n = 0; n < levels.length; n++) {
      if (kind === "values") sample[first + n] = Math.min(levels[n]!, most[n]!);
      else if (kind === "random") {
        noise = nextNoise(noise);
        sample[first + n] = levels[n]! > (noise & 0xff) ? 1 : 0;
      } else {
        sums[n]! += levels[n]!;
        sample[first + n] = sums[n]! >> 8;
        sums[n]! &= 0xff;
      }
    }
  }
}

/** Largest value of each neuron of a step. */
function maxima(parts: readonly SamplePart[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(({ size, max }) => new Array<number>(size).fill(max)));
}

function clipped(levels: Uint8Array, max: number): Uint8Array {
  return levels.map((level) => Math.min(level, max));
}
