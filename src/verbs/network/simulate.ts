import type { PopulationTrace, SampleResult } from "../../arch/device.js";
import { spikeRaster } from "../../report/raster.js";
import type { RecordedSpike } from "../../sim/dynamics/recording.js";
import { openRtlDevice } from "../../sim/rtl/core-device.js";
import { type DynamicsGraph, neuronCount } from "../../snn/dynamics/graph.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { coreSources } from "../hardware/core-sources.js";
import type { DataOptions } from "../model/input.js";
import { writeWhole } from "../write-file.js";
import { type AnyNetwork, classOf, isDynamics, openAnyNetwork, readAnyLevels, scheduleOf } from "./any-network.js";
import { mapToChosenCore } from "./core-choice.js";
import { mapDynamicsToChosenCore } from "./dynamics-core-choice.js";
import { type EngineOptions, lanesOf, openEngine, type simulatedEngines } from "./open-engine.js";
import { type DrawingOptions, drawSteps } from "./step-drawings.js";
import { stepSpikes } from "./step-spikes.js";

export interface SimulateOptions extends DataOptions, EngineOptions, DrawingOptions {
  readonly data: string;
  /** Which sample. Default 0. */
  readonly index?: number;
  /** Default `snn`. */
  readonly engine?: (typeof simulatedEngines)[number];
  /** Waveform of the Verilog core's monitor signals, written here. */
  readonly vcd?: string;
}

export interface SimulateResult {
  readonly engine: string;
  readonly schedule: string;
  readonly index: number;
  readonly decision: number;
  readonly steps: number;
  readonly cycles: number | null;
  readonly spikes: number | null;
  readonly synapticOperations: number | null;
  readonly stalls: number | null;
  /** Membrane potential of each readout neuron, lsb. */
  readonly potentials: readonly number[];
  readonly populations: readonly SimulatedPopulation[];
  /** Pipelined: the decision after each step. */
  readonly decisions: readonly number[];
  readonly files: readonly string[];
}

export interface SimulatedPopulation {
  readonly name: string;
  readonly neurons: number;
  /** Neurons that fired at all. */
  readonly active: number;
  readonly spikesTotal: number;
  readonly largestCount: number;
}

/** Runs one sample in detail. */
export async function simulate(
  path: string,
  options: SimulateOptions,
  context: VerbContext = {},
): Promise<SimulateResult> {
  const network = await openAnyNetwork(path);
  const index = options.index ?? 0;
  const { samples, levels } = await readAnyLevels(options.data, network, { ...options, limit: index + 1 }, context);
  const sample = levels[index];
  if (!sample) {
    throw failure({
      code: "sample-missing",
      message: `Cannot simulate sample ${index}: the data have ${samples.count} samples`,
      place: { item: "--index" },
      found: String(index),
      wanted: `0..${samples.count - 1}`,
      hint: "Give an index within the data",
    });
  }
  const schedule = scheduleOf(network, options.schedule);
  const engine = await openEngine(options.engine ?? "snn", network, options, context);
  let result: SampleResult;
  try {
    result = await engine.run(sample, { watch: true });
  } finally {
    await engine.close();
  }
  const { steps, decisions, files, populations } = await drawn(network, sample, index, options);
  if (options.vcd !== undefined) {
    await writeWhole(options.vcd, await waveformOf(network, sample, options, context));
    files.push(options.vcd);
  }
  return {
    engine: engine.engine,
    schedule,
    index,
    decision: classOf(network, result.decision),
    steps,
    cycles: result.cycles ?? null,
    spikes: result.spikes ?? null,
    synapticOperations: result.operations ?? null,
    stalls: result.stalls ?? null,
    potentials: [...(result.potentials ?? [])],
    populations: populations ?? tracerCounts(result),
    decisions,
    files,
  };
}

/** Counts from the tracers of a converted network. */
function tracerCounts({ populations }: SampleResult): SimulatedPopulation[] {
  return [...(populations ?? new Map<string, PopulationTrace>())].map(([name, { tracers }]) => countsOf(name, tracers));
}

/** Counts from the spikes of a network with dynamics, whose traces need not count. */
function spikeCounts({ populations }: DynamicsGraph, spikes: readonly RecordedSpike[]): SimulatedPopulation[] {
  return populations.map(({ name, shape }) => {
    const counts = new Int32Array(neuronCount(shape));
    for (const { source, neuron } of spikes) if (source === name) counts[neuron]!++;
    return countsOf(name, counts);
  });
}

function countsOf(name: string, counts: Int32Array | Uint8Array): SimulatedPopulation {
  const values = Array.from(counts);
  return {
    name,
    neurons: values.length,
    active: values.filter((count) => count !== 0).length,
    spikesTotal: values.reduce((sum, count) => sum + count, 0),
    largestCount: values.reduce((most, count) => Math.max(most, count), 0),
  };
}

interface Drawn {
  readonly steps: number;
  readonly decisions: readonly number[];
  readonly files: string[];
  /** Where the engine's own counts say something else. */
  readonly populations?: readonly SimulatedPopulation[];
}

/** Runs the sample step by step on the reference, and draws what was asked for. */
async function drawn(network: AnyNetwork, sample: Uint8Array, index: number, options: SimulateOptions): Promise<Drawn> {
  if (isDynamics(network)) {
    const { graph } = network;
    const { files, spikes } = await drawSteps(
      graph,
      sample,
      `${graph.name}, sample ${index}`,
      options,
      lanesOf(graph, options),
    );
    return { steps: graph.steps, decisions: [], files, populations: spikeCounts(graph, spikes) };
  }
  const drawing = options.membrane ?? options.weightMap ?? options.weightHistogram;
  if (drawing !== undefined)
    throw failure({
      code: "drawing-unsupported",
      message: `Cannot draw ${drawing}: "${network.quant.name}" is a converted network, wanted one with dynamics`,
      place: { file: drawing },
      hint: "Use --raster",
    });
  const schedule = options.schedule ?? network.schedule;
  const { steps, populations, spikes, decisions } = stepSpikes(network.snn, schedule, sample);
  if (options.raster === undefined) return { steps, decisions, files: [] };
  const title = `${network.quant.name}, sample ${index}, ${schedule}`;
  await writeWhole(options.raster, spikeRaster(title, steps, populations, spikes));
  return { steps, decisions, files: [options.raster] };
}

async function waveformOf(
  network: AnyNetwork,
  sample: Uint8Array,
  options: SimulateOptions,
  context: VerbContext,
): Promise<string> {
  const { mapping, config } = isDynamics(network)
    ? mapDynamicsToChosenCore(network.graph, options)
    : mapToChosenCore(network.snn, options, { schedule: options.schedule ?? network.schedule }, context);
  const device = await openRtlDevice(config, coreSources("generic"), options.rtl ? { backend: options.rtl } : {});
  try {
    await device.load(mapping.program);
    return await device.waveform(sample);
  } finally {
    await device.close();
  }
}
