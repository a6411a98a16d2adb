/**
 * The neuron: the one definition that every engine uses or is checked against.
 *
 * State: membrane potential `v` and spike tracer `s` (running sum of what the neuron has emitted), both integers.
 * Parameters: threshold `theta >= 1`, tracer bounds `min <= 0 <= max`. A step, in this order:
 *
 *   integrate   x  = v + current
 *   fire        o  = payload(x, s)          one of the four rules below; o = 0 is silence
 *   reset       v' = x - theta * o          by subtraction
 *   trace       s' = s + o
 *
 * Payload, as the hardware does it: a restoring divider whose quotient bits may be spread over steps.
 *
 *   below zero  x < 0:   rule.negative "none": nothing;  "one": o = -1 if s > min;  "floor": o = min - s, go on with x - theta * o
 *   planes      for each bit k of rule.planes, largest first:  if x >= theta * 2^k and s + 2^k <= max:  o += 2^k, x -= theta * 2^k, s += 2^k
 *
 * Payload, as arithmetic, of a neuron that has received its whole charge `x` (`clamp(a, lo, hi)`, floor division):
 *
 *   graded      one step, all planes:                     o = clamp(floor(x / theta), min, max)
 *   radix       one step a plane, largest first:          the bits of that number, two's complement if min < 0
 *   unary       max(max, -min) steps, plane 0:            its units, one a step
 *   ternary     as unary, any arrival order:              o = sign(clamp(floor(x / theta), min, max) - s)
 *
 * Charge is conserved, `v' + theta * s' = v0 + sum of currents`, so under every rule the final `s` is the quotient of
 * the total charge and the final `v` the remainder. The compare is `>=`; nothing saturates: the width of `v` is proven
 * by the compiler.
 */

/** Constants of one neuron. A further kind of dynamics (leak, refractory period, …) is a further field here. */
export interface NeuronParameters {
  /** Firing threshold, lsb, >= 1. */
  readonly vThreshold: number;
  /** Least value of the spike tracer, <= 0. */
  readonly tracerMin: number;
  /** Largest value of the spike tracer, >= 0. */
  readonly tracerMax: number;
}

/** What a neuron remembers between steps. */
export interface NeuronState {
  /** Membrane potential, lsb. */
  readonly v: number;
  /** Sum of all emitted payloads. */
  readonly tracer: number;
}

/** What a neuron may emit in one step; the schedule decides which rule holds when. */
export interface FireRule {
  /** Quotient bits that may be decided in this step: bit k stands for 2^k spikes at once. */
  readonly planes: number;
  /** What happens below zero: nothing, one negative spike, or a fall of the tracer to its minimum. */
  readonly negative: "none" | "one" | "floor";
}

/** One positive or negative spike a step, guarded by the tracer; also the rule of the unary schedule. */
export const ternaryRule: FireRule = { planes: 1, negative: "one" };

/** Number of quotient bits that reach every level of `min..max` (without the sign). */
export function quotientBits(tracerMin: number, tracerMax: number): number {
  return 32 - Math.clz32(Math.max(tracerMax, -tracerMin - 1));
}

/** The whole clamped quotient in one step. */
export function gradedRule(tracerMin: number, tracerMax: number): FireRule {
  return { planes: 2 ** quotientBits(tracerMin, tracerMax) - 1, negative: tracerMin < 0 ? "floor" : "none" };
}

/** One rule a step, largest plane first; signed neurons begin with their sign plane. */
export function radixRules(tracerMin: number, tracerMax: number): readonly FireRule[] {
  const bits = quotientBits(tracerMin, tracerMax);
  const planes = Array.from({ length: bits }, (_, i): FireRule => ({ planes: 1 << (bits - 1 - i), negative: "none" }));
  return tracerMin < 0 ? [{ planes: 0, negative: "floor" }, ...planes] : planes;
}

/**
 * What a neuron emits: see the equations at the head of this file.
 *
 * @param x Membrane potential after integration, lsb.
 * @param tracer Spike tracer before the step.
 * @returns Signed number of spikes; the caller subtracts `vThreshold` times it from `x` and adds it to the tracer.
 */
export function payload(
  x: number,
  tracer: number,
  vThreshold: number,
  tracerMin: number,
  tracerMax: number,
  rule: FireRule,
): number {
  let rest = x;
  let reached = tracer;
  if (rest < 0) {
    if (rule.negative === "none") return 0;
    if (rule.negative === "one") return tracer > tracerMin ? -1 : 0;
    reached = tracerMin;
    rest -= vThreshold * (tracerMin - tracer);
  }
  for (let bit = 31 - Math.clz32(rule.planes); bit >= 0; bit--) {
    const plane = 1 << bit;
    if ((rule.planes & plane) === 0) continue;
    const charge = vThreshold * plane;
    if (rest >= charge && reached + plane <= tracerMax) {
      rest -= charge;
      reached += plane;
    }
  }
  return reached - tracer;
}

/** Advances one neuron by one step. Allocates; the simulators call `payload` on their own arrays instead. */
export function stepNeuron(
  state: NeuronState,
  current: number,
  parameters: NeuronParameters,
  rule: FireRule,
): { readonly state: NeuronState; readonly payload: number } {
  const x = state.v + current;
  const { vThreshold, tracerMin, tracerMax } = parameters;
  const emitted = payload(x, state.tracer, vThreshold, tracerMin, tracerMax, rule);
  return { state: { v: x - vThreshold * emitted, tracer: state.tracer + emitted }, payload: emitted };
}
