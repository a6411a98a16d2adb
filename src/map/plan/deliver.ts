import type { Unit } from "../shape/network.js";
import type { ListPlan, PassPlan } from "./plan.js";
import { type Delivery, partsIn, silentPass, type Workshop } from "./workshop.js";

/** Passes that only integrate what a list brings to a unit. */
export function integrate(workshop: Workshop, list: ListPlan, delivery: Delivery): PassPlan[] {
  const { unit, weights } = delivery;
  return partsIn(delivery, list).map((part) => ({
    ...silentPass(workshop, unit, `integrate ${list.source}`),
    walk: { list, weights, part },
  }));
}

/** All passes that integrate a list into `unit`, in the order of its projections. */
export function integrateInto(workshop: Workshop, list: ListPlan, unit: Unit): PassPlan[] {
  return workshop.deliveries
    .get(list.source)!
    .filter((delivery) => delivery.unit === unit)
    .flatMap((delivery) => integrate(workshop, list, delivery));
}

/**
 * Marks in which passes a unit starts from its initial state, and which need not keep what they leave: only the first
 * pass over a neuron is fresh, and state is stored when a later pass or the host needs it.
 *
 * `passes` are those of one unit in order; passes inside loops come again.
 */
export function settleState(
  passes: readonly { readonly pass: PassPlan; readonly loop?: object }[],
  keep: boolean,
): void {
  passes.forEach(({ pass, loop }, i) => {
    const last = passes.slice(i + 1).every(({ pass: later }) => !overlaps(pass, later));
    pass.fresh = passes.slice(0, i).every(({ pass: earlier }) => !overlaps(earlier, pass));
    if (pass.fresh && loop) throw new Error(`the first pass of "${pass.unit.name}" is inside a loop`);
    pass.store = keep || loop !== undefined || !last;
  });
}

function overlaps(a: PassPlan, b: PassPlan): boolean {
  const meet = (x: { first: number; count: number }, y: { first: number; count: number }) =>
    x.first < y.first + y.count && y.first < x.first + x.count;
  return meet(a.rows, b.rows) && meet(a.groups, b.groups);
}
