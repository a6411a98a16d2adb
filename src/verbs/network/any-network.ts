import { readFile } from "node:fs/promises";
import type { Samples } from "../../frontend/data/samples.js";
import type { QuantGraph } from "../../quantize/graph.js";
import { encodeSample, rawCount } from "../../snn/dynamics/encoding.js";
import { type DynamicsNetwork, readDynamics } from "../../snn/dynamics/file/file.js";
import { isNetworkFile, type Network } from "../../snn/file.js";
import type { Schedule, SnnGraph } from "../../snn/graph.js";
import type { VerbContext } from "../context.js";
import { type DataOptions, readSamples } from "../model/input.js";
import { openNetwork, readLevels } from "./read-network.js";

/** A network in both forms that engines run. */
export interface RunnableNetwork {
  readonly quant: QuantGraph;
  readonly snn: SnnGraph;
  readonly schedule: Schedule;
}

/** A converted network, or one with dynamics. */
export type AnyNetwork = Network | DynamicsNetwork;

export function isDynamics(network: RunnableNetwork | DynamicsNetwork): network is DynamicsNetwork {
  return "graph" in network;
}

/** Reads NET.spk of either kind. @throws as `openNetwork` and `readDynamics`. */
export async function openAnyNetwork(path: string): Promise<AnyNetwork> {
  const bytes = new Uint8Array(await readFile(path));
  const dynamics = isNetworkFile(bytes) ? readDynamics(bytes, path) : undefined;
  return dynamics ?? (await openNetwork(path));
}

/** Names of its populations, in the order in which they are updated. */
export function populationNames(network: AnyNetwork): readonly string[] {
  const { populations } = isDynamics(network) ? network.graph : network.snn;
  return populations.map(({ name }) => name);
}

/** The schedule that was asked for, or that of the network; networks with dynamics have only one. */
export function scheduleOf(network: AnyNetwork, asked: Schedule | undefined): Schedule | "step" {
  return isDynamics(network) ? "step" : (asked ?? network.schedule);
}

/** The class that a decision stands for. */
export function classOf(network: AnyNetwork, decision: number): number {
  return isDynamics(network) ? (network.classes?.[decision] ?? decision) : decision;
}

/** Reads samples for a network: raw values, and what engines take. */
export async function readAnyLevels(
  path: string,
  network: AnyNetwork,
  options: DataOptions,
  context: VerbContext,
): Promise<{ readonly samples: Samples; readonly levels: readonly Uint8Array[] }> {
  if (!isDynamics(network)) return readLevels(path, network, options, context);
  const { graph } = network;
  const encoding = {
    ...network.encoding,
    scale: options.inputScale ?? network.encoding.scale,
    offset: options.inputOffset ?? network.encoding.offset,
  };
  const size = rawCount(graph, encoding);
  const samples = await readSamples(path, rawShape(network, size), options, context);
  const levels = Array.from({ length: samples.count }, (_, n) =>
    encodeSample(graph, encoding, samples.data.subarray(n * size, (n + 1) * size)),
  );
  return { samples, levels };
}

/** Shape of the only thing that takes raw values, without axes of extent 1; or one axis. */
function rawShape({ graph, encoding }: DynamicsNetwork, size: number): readonly number[] {
  const takers = [...graph.inputs, ...graph.populations.filter(({ values }) => values)];
  const [only] = takers;
  if (encoding.kind === "delta" && graph.inputs.length === takers.length) return [graph.steps, size / graph.steps];
  if (encoding.kind === "events" || takers.length !== 1) return [size];
  const shape = only!.shape.filter((extent) => extent > 1);
  return shape.length > 0 ? shape : [1];
}
