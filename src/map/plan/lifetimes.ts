import type { Need } from "../allocate.js";
import { layoutNeurons } from "../shape/layout.js";
import type { Network, Unit } from "../shape/network.js";
import type { ListPlan, Operation, PassPlan } from "./plan.js";

/** What a plan needs in memories whose words are used again and again. */
export interface Lifetimes {
  readonly lists: ReadonlyMap<ListPlan, Need>;
  readonly pointers: ReadonlyMap<ListPlan, Need>;
  readonly states: ReadonlyMap<Unit, Need>;
}

/** Steps of a plan: passes in order; a block that is touched before and inside a loop lives until the loop ends. */
interface Step {
  readonly pass?: PassPlan;
  readonly list?: ListPlan;
  readonly loopFrom: number;
  readonly loopTo: number;
}

/** From when to when each list and each unit's state is alive. The readout's state lives to the end, for the host. */
export function lifetimesOf(operations: readonly Operation[], network: Network): Lifetimes {
  const steps = listSteps(operations);
  const lists = new Map<ListPlan, Need>();
  const states = new Map<Unit, Need>();
  steps.forEach(({ pass, list, loopFrom, loopTo }, at) => {
    const written = pass?.emit ?? list;
    if (written) touch(lists, written, written.entries, at, at);
    const read = pass?.walk?.list;
    if (read) {
      const before = lists.get(read)!;
      // a list from before the loop is read in every turn
      touch(lists, read, read.entries, at, before.from < loopFrom ? loopTo : at);
    }
    if (pass && (pass.store || !pass.fresh)) {
      const words = layoutNeurons(pass.layout);
      touch(states, pass.unit, words, loopFrom, loopTo);
    }
  });
  const readout = network.units.find((unit) => unit.name === network.graph.readout.population);
  const kept = readout && states.get(readout);
  if (readout && kept) states.set(readout, { ...kept, to: steps.length });
  const pointers = new Map(
    [...lists].map(([list, need]): [ListPlan, Need] => [list, { ...need, words: list.entries / list.channels + 1 }]),
  );
  return { lists, pointers, states };
}

function listSteps(operations: readonly Operation[]): readonly Step[] {
  const steps: Step[] = [];
  for (const operation of operations) {
    const at = steps.length;
    if (operation.kind === "input") steps.push({ list: operation.list, loopFrom: at, loopTo: at });
    else if (operation.kind === "pass") steps.push({ pass: operation, loopFrom: at, loopTo: at });
    else {
      const loopTo = at + operation.body.length - 1;
      for (const pass of operation.body) steps.push({ pass, loopFrom: at, loopTo });
    }
  }
  return steps;
}

function touch<T>(needs: Map<T, Need>, key: T, words: number, from: number, to: number): void {
  const before = needs.get(key);
  needs.set(key, { words, from: Math.min(before?.from ?? from, from), to: Math.max(before?.to ?? to, to) });
}
