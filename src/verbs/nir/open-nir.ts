import { loadFile } from "../../frontend/load.js";
import {
  type InferredDynamics,
  inferDynamics,
  type NirDialect,
  type NirDynamics,
  type NirReset,
} from "../../frontend/nir/dynamics.js";
import { isSpiking, type NirGraph } from "../../frontend/nir/graph.js";
import type { inlineGraphs } from "../../frontend/nir/simulate/inline.js";
import { type NirSimulation, openNirSimulation } from "../../frontend/nir/simulate/simulate.js";
import { failure } from "../../support/diagnostic.js";
import { elements } from "../../support/tensor.js";
import type { VerbContext } from "../context.js";
import type { InputScaling } from "../model/input.js";
import type { StepOptions } from "./steps.js";

/** What the user says about the dynamics of a NIR graph. */
export interface NirDynamicsChoice {
  /** Duration of a step in the unit of the file; inferred where the file allows. */
  readonly dt?: number;
  readonly reset?: NirReset;
  readonly dialect?: NirDialect;
  /** Forward Euler, or the solution for an input that is constant during a step. Default: that of the dialect. */
  readonly integration?: NirDynamics["integration"];
}

/** How data become the steps of a NIR graph. */
export interface NirInputOptions extends Partial<InputScaling> {
  /** Use at most this many samples or recordings. */
  readonly limit?: number;
  /** Events are spread over this many steps; one sample is held for them. */
  readonly steps?: number;
  /** Rows of the data are the steps of one sample. */
  readonly isSequence?: boolean;
  /** Column of a table that holds the class: its name, or its index (negative: from the end). */
  readonly labelColumn?: string | number;
  /** Array of an `.npz` that holds the samples. */
  readonly array?: string;
}

/** A NIR graph that is ready to run. */
export interface OpenNir {
  readonly graph: NirGraph;
  readonly dynamics: InferredDynamics;
  readonly simulation: NirSimulation;
  /** Values of a step. */
  readonly size: number;
}

/**
 * Reads a NIR graph, finds its dynamics and says how.
 *
 * @throws `engine-not-for-file` for another file, `nir-ports` for other than one input, and the codes of `loadFile`,
 *   `inferDynamics` and `openNirSimulation`.
 */
export async function openNir(path: string, choice: NirDynamicsChoice, context: VerbContext): Promise<OpenNir> {
  const loaded = await loadFile(path);
  if (loaded.kind !== "nir") {
    throw failure({
      code: "engine-not-for-file",
      message: `Cannot simulate "${path}": it is a trained model, wanted a converted network or a NIR graph`,
      place: { file: path },
      hint: "Convert the model first: spikewright convert MODEL -o NET.spk --calibrate DATA",
    });
  }
  const { graph, notes } = loaded.nir;
  for (const note of notes) context.warn?.(note);
  const { dt, reset, dialect, integration } = choice;
  const dynamics = inferDynamics(graph, {
    ...(dt === undefined ? {} : { dt }),
    ...(reset === undefined ? {} : { reset }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(integration === undefined ? {} : { integration }),
  });
  context.note?.(`step ${dynamics.dt}: ${dynamics.dtReason}; reset ${dynamics.reset}: ${dynamics.resetReason}`);
  const simulation = openNirSimulation(graph, dynamics);
  const [input, ...others] = simulation.inputs;
  if (input !== undefined && others.length === 0) return { graph, dynamics, simulation, size: elements(input.shape) };
  throw failure({
    code: "nir-ports",
    message: `Cannot feed "${path}": it has ${simulation.inputs.length} inputs, wanted 1`,
    place: { file: path },
    found: `${simulation.inputs.length} inputs`,
    wanted: "1",
  });
}

/** The options with everything that has a default. */
export function stepOptions(options: NirInputOptions, dt: number): StepOptions {
  const { limit, steps, labelColumn, array } = options;
  return {
    ...(labelColumn === undefined ? {} : { labelColumn }),
    ...(array === undefined ? {} : { array }),
    ...(limit === undefined ? {} : { limit }),
    ...(steps === undefined ? {} : { steps }),
    isSequence: options.isSequence === true,
    inputScale: options.inputScale ?? 1,
    inputOffset: options.inputOffset ?? 0,
    dt,
  };
}

/** Whether an output passes on the spikes of neurons. */
export function endsInSpikes(flat: ReturnType<typeof inlineGraphs>, output: string): boolean {
  const into = flat.edges.filter(([, target]) => target === output).map(([source]) => flat.nodes.get(source)!);
  return into.length > 0 && into.every((node) => isSpiking(node) || node.type === "Threshold");
}
