import { histogram } from "../../report/chart/bins.js";
import { histogramChart } from "../../report/chart/histogram.js";
import { type PotentialTrace, potentialTraces } from "../../report/chart/potentials.js";
import { weightMaps } from "../../report/chart/weight-maps.js";
import { type RasterSpike, spikeRaster } from "../../report/raster.js";
import { probe, type RecordedSpike, recordRaster } from "../../sim/dynamics/recording.js";
import { openDynamics } from "../../sim/dynamics/simulator.js";
import { type DynamicsGraph, neuronCount } from "../../snn/dynamics/graph.js";
import { failure } from "../../support/diagnostic.js";
import { writeWhole } from "../write-file.js";

/** Files to draw into, SVG each. */
export interface DrawingOptions {
  /** Spikes of all populations and events of all inputs. */
  readonly raster?: string;
  /** Membrane potentials, step by step. */
  readonly membrane?: string;
  /** Whose potentials: `population:neuron`. By default those of the readout. */
  readonly neurons?: readonly string[];
  /** Weights of the first dense projection after the sample, an image for each target neuron. */
  readonly weightMap?: string;
  /** All its weights as a histogram. */
  readonly weightHistogram?: string;
}

/**
 * Draws a sample of a network with dynamics as the reference simulator runs it.
 *
 * @param lanes Of the core that is meant; matters for the draws of stochastic learning.
 * @returns The files written, and all spikes.
 * @throws SpikewrightError `unknown-neuron`, `no-dense-projection`.
 */
export async function drawSteps(
  graph: DynamicsGraph,
  sample: Uint8Array,
  title: string,
  options: DrawingOptions,
  lanes: number,
): Promise<{ readonly files: string[]; readonly spikes: readonly RecordedSpike[] }> {
  const simulator = openDynamics(graph, { lanes });
  const sources = [...graph.inputs, ...graph.populations];
  const raster = recordRaster(
    simulator,
    sources.map(({ name }) => name),
  );
  const probed = chosenNeurons(graph, options.neurons).map(({ population, neuron }) => ({
    population,
    neuron,
    values: probe(simulator, population, neuron),
    threshold: simulator.neuron(population, neuron).vThreshold,
  }));
  simulator.runSample(sample);
  const files: string[] = [];
  const draw = async (path: string | undefined, drawing: () => string) => {
    if (path === undefined) return;
    await writeWhole(path, drawing());
    files.push(path);
  };
  await draw(options.raster, () => {
    const places = new Map(sources.map(({ name }, place) => [name, place]));
    const spikes = raster.map(
      ({ step, source, neuron }): RasterSpike => ({ step, population: places.get(source)!, neuron, count: 1 }),
    );
    const bands = sources.map(({ name, shape }) => ({ name, neurons: neuronCount(shape) }));
    return spikeRaster(title, graph.steps, bands, spikes);
  });
  await draw(options.membrane, () =>
    potentialTraces(
      title,
      probed.map(({ population, neuron, values, threshold }): PotentialTrace => {
        const spikes = raster.filter((s) => s.source === population && s.neuron === neuron).map(({ step }) => step);
        // what no potential reaches is no threshold
        const line = threshold <= 32767 ? { threshold } : {};
        return { name: `${population} ${neuron}`, values, spikes, ...line };
      }),
    ),
  );
  const learned = (options.weightMap ?? options.weightHistogram) ? denseProjection(simulator.snapshot()) : undefined;
  await draw(options.weightMap, () => weightMaps(title, learned!.maps, learned!.width));
  await draw(options.weightHistogram, () => {
    const { values } = learned!;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return histogramChart(title, histogram(values), mean, "weight, lsb", undefined, "synapses");
  });
  return { files, spikes: raster };
}

function chosenNeurons(graph: DynamicsGraph, names: readonly string[] | undefined) {
  const readout = graph.populations.find(({ name }) => name === graph.readout.population)!;
  if (!names)
    return Array.from({ length: neuronCount(readout.shape) }, (_, neuron) => ({ population: readout.name, neuron }));
  return names.map((text) => {
    const colon = text.lastIndexOf(":");
    const found = graph.populations.find(({ name }) => name === text.slice(0, colon));
    const neuron = Number(text.slice(colon + 1));
    if (found && Number.isInteger(neuron) && neuron >= 0 && neuron < neuronCount(found.shape))
      return { population: found.name, neuron };
    throw failure({
      code: "unknown-neuron",
      message: `Cannot draw "${text}": found no such neuron, wanted POPULATION:NEURON`,
      place: { item: text },
      wanted: graph.populations.map(({ name, shape }) => `${name}:0..${neuronCount(shape) - 1}`).join(", "),
    });
  });
}

/** The weights of the first dense projection, by target neuron and all together. */
function denseProjection(graph: DynamicsGraph) {
  const found = graph.projections.find(({ synapses }) => synapses.kind === "dense");
  if (!found)
    throw failure({
      code: "no-dense-projection",
      message: `Cannot draw the weights of "${graph.name}": it has no dense projection`,
      place: { item: graph.name },
    });
  const { weights } = found.synapses;
  const { shape } = [...graph.inputs, ...graph.populations].find(({ name }) => name === found.source)!;
  const sources = neuronCount(shape);
  const targets = weights.length / sources;
  const width = shape[0] > 1 ? shape[1] * shape[2] : Math.ceil(Math.sqrt(sources));
  const maps = Array.from({ length: targets }, (_, j) => ({
    label: String(j),
    weights: Int8Array.from({ length: sources }, (_, i) => weights[i * targets + j]!),
  }));
  return { maps, width, values: Array.from(weights) };
}
