import type { CoreConfig } from "../../arch/core-config.js";
import { noSynapse } from "../../arch/dynamics/plasticity.js";
import { passRegisters } from "../../arch/isa.js";
import { fitsField } from "../../program/instruction.js";
import { type DynamicsGraph, neuronCount } from "../../snn/dynamics/graph.js";
import { listSynapses } from "../../snn/dynamics/synapse-list.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import type { Operation } from "./code/operation.js";
import { registersOf } from "./code/operation.js";
import { learningLevel } from "./learning-level.js";
import type { Reached } from "./scatter/choice.js";
import type { SynapseRow } from "./shape/walk-rows.js";

/**
 * Everything about a network that a core cannot run, whatever the size of its memories.
 *
 * @param walks Rows that reach each population in its pass.
 */
export function legalityFaults(graph: DynamicsGraph, config: CoreConfig, walks: Reached): readonly Diagnostic[] {
  const faults: Diagnostic[] = [];
  const report = (code: string, item: string, text: string, hint: string) =>
    faults.push({
      code,
      severity: "error",
      message: `Cannot run "${item}" on core ${config.name}: ${text}`,
      place: { item },
      hint,
    });
  if (!config.dynamics)
    report("no-dynamics", graph.name, "its neurons only divide", "Choose a core with dynamics, such as up5k-lif-w8");
  const plastic = graph.projections.find((projection) => learningLevel(projection) > config.learning);
  if (plastic && config.learning)
    report(
      "no-learning",
      plastic.name,
      "it learns with traces, membranes or rewards, the core from pairs in rectangular windows",
      "Choose a core with all learning, such as hx8k-stdp-w8, or rules of kind rectangular",
    );
  else if (plastic)
    report(
      "no-learning",
      plastic.name,
      "it learns, the core does not",
      "Choose a core with learning, such as up5k-stdp-w8 or hx8k-lif-w8",
    );
  if (graph.inputs.length === 0 && graph.populations.every(({ values }) => !values))
    report("no-input", graph.name, "it has no input that a sample could begin with", "Add an input or an encoder");
  for (const { name, max } of graph.inputs)
    if (max > 1)
      report(
        "graded-values",
        name,
        `values up to ${max}, every event counts once`,
        "Use events of 0 and 1, or an encoder, which takes values",
      );
  const limit = 2 ** (config.weightBits - 1);
  // a core that learns takes the lowest weight for no synapse
  const lowest = config.learning ? noSynapse(config.weightBits) + 1 : -limit;
  for (const { name, synapses, target, plasticity } of graph.projections) {
    const bounds = [plasticity?.rule, plasticity?.eligibility].flatMap((b) => (b ? [b.min, b.max] : []));
    const used = new Set(
      walks.get(target)!.flatMap(({ projection, places }) => (projection === name ? [...new Set(places)] : [])),
    );
    const weights = [...used].map((place) => (place < 0 ? 0 : synapses.weights[place]!));
    const bad = [...weights, ...bounds].find((weight) => weight < lowest || weight >= limit);
    if (bad !== undefined)
      report(
        "weight-bits",
        name,
        `weight ${bad}, the core holds ${lowest} to ${limit - 1}`,
        "Quantise to fewer bits, or choose a core with wider weights",
      );
  }
  for (const { name, shape } of [...graph.inputs, ...graph.populations])
    if (neuronCount(shape) > 2 ** config.indexBits)
      report(
        "index-bits",
        name,
        `${neuronCount(shape)} neurons, at most ${2 ** config.indexBits} can be told apart`,
        "Split the population",
      );
  for (const { name } of graph.populations) {
    const most = largestSum(graph, name, walks.get(name)!);
    if (most < 2 ** (config.accumulatorBits - 1)) continue;
    report(
      "accumulator-overflow",
      name,
      `the weights that reach a neuron add up to ${most}, accumulators hold ${config.accumulatorBits} bits`,
      "Use smaller weights, smaller values, or fewer sources",
    );
  }
  return faults;
}

/** The largest magnitude that the sum of a neuron can have, over all neurons of a population and all events. */
function largestSum(graph: DynamicsGraph, target: string, walk: readonly SynapseRow[]): number {
  const shapes = new Map([...graph.inputs, ...graph.populations].map(({ name, shape }) => [name, shape]));
  const size = neuronCount(shapes.get(target)!);
  const highest = new Float64Array(size);
  const lowest = new Float64Array(size);
  for (const projection of graph.projections) {
    if (!walk.some((row) => row.projection === projection.name)) continue;
    const { plasticity, synapses } = projection;
    const { targets, weights } = listSynapses(synapses, shapes.get(projection.source)!, shapes.get(target)!);
    for (let k = 0; k < targets.length; k++) {
      const rule = plasticity?.enabled?.[weights[k]!] === 0 ? undefined : plasticity?.rule;
      const weight = synapses.weights[weights[k]!]!;
      highest[targets[k]!]! += Math.max(0, rule?.max ?? weight);
      lowest[targets[k]!]! -= Math.min(0, rule?.min ?? weight);
    }
  }
  return Math.max(...highest, ...lowest.map((sum) => sum - 1));
}

/** Findings for numbers that do not fit their register or step field. Addresses beyond the memories are the budget's. */
export function fieldFaults(operations: readonly Operation[], config: CoreConfig): readonly Diagnostic[] {
  const faults = new Map<string, Diagnostic>();
  for (const operation of operations) {
    const item = operation.kind === "pass" ? (operation.note?.neurons ?? "network") : operation.kind;
    for (const [name, values] of registersOf(operation)) {
      const register = passRegisters.find((r) => r.name === name);
      for (const field of register?.fields ?? []) {
        const value = values[field.name] ?? 0;
        if (field.name === "address" || fitsField(field, value)) continue;
        faults.set(`${item} ${name} ${field.name}`, {
          code: "geometry-too-large",
          severity: "error",
          message: `Cannot place "${item}" on core ${config.name}: ${name} ${field.name} is ${value}, beyond its field`,
          place: { item },
          found: String(value),
          hint: "Use smaller populations",
        });
      }
    }
  }
  return [...faults.values()];
}
