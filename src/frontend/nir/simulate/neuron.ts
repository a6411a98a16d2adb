import type { NirDynamics } from "../dynamics.js";
import type { NirDynamic, NirTensor } from "../graph.js";

/** State and result of the neurons of a node. Arrays keep their identity. */
export interface Neurons {
  /** Membrane potentials. */
  readonly v: Float64Array;
  /** Synaptic currents of `CubaLI` and `CubaLIF`. */
  readonly current?: Float64Array;
  /** Spikes (0 or 1); potentials where the neurons do not fire. */
  readonly output: Float64Array;
  /** One step with the input `x`. */
  readonly step: (x: Float64Array) => void;
}

/** One number for each of `count` neurons. */
function each(tensor: NirTensor, count: number): Float64Array {
  if (tensor.data.length === count) return Float64Array.from(tensor.data);
  return new Float64Array(count).fill(tensor.data[0]!);
}

/** Neurons at rest: all states zero. */
export function createNeurons(node: NirDynamic, count: number, dynamics: NirDynamics): Neurons {
  const v = new Float64Array(count);
  const isFiring = node.type === "IF" || node.type === "LIF" || node.type === "CubaLIF";
  const output = isFiring ? new Float64Array(count) : v;
  const isCuba = node.type === "CubaLI" || node.type === "CubaLIF";
  const current = isCuba ? new Float64Array(count) : undefined;
  const integrate = integrator(node, v, current, dynamics);
  if (!isFiring) return { v, output, step: integrate, ...(current ? { current } : {}) };
  const fire = firing(each(node.vThreshold, count), each(node.vReset, count), v, output, dynamics);
  const step = (x: Float64Array): void => {
    integrate(x);
    fire();
  };
  return { v, output, step, ...(current ? { current } : {}) };
}

/** Compare, and reset what fired, or what fired in the step before. */
function firing(
  threshold: Float64Array,
  vReset: Float64Array,
  v: Float64Array,
  spikes: Float64Array,
  { compare, reset, resetTiming }: NirDynamics,
): () => void {
  const inclusive = compare === ">=";
  const isLate = resetTiming === "next-step";
  const after = (k: number) => (reset === "subtract" ? v[k]! - threshold[k]! : reset === "zero" ? 0 : vReset[k]!);
  return () => {
    for (let k = 0; k < v.length; k++) {
      if (isLate && spikes[k] === 1) v[k] = after(k);
      const fires = inclusive ? v[k]! >= threshold[k]! : v[k]! > threshold[k]!;
      spikes[k] = fires ? 1 : 0;
      if (fires && !isLate) v[k] = after(k);
    }
  };
}

function integrator(
  node: NirDynamic,
  v: Float64Array,
  current: Float64Array | undefined,
  dynamics: NirDynamics,
): (x: Float64Array) => void {
  const count = v.length;
  const r = each(node.r, count);
  if (node.type === "I" || node.type === "IF") {
    const gain = r.map((ohm) => ohm * dynamics.dt);
    return (x) => {
      for (let k = 0; k < count; k++) v[k] = v[k]! + gain[k]! * x[k]!;
    };
  }
  const vLeak = each(node.vLeak, count);
  if (node.type === "LI" || node.type === "LIF") {
    const rate = relaxation(each(node.tau, count), dynamics);
    const gain = r.map((ohm, k) => (dynamics.inputGain === "one" ? ohm : ohm * rate[k]!));
    return (x) => {
      for (let k = 0; k < count; k++) v[k] = v[k]! + rate[k]! * (vLeak[k]! - v[k]!) + gain[k]! * x[k]!;
    };
  }
  const tauMem = each(node.tauMem, count);
  const tauSyn = each(node.tauSyn, count);
  const wIn = each(node.wIn, count);
  const membrane = relaxation(tauMem, dynamics);
  const synapse = relaxation(tauSyn, dynamics);
  // Share of the decaying part of the current that reaches the membrane within a step; none with Euler steps.
  const isExact = dynamics.integration === "exact";
  const transient = tauMem.map((tau, k) => (isExact ? transientShare(tau, tauSyn[k]!, dynamics.dt) : 0));
  const isUpdated = dynamics.synapse === "updated";
  const i = current!;
  return (x) => {
    for (let k = 0; k < count; k++) {
      const before = i[k]!;
      const target = wIn[k]! * x[k]!;
      i[k] = before + synapse[k]! * (target - before);
      const steady = isExact ? target : isUpdated ? i[k]! : before;
      v[k] = v[k]! + membrane[k]! * (vLeak[k]! - v[k]! + r[k]! * steady) + r[k]! * transient[k]! * (before - target);
    }
  };
}

/** How much of the distance to its target a first-order system covers in a step. */
function relaxation(tau: Float64Array, { dt, integration }: NirDynamics): Float64Array {
  return tau.map((t) => (integration === "exact" ? -Math.expm1(-dt / t) : dt / t));
}

/** Response after `dt` of a membrane to a current that decays from 1 with `tauSyn`. */
function transientShare(tauMem: number, tauSyn: number, dt: number): number {
  if (Math.abs(tauSyn / tauMem - 1) < 1e-9) return (dt / tauMem) * Math.exp(-dt / tauMem);
  return (tauSyn / (tauSyn - tauMem)) * (Math.exp(-dt / tauSyn) - Math.exp(-dt / tauMem));
}
