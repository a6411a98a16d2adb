import { mergeModes } from "../../arch/isa.js";
import type { PassRegisters } from "../../program/pass/registers.js";
import { firstOfWindow, lastOfWindow, type VisitPlan } from "../../program/pass/visits.js";
import type { ListWriter } from "./list-writer.js";
import type { Memories } from "./memories.js";

/** Fields of a `pass` instruction that decide what its neurons do. */
export interface PassMode {
  readonly fresh: boolean;
  readonly store: boolean;
  readonly emit: boolean;
  readonly merge: number;
  readonly argmax: boolean;
  readonly ternary: boolean;
  /** With dynamics: only integrate, only settle, only the neuron of the latest decision may fire. */
  readonly mute: boolean;
  readonly settled: boolean;
  readonly winner: boolean;
}

/** What the neurons of a pass did. */
export interface FireOutcome {
  /** List entries written. */
  spikes: number;
  /** Index of the candidate with the largest potential (or rank), and that potential; of the latest `argmax` pass. */
  decision: number;
  best: number;
}

/** Final membrane and tracer (with dynamics: trace y) of each neuron of the latest pass, in visiting order. */
export interface VisitRecord {
  membranes: Int32Array;
  tracers: Int32Array;
}

/** Running values of the pool window, by channel. */
const before = new Int32Array(64);
const after = new Int32Array(64);

/**
 * Sends the sums of all visits of a pass through neuron, merge and writer.
 *
 * @param sums 32-bit word of `kernel.words` with the sum of lane 0 of visit 0.
 * @param record Filled when given; must be large enough.
 */
export function fire(
  memories: Memories,
  registers: PassRegisters,
  plan: VisitPlan,
  mode: PassMode,
  sums: number,
  writer: ListWriter,
  outcome: FireOutcome,
  record?: VisitRecord,
): void {
  const { config, thresholds, initials, kernel } = memories;
  const { words, membranes, tracers } = kernel;
  const { fireMask, fireMax, lanesPosition } = registers;
  const { fresh, store, emit, merge, argmax, ternary } = mode;
  const sumShift = 32 - config.accumulatorBits;
  const membraneShift = 32 - config.membraneBits;
  const parameterMask = config.parameterDepth - 1;
  const stateMask = config.stateDepth - 1;
  const indexMask = 2 ** config.indexBits - 1;
  const allPlanes = (fireMask & (fireMask + 1)) === 0;
  const takesMax = merge === mergeModes.max;

  let state = registers.state;
  let neuron = 0;
  let index = registers.index;
  let decision = outcome.decision;
  let best = outcome.best;
  let none = true;
  writer.begin(registers.list, registers.pointer, registers.channels);

  for (let visit = 0; visit < plan.visits; visit++) {
    const base = plan.parameters[visit]!;
    const lanes = plan.lanes[visit]!;
    const firstVisit = (plan.place[visit]! & firstOfWindow) !== 0;
    const lastVisit = (plan.place[visit]! & lastOfWindow) !== 0;
    const sumAt = sums + visit * kernel.lanes;
    let channel = 0;
    let opening = true;
    for (let lane = 0; lane < lanes; lane++) {
      const parameter = (base + channel) & parameterMask;
      const sum = (words[sumAt + lane]! << sumShift) >> sumShift;
      const v = fresh ? initials[parameter]! : membranes[state]!;
      const s = fresh ? 0 : tracers[state]!;
      const threshold = thresholds[parameter]!;
      const x = ((v + sum) << membraneShift) >> membraneShift;

      let o = 0;
      if (ternary) {
        if ((fireMask & 1) !== 0) {
          if (x < 0) o = s > 0 ? -1 : 0;
          else if (x >= threshold && s < fireMax) o = 1;
        }
      } else if (x >= threshold && x >= 0) {
        if (allPlanes && threshold > 0) {
          const quotient = x / threshold;
          o = quotient >= fireMask ? fireMask : quotient | 0;
        } else o = planes(x, threshold, fireMask);
      }
      const rest = ((x - o * threshold) << membraneShift) >> membraneShift;
      const next = (s + o) & 0xff;
      if (argmax && (none || x > best)) {
        none = false;
        best = x;
        decision = index;
      }
      if (store) {
        membranes[state] = rest;
        tracers[state] = next;
      }
      if (record !== undefined) {
        record.membranes[neuron] = rest;
        record.tracers[neuron] = next;
      }
      neuron++;
      state = (state + 1) & stateMask;

      let candidate = true;
      let payload = o;
      if (merge !== mergeModes.none) {
        const first = firstVisit && opening;
        const a = first ? 0 : before[channel]!;
        const b = first ? 0 : after[channel]!;
        const a2 = takesMax ? Math.max(a, s) : a;
        const b2 = takesMax ? Math.max(b, next) : b + o;
        before[channel] = a2;
        after[channel] = b2;
        payload = b2 - a2;
        candidate = lastVisit && lane >= lanes - lanesPosition;
      }
      if (candidate) {
        if (emit) writer.candidate(index, ternary && payload < 0 ? 0x80 | -payload : payload & 0xff);
        index = (index + 1) & indexMask;
      }
      if (++channel === lanesPosition) {
        channel = 0;
        opening = false;
      }
    }
  }
  if (emit) writer.end();
  outcome.spikes = writer.listAt - registers.list;
  outcome.decision = decision;
  outcome.best = best;
}

/** Quotient with only some planes enabled: the restoring divider. */
function planes(x: number, threshold: number, mask: number): number {
  let rest = x;
  let quotient = 0;
  for (let k = 7; k >= 0; k--) {
    const charge = threshold * 2 ** k;
    if ((mask & (1 << k)) === 0 || rest < charge) continue;
    rest -= charge;
    quotient += 1 << k;
  }
  return quotient;
}
