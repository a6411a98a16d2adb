import type { NirReset } from "../../frontend/nir/dynamics.js";
import { isDynamic, isSpiking } from "../../frontend/nir/graph.js";
import { inlineGraphs } from "../../frontend/nir/simulate/inline.js";
import { elements } from "../../support/tensor.js";
import type { VerbContext } from "../context.js";
import type { SimulatedPopulation } from "../network/simulate.js";
import { endsInSpikes, type NirDynamicsChoice, type NirInputOptions, openNir, stepOptions } from "./open-nir.js";
import { NirRecording, type NirRecordingOptions } from "./recording.js";
import { openSteps } from "./steps.js";

export interface SimulateNirOptions extends NirDynamicsChoice, NirInputOptions, NirRecordingOptions {
  readonly data: string;
  /** Which sample or recording. Default 0. */
  readonly index?: number;
}

export interface SimulateNirResult {
  readonly engine: "float";
  readonly format: "nir";
  readonly index: number;
  readonly steps: number;
  readonly dt: number;
  readonly dtReason: string;
  readonly reset: NirReset;
  readonly resetReason: string;
  /** Index of the largest output. */
  readonly decision: number;
  /** Sum over all steps of each output: spikes where the last neurons fire; else their last potentials. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly populations: readonly SimulatedPopulation[];
  /** Files written. */
  readonly files: readonly string[];
}

/** Runs one sample through a NIR graph in float. */
export async function simulateNir(
  path: string,
  options: SimulateNirOptions,
  context: VerbContext = {},
): Promise<SimulateNirResult> {
  const { graph, dynamics, simulation, size } = await openNir(path, options, context);
  const index = options.index ?? 0;
  const source = await openSteps(options.data, size, stepOptions({ ...options, limit: index + 1 }, dynamics.dt));
  const steps = source.stepsOf(index);
  const flat = inlineGraphs(graph);
  const firing = [...flat.nodes].flatMap(([name, node]) => (isSpiking(node) ? [name] : []));
  const counts = new Map(firing.map((name) => [name, new Float64Array(simulation.valueOf(name).length)]));
  const firingEnds = new Set(simulation.outputs.filter(({ name }) => endsInSpikes(flat, name)).map(({ name }) => name));
  const sums = new Map(simulation.outputs.map(({ name, shape }) => [name, new Float64Array(elements(shape))]));
  const recording = new NirRecording(
    [...flat.nodes].flatMap(([name, node]) =>
      isDynamic(node) ? [{ name, neurons: simulation.valueOf(name).length, fires: isSpiking(node) }] : [],
    ),
    options,
  );
  for (const [k, values] of steps.entries()) {
    context.signal?.throwIfAborted();
    simulation.step(values);
    recording.take(simulation);
    for (const [name, count] of counts) addTo(count, simulation.valueOf(name));
    for (const [name, sum] of sums) {
      const value = simulation.valueOf(name);
      if (firingEnds.has(name)) addTo(sum, value);
      else sum.set(value);
    }
    if ((k & 63) === 0) context.progress?.({ stage: "simulate", done: k, total: steps.length, unit: "steps" });
  }
  const outputs = Object.fromEntries([...sums].map(([name, sum]) => [name, [...sum]]));
  const first = [...sums.values()][0] ?? new Float64Array(0);
  return {
    engine: "float",
    format: "nir",
    index: options.index ?? 0,
    steps: steps.length,
    dt: dynamics.dt,
    dtReason: dynamics.dtReason,
    reset: dynamics.reset,
    resetReason: dynamics.resetReason,
    decision: first.indexOf(first.reduce((most, value) => Math.max(most, value), -Infinity)),
    outputs,
    files: await recording.write(`${path}, sample ${options.index ?? 0}`),
    populations: [...counts].map(([name, count]) => ({
      name,
      neurons: count.length,
      active: count.reduce((n, spikes) => n + (spikes > 0 ? 1 : 0), 0),
      spikesTotal: count.reduce((sum, spikes) => sum + spikes, 0),
      largestCount: count.reduce((most, spikes) => Math.max(most, spikes), 0),
    })),
  };
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + values[k]!;
}
