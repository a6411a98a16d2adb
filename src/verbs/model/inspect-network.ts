import { stat } from "node:fs/promises";
import { readStart } from "../../frontend/bytes/file.js";
import { type DynamicsGraph, type DynamicsPopulation, delaysOf, neuronCount } from "../../snn/dynamics/graph.js";
import { isNetworkFile, type Network } from "../../snn/file.js";
import { isDynamics, openAnyNetwork } from "../network/any-network.js";
import type { InspectedLayer, InspectResult } from "./inspection.js";

/** What a network file holds; undefined when the file is no network. */
export async function inspectNetwork(path: string): Promise<InspectResult | undefined> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry?.isFile() || !isNetworkFile((await readStart(path)).bytes)) return undefined;
  const network = await openAnyNetwork(path);
  const facts = isDynamics(network) ? dynamicsFacts(network.graph) : convertedFacts(network);
  return {
    file: path,
    format: isDynamics(network) ? "network with dynamics" : "network",
    producer: network.source.producer ?? network.source.format,
    ...facts,
    parametersTotal: facts.layers.reduce((sum, { parameters }) => sum + parameters, 0),
    kernelFlipUncertain: false,
    nir: null,
  };
}

type Facts = Pick<InspectResult, "name" | "inputs" | "outputs" | "layers">;

function dynamicsFacts({ name, inputs, populations, projections, readout }: DynamicsGraph): Facts {
  const takers = [...inputs, ...populations.filter(({ values }) => values)];
  const sizes = new Map([...inputs, ...populations].map((part) => [part.name, neuronCount(part.shape)]));
  return {
    name,
    inputs: takers.map((part) => ({ name: part.name, shape: part.shape })),
    outputs: [readout.population],
    layers: [
      ...populations.map((population) =>
        layer(population.name, roleOf(population), population.shape, 5 * population.neurons.length),
      ),
      ...projections.map((p) => {
        const text = `${p.synapses.kind}${p.plasticity ? ", plastic" : ""}, delay ${delaysOf(p).join(", ")}`;
        return layer(p.name, text, [sizes.get(p.source)!, sizes.get(p.target)!], p.synapses.weights.length);
      }),
    ],
  };
}

function roleOf({ values, winnerTakeAll }: DynamicsPopulation): string {
  if (values) return "encoder";
  return winnerTakeAll ? "winner-take-all" : "neurons";
}

function convertedFacts({ quant }: Network): Facts {
  return {
    name: quant.name,
    inputs: [{ name: quant.input.name, shape: quant.input.shape }],
    outputs: quant.layers.slice(-1).map((last) => last.name),
    layers: quant.layers.map((one) =>
      one.kind === "pool"
        ? layer(one.name, `${one.op} pool`, one.shape, 0)
        : layer(one.name, one.activation.kind === "none" ? "readout" : "neurons", one.shape, weightsOf(one.terms)),
    ),
  };
}

function weightsOf(terms: readonly { readonly weights: ArrayLike<number> }[]): number {
  return terms.reduce((sum, { weights }) => sum + weights.length, 0);
}

function layer(name: string, op: string, shape: readonly number[], parameters: number): InspectedLayer {
  return { layer: name, op, kind: "network", shape, parameters, reason: null };
}
