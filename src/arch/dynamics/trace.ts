/** Spike trace of a neuron: 0..255. */
export interface TraceRule {
  /**
   * `exponential`: loses `ceil(trace / 2^shift)` a step, so that it reaches 0; `timer`: loses 1; `count`: loses nothing.
   */
  readonly decay: "exponential" | "timer" | "count";
  /** 1..7; of `exponential` only. */
  readonly shift: number;
  /** 0..255: added with each spike (saturating at 255), or the value set by it. */
  readonly increment: number;
  /** A spike sets the trace instead of adding to it: nearest-neighbour pairing, rectangular windows. */
  readonly sets: boolean;
}

export const noTrace: TraceRule = { decay: "count", shift: 1, increment: 0, sets: false };

/** Trace after a step in which the neuron fired (1) or not (0): first the decay, then the spike. */
export function stepTrace(trace: number, fired: number, rule: TraceRule): number {
  const { decay, shift, increment, sets } = rule;
  const lost = decay === "exponential" ? (trace + (1 << shift) - 1) >> shift : decay === "timer" && trace > 0 ? 1 : 0;
  const kept = trace - lost;
  if (fired === 0) return kept;
  return sets ? increment : Math.min(kept + increment, 255);
}
