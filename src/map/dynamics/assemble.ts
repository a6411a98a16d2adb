import type { CoreConfig } from "../../arch/core-config.js";
import { worstCase } from "../../program/pass/worst-case.js";
import { inputBits, type Program, type ProgramShape } from "../../program/program.js";
import { sampleLayout } from "../../snn/dynamics/sample.js";
import type { ResourceUse } from "../budget.js";
import type { LayerPlan } from "./code/layer-sections.js";
import { sampleCount } from "./code/step-sections.js";
import type { WrittenCode } from "./code/write.js";
import { learningLevel } from "./learning-level.js";
import type { DynamicsPlan } from "./plan.js";
import { writeLists } from "./scatter/synapse-lists.js";
import type { NeuronLayout } from "./shape/layout.js";
import { writeWeights } from "./shape/weights.js";

/** Puts a program together from its plan and its code; undefined when a sample takes too many instructions to be followed. */
export function assemble(
  plan: DynamicsPlan,
  { words, notes }: WrittenCode,
  resources: readonly ResourceUse[],
  layers: LayerPlan | undefined,
): Program | undefined {
  const { graph, config, layouts, parameters, used, reward, blocks, synapseLists } = plan;
  const { lanes } = config;
  const weights = new Int8Array(used.weights * lanes);
  for (const block of blocks.values()) writeWeights(weights, graph, block, config);
  for (const [{ projection }, own] of synapseLists) {
    const { target, synapses } = graph.projections.find(({ name }) => name === projection)!;
    writeLists(weights, own, synapses.weights, layouts.populations.get(target)!.state, config);
  }
  if (reward) weights[reward.row * lanes] = 1;
  const isSteady = graph.reset === "sample";
  const samples = isSteady ? 1 : sampleCount(plan) + Math.ceil(plan.lists / graph.steps);
  const worst = worstCase(words!, config, samples, weights);
  if (!worst) return undefined;
  const readout = layouts.populations.get(graph.readout.population)!;
  const { lanes: _, name, technology: __, linkDepth: ___, ...widths } = config;
  const need = (resource: ResourceUse["resource"]) => resources.find((r) => r.resource === resource)!.used;
  return {
    name: graph.name,
    needs: {
      ...widths,
      config: name,
      lanes,
      weightDepth: need("weights"),
      listDepth: need("list"),
      pointerDepth: need("pointers"),
      parameterDepth: need("parameters"),
      stateDepth: need("state"),
      programDepth: need("program"),
      dynamics: 1,
      learning: Math.max(0, ...graph.projections.map(learningLevel)) as CoreConfig["learning"],
      scatter: synapseLists.size > 0 ? 1 : 0,
    },
    words: words!,
    thresholds: Uint32Array.from(parameters, ([, high]) => high),
    initials: Int32Array.from(parameters, ([low]) => low),
    weights,
    input: programInput(plan, layers),
    readout: { population: readout.population.name, shape: shapeOf(readout), state: readout.state },
    populations: graph.populations.map((population) => ({
      name: population.name,
      shape: shapeOf(layouts.populations.get(population.name)!),
      kind: "spiking",
    })),
    passes: notes,
    worstCaseCycles: worst.cycles,
  };
}

/** A population in the order in which it is visited: positions, and channels at each. */
function shapeOf({ rows, columns, size }: NeuronLayout): ProgramShape {
  return [rows, columns, size / (rows * columns)];
}

/** The inputs of a sample in the order of its values. */
function inputParts(plan: DynamicsPlan, layers: LayerPlan | undefined): NonNullable<Program["input"]["parts"]> {
  const { graph } = plan;
  const { begin, step, rewards, stepSize } = sampleLayout(graph);
  if (layers) {
    const times = Math.floor(graph.steps / layers.chunk);
    const rest = graph.steps - times * layers.chunk;
    return [{ values: layers.chunk * stepSize, times }, ...(rest > 0 ? [{ values: rest * stepSize, times: 1 }] : [])];
  }
  const first = [...(rewards > 0 ? [rewards] : []), ...begin.map(({ size }) => size)];
  const single = step.length === 1 ? [{ values: stepSize, times: graph.steps }] : [];
  const several = step.length > 1 ? Array.from({ length: graph.steps }, () => step).flat() : [];
  return [
    ...first.map((values) => ({ values, times: 1 })),
    ...single,
    ...several.map(({ size }) => ({ values: size, times: 1 })),
  ];
}

function programInput(plan: DynamicsPlan, layers: LayerPlan | undefined): Program["input"] {
  const { graph } = plan;
  const { size, begin, step, rewards, firstStep, stepSize } = sampleLayout(graph);
  const parts = [...begin, ...step];
  const max = parts.reduce((most, part) => Math.max(most, part.max), 1);
  const shape: ProgramShape = firstStep === 0 && rewards === 0 ? [graph.steps, 1, stepSize] : [1, 1, size];
  const name = parts.map((part) => part.name).join("+");
  return { name, shape, max, bits: inputBits(max), parts: inputParts(plan, layers) };
}
