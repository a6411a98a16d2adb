import { resets, saturate16 } from "../../../arch/dynamics/neuron.js";
import { ranks } from "../../../arch/dynamics/registers.js";
import type { PassRegisters } from "../../../program/pass/registers.js";
import { firstOfPosition, type VisitPlan } from "../../../program/pass/visits.js";
import type { FireOutcome, PassMode, VisitRecord } from "../fire.js";
import type { ListWriter } from "../list-writer.js";
import type { Memories } from "../memories.js";
import type { NoiseGenerator } from "./noise-generator.js";
import type { PopulationTables } from "./population-tables.js";

const subtracts = resets.indexOf("subtract");
const setsValue = resets.indexOf("value");
const byMargin = ranks.indexOf("margin");
const byPostTrace = ranks.indexOf("post-trace");

/**
 * Sends the sums of all visits of a pass through the neurons of `arch/dynamics/neuron.ts` and the writer.
 *
 * State and parameters are the two halves of `arch/dynamics/words.ts`: `membranes` and `initials` the low ones,
 * `tracers` and `thresholds` the high ones.
 *
 * @param sums 32-bit word of `kernel.words` with the sum of lane 0 of visit 0.
 * @param outcome Winner of the latest `argmax` pass, which `winner` refers to; replaced by an `argmax` pass.
 * @param record Gets V and y of each neuron when given; must be large enough.
 */
export function fireDynamics(
  memories: Memories,
  registers: PassRegisters,
  plan: VisitPlan,
  mode: PassMode,
  population: PopulationTables,
  sums: number,
  noise: NoiseGenerator,
  writer: ListWriter,
  outcome: FireOutcome,
  record?: VisitRecord,
): void {
  const { config, thresholds: parameterHighs, initials: parameterLows, kernel } = memories;
  const { words, membranes: lows, tracers: highs } = kernel;
  const { lanesPosition } = registers;
  const { fresh, store, emit, argmax, mute, settled, winner } = mode;
  const { leakUp, leakDown, currentLoss, currentUp, currentDown, preTrace, postTrace } = population;
  const { reset, rank, delayed, integratesAlways, leaksAlways, rewind, increment, decay, scale } = population;
  const { noise: draws, inhibition, block } = population;
  const sumShift = 32 - config.accumulatorBits;
  const parameterMask = config.parameterDepth - 1;
  const stateMask = config.stateDepth - 1;
  const indexMask = 2 ** config.indexBits - 1;
  const winnerFires = winner && outcome.best >= 0;
  const winnerIndex = outcome.decision;

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
    if (rewind && (plan.place[visit]! & firstOfPosition) !== 0) state = registers.state;
    const sumAt = sums + visit * kernel.lanes;
    let channel = 0;
    for (let lane = 0; lane < lanes; lane++) {
      const parameter = (base + channel) & parameterMask;
      if (++channel === lanesPosition) channel = 0;
      const ownLow = parameterLows[parameter]!;
      const ownHigh = parameterHighs[parameter]!;
      const low = fresh ? 0 : lows[state]!;
      const high = fresh ? 0 : highs[state]!;
      const theta = ownLow & 0xffff;

      let v = (low << 16) >> 16;
      let j = low >> 16;
      let pre = high & 0xff;
      let post = (high >>> 8) & 0xff;
      let adaptation = (high >>> 16) & 0x7ff;
      let refractory = (high >>> 27) & 0xf;
      let fired = high >>> 31;

      if (!settled) {
        const sum = (words[sumAt + lane]! << sumShift) >> sumShift;
        const drive = saturate16(j + sum);
        const leak = (ownHigh >>> 16) & 0xfff;
        const leaked = v - ((v * leak + (v >= 0 ? leakUp : leakDown)) >> 12);
        if (refractory === 0 || integratesAlways)
          v = saturate16(leaked + drive + (ownLow >> 16) - (delayed && fired === 1 ? theta : 0));
        else if (leaksAlways) v = leaked;
        j = drive - ((drive * currentLoss + (drive >= 0 ? currentUp : currentDown)) >> 12);
      }

      const threshold = theta + (adaptation << scale) + (draws && !mute && !winner ? noise.draw() : 0);
      if (argmax) {
        const margin = refractory > 0 ? -32768 : saturate16(v - threshold);
        const ranked = rank === byMargin ? margin : rank === byPostTrace ? post : v;
        if (none || ranked > best) {
          none = false;
          best = ranked;
          decision = index;
        }
      }

      let fires = 0;
      if (!mute) {
        if (winner) fires = winnerFires && index === winnerIndex ? 1 : 0;
        else fires = refractory === 0 && v >= threshold ? 1 : 0;
        if (fires === 1) {
          if (reset === subtracts) v = saturate16(v - theta);
          else if (reset === setsValue) v = (ownHigh << 16) >> 16;
          refractory = ownHigh >>> 28;
        } else if (refractory > 0) refractory--;
        const kept = adaptation - (decay > 0 ? adaptation >> decay : 0);
        adaptation = Math.min(kept + (fires === 1 ? increment : 0), 2047);
        fired = fires;
        pre = preTrace[(fires << 8) | pre]!;
        post = postTrace[(fires << 8) | post]!;
        if (winnerFires && fires === 0) {
          v = saturate16(v - inhibition);
          if (refractory < block) refractory = block;
        }
      }

      if (store) {
        lows[state] = (v & 0xffff) | (j << 16);
        highs[state] = pre | (post << 8) | (adaptation << 16) | (refractory << 27) | (fired << 31);
      }
      if (record !== undefined) {
        record.membranes[neuron] = v;
        record.tracers[neuron] = post;
      }
      neuron++;
      state = (state + 1) & stateMask;

      if (emit) writer.candidate(index, fires);
      index = (index + 1) & indexMask;
    }
  }
  if (emit) writer.end();
  outcome.spikes = writer.listAt - registers.list;
  outcome.decision = decision;
  outcome.best = best;
}
