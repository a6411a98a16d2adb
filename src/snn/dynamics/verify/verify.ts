import type { Diagnostic } from "../../../support/diagnostic.js";
import { type DynamicsGraph, neuronCount } from "../graph.js";
import { asFindings, type Fault, type Known, rangeFaults } from "./fault.js";
import { populationFaults } from "./population.js";
import { projectionFaults } from "./projection.js";

const largestPopulation = 65536;

/**
 * Checks every rule of a network with dynamics.
 *
 * @returns All findings; empty for a sound network. Codes: `duplicate-name`, `unknown-name`, `wrong-shape`,
 * `value-out-of-range`, `unreachable-value` (a setting that has no effect), `causality` (delay 0 from a population that is
 * updated later), `plasticity-source`, `no-readout`.
 */
export function verifyDynamicsGraph(graph: DynamicsGraph): readonly Diagnostic[] {
  const known = new Map<string, Known>();
  const faults: Fault[] = networkFaults(graph);
  for (const [order, { name, shape, kind }] of sourcesOf(graph).entries()) {
    if (known.has(name)) faults.push({ code: "duplicate-name", item: name, text: "has the name of another" });
    const sound =
      shape.every((extent) => Number.isInteger(extent) && extent >= 1) && neuronCount(shape) <= largestPopulation;
    if (!sound) faults.push({ code: "wrong-shape", item: name, text: `has shape ${shape.join("x")}` });
    known.set(name, { name, shape, kind, order: kind === "population" ? order : -1 });
  }
  for (const { name, max } of graph.inputs) faults.push(...rangeFaults(name, "max", max, [1, 255]));
  for (const population of graph.populations) faults.push(...populationFaults(population));
  const names = new Set<string>();
  for (const projection of graph.projections) {
    if (names.has(projection.name))
      faults.push({ code: "duplicate-name", item: projection.name, text: "has the name of another projection" });
    names.add(projection.name);
    faults.push(...projectionFaults(projection, known, graph));
  }
  faults.push(...readoutFaults(graph));
  return asFindings(faults);
}

function sourcesOf({ inputs, populations }: DynamicsGraph): readonly Pick<Known, "name" | "shape" | "kind">[] {
  return [...inputs, ...populations.map(({ name, shape }) => ({ name, shape, kind: "population" as const }))];
}

function networkFaults({ name, steps, seed, populations }: DynamicsGraph): Fault[] {
  return [
    ...rangeFaults(name, "steps", steps, [1, 65535]),
    ...rangeFaults(name, "seed", seed, [0, 2 ** 22 - 1]),
    ...(populations.length > 0 ? [] : [{ code: "wrong-shape", item: name, text: "has no populations" }]),
  ];
}

function readoutFaults({ readout, populations, name }: DynamicsGraph): Fault[] {
  const found = populations.find((p) => p.name === readout.population);
  if (!found)
    return [{ code: "no-readout", item: name, text: `reads out "${readout.population}", which does not exist` }];
  const { decay, increment, sets } = found.dynamics.postTrace;
  if (readout.kind === "potential" || (decay === "count" && increment === 1 && !sets)) return [];
  return [
    { code: "no-readout", item: found.name, text: "is read out by its spike counts, but its trace y does not count" },
  ];
}
