import type { CoreConfig } from "../arch/core-config.js";
import { tracerBits } from "../arch/core-config.js";
import type { Schedule, SpikingPopulation } from "../snn/graph.js";
import type { Diagnostic } from "../support/diagnostic.js";
import { planesOf, type Workshop } from "./plan/workshop.js";
import type { Unit } from "./shape/network.js";

type Report = (finding: Omit<Diagnostic, "severity">) => void;

/** Everything about a network that the core cannot run, whatever the size of its memories. */
export function legalityFaults(workshop: Workshop): readonly Diagnostic[] {
  const { network, config, schedule, ranges } = workshop;
  const faults: Diagnostic[] = [];
  const report: Report = (finding) => faults.push({ severity: "error", ...finding });
  for (const unit of network.units) {
    if (unit.neurons) checkNeurons(unit.neurons, config, schedule, report);
    else checkOwnPool(unit, workshop, report);
    const { max } = ranges.get(unit.output)!;
    const limit = schedule === "pipelined" ? 127 : 255;
    if (max > limit && unit.neurons?.preset !== "li")
      report({
        code: "payload-overflow",
        message: `Cannot send the spikes of "${unit.output}": up to ${max} at once, wanted at most ${limit}`,
        place: { item: unit.output },
        found: String(max),
        wanted: `at most ${limit}`,
        hint: "Use fewer activation bits, a smaller sum pool, or another schedule",
      });
  }
  for (const { target, weights } of network.graph.projections) checkWeights(target, weights, config, report);
  const readout = network.graph.populations.find((p) => p.name === network.graph.readout.population);
  if (readout?.kind !== "spiking" || readout.preset !== "li")
    report({
      code: "readout-unsupported",
      message: `Cannot read out "${network.graph.readout.population}": it fires, wanted an integrator`,
      place: { item: network.graph.readout.population },
    });
  return faults;
}

function checkNeurons(population: SpikingPopulation, config: CoreConfig, schedule: Schedule, report: Report): void {
  const { name, tracerMin, tracerMax, vThreshold, vInit, membraneBits, preset } = population;
  const place = { item: name };
  if (tracerMin < 0)
    report({
      code: "signed-activation",
      message: `Cannot run "${name}" on the core: spike counts down to ${tracerMin}, wanted 0 or more`,
      place,
      found: `least count ${tracerMin}`,
      wanted: "least count 0",
      hint: "Use an activation without negative values, such as ReLU",
    });
  if (preset !== "li" && tracerMax < 1) report(noCounts(name, tracerMax));
  if (tracerMax >= 2 ** tracerBits)
    report(tooWide("tracer-bits", name, "spike counts", planesOf(tracerMax), tracerBits));
  if ((schedule === "graded" || schedule === "radix") && preset !== "li") checkPlanes(name, tracerMax, config, report);
  const thresholdBits = planesOf(vThreshold.reduce((most, t) => Math.max(most, t), 0));
  if (thresholdBits > config.thresholdBits)
    report(tooWide("threshold-bits", name, "thresholds", thresholdBits, config.thresholdBits));
  const initialBits = vInit.reduce((most, v) => Math.max(most, 1 + planesOf(v < 0 ? -v - 1 : v)), 1);
  const needed = Math.max(membraneBits, initialBits);
  if (needed > config.membraneBits)
    report(tooWide("membrane-bits", name, "membrane potentials", needed, config.membraneBits));
}

function checkPlanes(name: string, tracerMax: number, config: CoreConfig, report: Report): void {
  const planes = planesOf(tracerMax);
  if (planes > config.quotientBits)
    report(tooWide("quotient-bits", name, "counts in one step", planes, config.quotientBits));
  if (tracerMax !== 2 ** planes - 1)
    report({
      code: "tracer-bound",
      message: `Cannot fire "${name}" all at once: spike counts up to ${tracerMax}, wanted one less than a power of two`,
      place: { item: name },
      found: String(tracerMax),
      hint: "Use schedule unary or pipelined",
    });
}

/** A pool with passes of its own copies counts with neurons of threshold 1. */
function checkOwnPool(unit: Unit, { ranges, config, schedule, network }: Workshop, report: Report): void {
  const pool = unit.pool!;
  const { max } = ranges.get(pool.source)!;
  const place = { item: pool.name };
  const fromInput = pool.source === network.graph.input.name;
  if (Math.max(...pool.window) > 15)
    report({
      code: "pool-window",
      message: `Cannot pool "${pool.name}": window ${pool.window.join("x")}, wanted at most 15x15`,
      place,
      found: pool.window.join("x"),
      wanted: "at most 15x15",
    });
  if (planesOf(max) > config.quotientBits && (schedule !== "pipelined" || fromInput))
    report(tooWide("quotient-bits", pool.name, "pooled counts in one step", planesOf(max), config.quotientBits));
  if (schedule === "pipelined" && !fromInput && max > 1)
    report({
      code: "pool-of-sums",
      message: `Cannot pool "${pool.name}" in the pipelined schedule: its source adds up several spikes a step`,
      place,
      hint: "Use schedule graded, radix or unary",
    });
}

function checkWeights(target: string, weights: Int32Array, config: CoreConfig, report: Report): void {
  let most = 0;
  for (const weight of weights) most = Math.max(most, weight < 0 ? -weight - 1 : weight);
  const bits = 1 + planesOf(most);
  if (bits <= config.weightBits) return;
  report({
    ...tooWide("weight-bits", target, "weights", bits, config.weightBits),
    hint: `Convert with --weights ${config.weightBits}, or choose a core with wider weights`,
  });
}

function noCounts(name: string, tracerMax: number): Omit<Diagnostic, "severity"> {
  return {
    code: "tracer-bound",
    message: `Cannot run "${name}" on the core: spike counts up to ${tracerMax}, wanted at least 1`,
    place: { item: name },
    found: String(tracerMax),
    wanted: "at least 1",
  };
}

function tooWide(code: string, item: string, what: string, need: number, have: number): Omit<Diagnostic, "severity"> {
  return {
    code,
    message: `Cannot run "${item}" on the core: ${what} of ${need} bits, the core has ${have}`,
    place: { item },
    found: `${need} bits`,
    wanted: `at most ${have} bits`,
    hint: "Choose a core with wider fields, or fewer bits for weights and activations",
  };
}
