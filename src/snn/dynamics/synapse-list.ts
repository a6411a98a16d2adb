import { axisTaps } from "../../arch/synapse/window.js";
import type { Shape3 } from "../../quantize/graph.js";
import { type DynamicsProjection, delaysOf, neuronCount, type SynapseMatrix } from "./graph.js";

/** Synapses by source neuron: those of neuron i are `first[i] .. first[i + 1] - 1`. */
export interface SynapseList {
  readonly first: Int32Array;
  readonly targets: Int32Array;
  /** Position of the synapse's weight in the array of its projection; several synapses may share one. */
  readonly weights: Int32Array;
}

/** Lists the synapses of a projection, in the order of source and target neurons. */
export function listSynapses(synapses: SynapseMatrix, source: Shape3, target: Shape3): SynapseList {
  const sources = neuronCount(source);
  switch (synapses.kind) {
    case "dense":
      return uniform(sources, neuronCount(target), (i, j) => [j, i * neuronCount(target) + j]);
    case "one-to-one":
      return uniform(sources, 1, (i) => [i, synapses.weights.length === 1 ? 0 : i]);
    case "sparse":
      return sorted(synapses.sources, synapses.targets, sources);
    case "convolution":
      return slid(synapses, source, target);
  }
}

/** Synapses of a projection that take the same number of steps. */
export interface Tap {
  readonly delay: number;
  readonly list: SynapseList;
}

/** The synapses of a projection by delay, the shortest first. */
export function tapsOf(projection: DynamicsProjection, source: Shape3, target: Shape3): readonly Tap[] {
  const { delay, delays, synapses } = projection;
  const list = listSynapses(synapses, source, target);
  if (!delays) return [{ delay, list }];
  const stepsOf = (i: number, k: number) => delay + delays.steps[delays.of === "source" ? i : list.weights[k]!]!;
  return delaysOf(projection).map((own) => ({ delay: own, list: picked(list, (i, k) => stepsOf(i, k) === own) }));
}

/** Position of the weight of each pair of neurons in the array of its projection, `[source][target]`; -1: no synapse. */
export function placesOf({ first, targets, weights }: SynapseList, targetCount: number): Int32Array {
  const places = new Int32Array((first.length - 1) * targetCount).fill(-1);
  for (let i = 0; i + 1 < first.length; i++)
    for (let k = first[i]!; k < first[i + 1]!; k++) places[i * targetCount + targets[k]!] = weights[k]!;
  return places;
}

/** Those synapses of a list that are wanted; `k` counts them through. */
function picked({ first, targets, weights }: SynapseList, isWanted: (i: number, k: number) => boolean): SynapseList {
  const kept: number[] = [];
  const begins = [0];
  for (let i = 0; i + 1 < first.length; i++) {
    for (let k = first[i]!; k < first[i + 1]!; k++) if (isWanted(i, k)) kept.push(k);
    begins.push(kept.length);
  }
  return {
    first: Int32Array.from(begins),
    targets: Int32Array.from(kept, (k) => targets[k]!),
    weights: Int32Array.from(kept, (k) => weights[k]!),
  };
}

function uniform(sources: number, each: number, at: (i: number, j: number) => readonly [number, number]): SynapseList {
  const targets = new Int32Array(sources * each);
  const weights = new Int32Array(sources * each);
  for (let k = 0; k < targets.length; k++) [targets[k], weights[k]] = at(Math.floor(k / each), k % each);
  return { first: Int32Array.from({ length: sources + 1 }, (_, i) => i * each), targets, weights };
}

function sorted(from: Int32Array, to: Int32Array, sources: number): SynapseList {
  const order = Int32Array.from(from, (_, k) => k).sort((a, b) => from[a]! - from[b]! || to[a]! - to[b]!);
  const first = new Int32Array(sources + 1);
  for (const i of from) first[i + 1]!++;
  for (let i = 0; i < sources; i++) first[i + 1]! += first[i]!;
  return { first, targets: order.map((k) => to[k]!), weights: order };
}

function slid(
  { kernel, stride, padding }: Extract<SynapseMatrix, { kind: "convolution" }>,
  source: Shape3,
  target: Shape3,
): SynapseList {
  const rows = axisTaps(source[0], target[0], kernel[0], stride[0], padding[0]);
  const columns = axisTaps(source[1], target[1], kernel[1], stride[1], padding[1]);
  const first = [0];
  const targets: number[] = [];
  const weights: number[] = [];
  const channels = target[2];
  for (let i = 0; i < neuronCount(source); i++) {
    const channel = i % source[2];
    const x = Math.floor(i / source[2]) % source[1];
    const y = Math.floor(i / source[2] / source[1]);
    // Taps come from the largest target down; synapses go up.
    for (let r = rows.first[y + 1]! - 1; r >= rows.first[y]!; r--)
      for (let c = columns.first[x + 1]! - 1; c >= columns.first[x]!; c--)
        for (let o = 0; o < channels; o++) {
          targets.push((rows.target[r]! * target[1] + columns.target[c]!) * channels + o);
          weights.push(((rows.window[r]! * kernel[1] + columns.window[c]!) * source[2] + channel) * channels + o);
        }
    first.push(targets.length);
  }
  return { first: Int32Array.from(first), targets: Int32Array.from(targets), weights: Int32Array.from(weights) };
}
