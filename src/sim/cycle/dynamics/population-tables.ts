import { type Rounding, resets } from "../../../arch/dynamics/neuron.js";
import { ranks } from "../../../arch/dynamics/registers.js";
import { stepTrace, type TraceRule } from "../../../arch/dynamics/trace.js";
import type { DynamicsRegisters } from "../../../program/pass/dynamics-registers.js";

/** What the neurons of a pass share, as numbers for the loop over them. */
export interface PopulationTables {
  /** Added to `V * leak` before the shift, for V >= 0 and V < 0. */
  readonly leakUp: number;
  readonly leakDown: number;
  readonly currentLoss: number;
  readonly currentUp: number;
  readonly currentDown: number;
  /** Positions in `resets` and `ranks`. */
  readonly reset: number;
  readonly rank: number;
  readonly delayed: boolean;
  /** What still happens in the refractory period: everything but firing, or only the leak; or neither. */
  readonly integratesAlways: boolean;
  readonly leaksAlways: boolean;
  readonly noise: boolean;
  readonly rewind: boolean;
  readonly increment: number;
  readonly decay: number;
  readonly scale: number;
  /** New trace by `fired * 256 + trace`. */
  readonly preTrace: Uint8Array;
  readonly postTrace: Uint8Array;
  readonly inhibition: number;
  readonly block: number;
}

export function populationTables({ shared, rank, rewind, inhibition, block }: DynamicsRegisters): PopulationTables {
  const { adaptation, gate } = shared;
  const leak = roundingTerms(shared.leakRounding);
  const current = roundingTerms(shared.currentRounding);
  return {
    leakUp: leak.up,
    leakDown: leak.down,
    currentLoss: shared.currentLoss,
    currentUp: current.up,
    currentDown: current.down,
    reset: resets.indexOf(shared.reset),
    rank: ranks.indexOf(rank),
    delayed: shared.delayedReset,
    integratesAlways: gate === "no-fire",
    leaksAlways: gate === "ignore-input",
    noise: shared.noise,
    rewind,
    increment: adaptation.increment,
    decay: adaptation.decay,
    scale: adaptation.scale,
    preTrace: traceTable(shared.preTrace),
    postTrace: traceTable(shared.postTrace),
    inhibition,
    block,
  };
}

function roundingTerms(rounding: Rounding): { readonly up: number; readonly down: number } {
  switch (rounding) {
    case "floor":
      return { up: 0, down: 0 };
    case "nearest":
      return { up: 2048, down: 2048 };
    case "up":
      return { up: 4095, down: 4095 };
    case "away":
      return { up: 4095, down: 0 };
  }
}

function traceTable(rule: TraceRule): Uint8Array {
  return Uint8Array.from({ length: 512 }, (_, i) => stepTrace(i & 0xff, i >> 8, rule));
}
