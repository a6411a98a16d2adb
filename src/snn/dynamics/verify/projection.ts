import { windowFault } from "../../../arch/synapse/window.js";
import { type DynamicsGraph, type DynamicsProjection, delaysOf, neuronCount } from "../graph.js";
import { type Fault, isWithin, type Known, type Limits, rangeFaults } from "./fault.js";
import { plasticityFaults } from "./plasticity.js";

/** Everything that is wrong with a projection. */
export function projectionFaults(
  projection: DynamicsProjection,
  known: ReadonlyMap<string, Known>,
  graph: DynamicsGraph,
): Fault[] {
  const { name, plasticity } = projection;
  const source = known.get(projection.source);
  const target = known.get(projection.target);
  const unknown = [source ? [] : [projection.source], target?.kind === "population" ? [] : [projection.target]].flat();
  if (!source || !target || unknown.length > 0)
    return [
      {
        code: "unknown-name",
        item: name,
        text: `joins ${unknown.map((n) => `"${n}"`).join(" and ")}, which is no such population`,
      },
    ];
  const faults = [...delayFaults(projection, source), ...synapseFaults(projection, source, target)];
  const own = delaysOf(projection);
  const twin = graph.projections.find(
    (p) => p.source === source.name && p.target === target.name && delaysOf(p).some((delay) => own.includes(delay)),
  );
  if (twin !== projection)
    faults.push({
      code: "duplicate-name",
      item: name,
      text: `joins the same populations with the same delay as "${twin!.name}"`,
    });
  if (source.kind === "current" && own.some((steps) => steps !== 0))
    faults.push({
      code: "unreachable-value",
      item: name,
      text: "has a delay, but its source is the same in every step",
    });
  if (source.order >= target.order && own.includes(0))
    faults.push({
      code: "causality",
      item: name,
      text: `has delay 0 from "${source.name}", which is updated after "${target.name}"; wanted delay 1 or more`,
    });
  return plasticity ? [...faults, ...plasticityFaults(projection, plasticity, source)] : faults;
}

function delayFaults({ name, delay, delays, synapses }: DynamicsProjection, source: Known): Fault[] {
  const faults = rangeFaults(name, "delay", delay, [0, 15]);
  if (!delays || faults.length > 0) return faults;
  const { of, steps } = delays;
  if (of === "synapse" && synapses.kind !== "sparse")
    return [{ code: "wrong-shape", item: name, text: `has delays by synapse, but ${synapses.kind}; wanted sparse` }];
  const wanted = of === "source" ? neuronCount(source.shape) : synapses.weights.length;
  if (steps.length !== wanted)
    return [
      { code: "wrong-shape", item: name, text: `has ${steps.length} delays, wanted one for each ${of}: ${wanted}` },
    ];
  const largest = steps.reduce((most, more) => Math.max(most, more), 0);
  return rangeFaults(name, "a delay of", delay + largest, [0, 15]);
}

function synapseFaults({ name, synapses }: DynamicsProjection, source: Known, target: Known): Fault[] {
  const sources = neuronCount(source.shape);
  const targets = neuronCount(target.shape);
  const shapeFault = (text: string): Fault[] => [{ code: "wrong-shape", item: name, text }];
  const wantCount = (wanted: number): Fault[] =>
    synapses.weights.length === wanted ? [] : shapeFault(`has ${synapses.weights.length} weights, wanted ${wanted}`);
  switch (synapses.kind) {
    case "dense":
      return wantCount(sources * targets);
    case "one-to-one":
      if (sources !== targets) return shapeFault(`joins ${sources} neurons to ${targets} one to one`);
      return synapses.weights.length === 1 ? [] : wantCount(sources);
    case "convolution": {
      const { kernel } = synapses;
      const fault = windowFault({ ...synapses, window: kernel, source: source.shape, target: target.shape });
      if (fault !== undefined) return shapeFault(fault);
      return wantCount(kernel[0] * kernel[1] * source.shape[2] * target.shape[2]);
    }
    case "sparse":
      return sparseFaults(name, synapses, sources, targets);
  }
}

function sparseFaults(
  name: string,
  { sources, targets, weights }: { sources: Int32Array; targets: Int32Array; weights: Int8Array },
  sourceCount: number,
  targetCount: number,
): Fault[] {
  if (sources.length !== weights.length || targets.length !== weights.length)
    return [{ code: "wrong-shape", item: name, text: "has lists of different length" }];
  const faults: Fault[] = [];
  const check = (what: string, indices: Int32Array, limits: Limits) => {
    const bad = indices.find((index) => !isWithin(index, limits));
    if (bad !== undefined) faults.push(...rangeFaults(name, what, bad, limits));
  };
  check("source neuron", sources, [0, sourceCount - 1]);
  check("target neuron", targets, [0, targetCount - 1]);
  const pairs = new Set<number>();
  for (const [k, source] of sources.entries()) pairs.add(source * targetCount + targets[k]!);
  if (pairs.size < sources.length)
    faults.push({ code: "duplicate-name", item: name, text: "has two synapses between the same neurons" });
  return faults;
}
