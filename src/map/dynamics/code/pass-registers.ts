import { gates, type PopulationDynamics, resets, roundings } from "../../../arch/dynamics/neuron.js";
import { type ranks as rankNames, ranks, traceDecays } from "../../../arch/dynamics/registers.js";
import type { TraceRule } from "../../../arch/dynamics/trace.js";
import { timing } from "../../../arch/timing.js";
import type { FieldValues } from "../../../program/instruction.js";
import type { DynamicsGraph } from "../../../snn/dynamics/graph.js";
import type { NeuronLayout } from "../shape/layout.js";

type Registers = Map<string, FieldValues>;

/** What a pass does besides visiting neurons. */
export interface PassBehaviour {
  readonly rank?: (typeof rankNames)[number];
  /** Every position is a step of the same neurons. */
  readonly rewind?: boolean;
  /** The generator is left alone. */
  readonly isSilent?: boolean;
}

/** Registers that say how the neurons of a population behave. */
export function behaviourRegisters(
  registers: Registers,
  layout: NeuronLayout,
  { rank = "potential", rewind = false, isSilent = false }: PassBehaviour = {},
): void {
  const { dynamics, winnerTakeAll } = layout.population;
  const { reset, delayedReset, gate, noise } = dynamics;
  settlingRegisters(registers, dynamics);
  registers.set("behaviour", {
    reset: resets.indexOf(reset),
    delayed: Number(delayedReset),
    gate: gates.indexOf(gate),
    rank: ranks.indexOf(rank),
    noise: Number(noise && !isSilent),
    rewind: Number(rewind),
    spacing: spacingOf(layout, rewind),
  });
  if (winnerTakeAll) registers.set("inhibition", { amount: winnerTakeAll.inhibition, block: winnerTakeAll.block });
}

function settlingRegisters(registers: Registers, dynamics: PopulationDynamics): void {
  const { currentLoss, currentRounding, leakRounding, adaptation, preTrace, postTrace } = dynamics;
  registers.set("current", {
    loss: currentLoss,
    rounding: roundings.indexOf(currentRounding),
    "leak-rounding": roundings.indexOf(leakRounding),
  });
  registers.set("adaptation", adaptationFields(adaptation));
  registers.set("pre-trace", traceFields(preTrace));
  registers.set("post-trace", traceFields(postTrace));
}

/** Registers that say which neurons a pass visits. */
export function visitRegisters(registers: Registers, layout: NeuronLayout): void {
  const { columns, rows, groups, lanes, lastLanes, parameters, state } = layout;
  registers.set("grid", { columns, rows });
  registers.set("window", { columns: 1, rows: 1, groups });
  registers.set("lanes", { visit: lanes, last: lastLanes, position: lanes });
  registers.set("parameters", { address: parameters });
  registers.set("state", { address: state });
}

/**
 * Registers that a pass needs, but which change nothing in neurons that begin at 0 and do not fire, or are not stored: those of a
 * first population, so that they need not be loaded again for it.
 */
export function idleRegisters(registers: Registers, { populations }: DynamicsGraph): void {
  settlingRegisters(registers, populations[0]!.dynamics);
}

/** Registers of a pass that walks nothing. */
export function noWalk(registers: Registers): void {
  registers.set("kernel", { width: 0, rows: 0 });
}

/** Cycles from visit to visit: the lanes, and with few groups until a neuron's state has been written. */
function spacingOf({ lanes, groups, lastLanes }: NeuronLayout, rewind: boolean): number {
  const most = groups > 1 ? lanes : lastLanes;
  return rewind ? Math.max(most, Math.ceil(timing.dynamicsRevisit / groups)) : most;
}

function adaptationFields({ increment, decay, scale }: PopulationDynamics["adaptation"]): FieldValues {
  return { increment, decay, scale };
}

function traceFields({ increment, shift, decay, sets }: TraceRule): FieldValues {
  return { increment, shift, decay: traceDecays.indexOf(decay), sets: Number(sets) };
}
