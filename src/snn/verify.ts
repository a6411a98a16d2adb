import { windowFault } from "../arch/synapse/window.js";
import { channelBounds, membraneBits, type ValueRange } from "../quantize/bounds.js";
import type { Shape3 } from "../quantize/graph.js";
import type { Diagnostic } from "../support/diagnostic.js";
import type { PoolPopulation, Projection, SnnGraph, SpikingPopulation } from "./graph.js";

type Report = (code: string, item: string, message: string) => void;

interface Known {
  readonly shape: Shape3;
  readonly range: ValueRange;
}

/**
 * Checks every rule of a spiking network: unique names, topological order, shapes of projections and pools, thresholds,
 * tracer bounds, membrane widths against the static bound, and that nothing reads the readout.
 *
 * @returns All findings; empty for a sound network. Codes: `duplicate-name`, `unknown-source`, `wrong-shape`,
 * `value-out-of-range`, `membrane-too-narrow`, `no-readout`.
 */
export function verifySnnGraph(graph: SnnGraph): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const report: Report = (code, item, message) =>
    findings.push({ code, severity: "error", message: `Invalid network: "${item}" ${message}`, place: { item } });
  const known = new Map<string, Known>([[graph.input.name, { shape: graph.input.shape, range: [0, graph.input.max] }]]);
  for (const population of graph.populations) {
    const { name, shape, tracerMin, tracerMax } = population;
    if (known.has(name)) report("duplicate-name", name, "has the name of another population");
    if (population.kind === "pool") verifyPool(population, known, report);
    else {
      const incoming = graph.projections.filter((p) => p.target === name);
      verifySpiking(population, incoming, known, report);
    }
    known.set(name, { shape, range: [tracerMin, tracerMax] });
  }
  for (const { source, target } of graph.projections) {
    if (!known.has(target)) report("unknown-source", source, `projects to "${target}", which does not exist`);
  }
  verifyReadout(graph, report);
  return findings;
}

function verifySpiking(
  population: SpikingPopulation,
  incoming: readonly Projection[],
  known: ReadonlyMap<string, Known>,
  report: Report,
): void {
  const { name, shape, vInit, vThreshold, tracerMin, tracerMax } = population;
  const fires = population.preset === "st-bif";
  if (vInit.length !== shape[2])
    report("wrong-shape", name, `has ${vInit.length} initial membranes, wanted ${shape[2]}`);
  if (vThreshold.length !== (fires ? shape[2] : 0)) report("wrong-shape", name, `has ${vThreshold.length} thresholds`);
  if (vThreshold.some((theta) => theta < 1)) report("value-out-of-range", name, "has a threshold below 1");
  const holdsZero = tracerMin <= 0 && tracerMax >= 0 && (!fires || tracerMax > tracerMin);
  if (!holdsZero || tracerMin < -255 || tracerMax > 255) {
    report("value-out-of-range", name, `has tracer bounds ${tracerMin}..${tracerMax}`);
  }
  if (incoming.length === 0) report("wrong-shape", name, "has no inputs");
  const faults = incoming.map((projection) => verifyProjection(projection, population, known, report));
  if (faults.some((faulty) => faulty) || vInit.length !== shape[2]) return;
  const ranges = new Map([...known].map(([source, { range }]) => [source, range]));
  const wanted = membraneBits(
    channelBounds(
      {
        terms: incoming.map((p) => ({ ...p, from: p.source })),
        v0: vInit,
        activation: fires
          ? { kind: "quantize", theta: vThreshold, min: tracerMin, max: tracerMax, scale: 1 }
          : { kind: "none", scale: 1 },
      },
      ranges,
    ),
  );
  if (wanted > population.membraneBits) {
    report("membrane-too-narrow", name, `has ${population.membraneBits}-bit membranes, wanted ${wanted}`);
  }
}

/** Whether the projection is faulty. */
function verifyProjection(
  projection: Projection,
  target: SpikingPopulation,
  known: ReadonlyMap<string, Known>,
  report: Report,
): boolean {
  const source = known.get(projection.source);
  if (source === undefined) {
    report("unknown-source", target.name, `reads "${projection.source}", which is not before it`);
    return true;
  }
  const { kernel, groups, weights } = projection;
  const fault = windowFault({ ...projection, window: kernel, source: source.shape, target: target.shape });
  if (fault !== undefined) {
    report("wrong-shape", target.name, fault);
    return true;
  }
  const inPerGroup = source.shape[2] / groups;
  const wanted = kernel[0] * kernel[1] * inPerGroup * target.shape[2];
  if (!Number.isInteger(inPerGroup) || target.shape[2] % groups !== 0 || weights.length !== wanted) {
    report("wrong-shape", target.name, `has ${weights.length} weights in ${groups} groups, wanted ${wanted}`);
    return true;
  }
  return false;
}

function verifyPool(pool: PoolPopulation, known: ReadonlyMap<string, Known>, report: Report): void {
  const source = known.get(pool.source);
  if (source === undefined) {
    report("unknown-source", pool.name, `reads "${pool.source}", which is not before it`);
    return;
  }
  const fault = windowFault({ ...pool, source: source.shape, target: pool.shape });
  if (fault !== undefined) report("wrong-shape", pool.name, fault);
  if (source.shape[2] !== pool.shape[2]) {
    report("wrong-shape", pool.name, `pools ${source.shape[2]} channels into ${pool.shape[2]}`);
  }
  const cells = pool.op === "sum" ? pool.window[0] * pool.window[1] : 1;
  if (pool.tracerMin > source.range[0] * cells || pool.tracerMax < source.range[1] * cells) {
    report("value-out-of-range", pool.name, `has tracer bounds ${pool.tracerMin}..${pool.tracerMax}`);
  }
}

function verifyReadout(graph: SnnGraph, report: Report): void {
  const name = graph.readout.population;
  const population = graph.populations.find((p) => p.name === name);
  if (population?.kind !== "spiking" || population.preset !== "li") {
    report("no-readout", name, "is read out but is not an integrator");
  }
  for (const { source, target } of graph.projections) {
    const silent = graph.populations.find((p) => p.name === source);
    if (silent?.kind === "spiking" && silent.preset === "li")
      report("no-readout", target, `reads "${source}", which never fires`);
  }
}
