import type { FieldValues } from "../../../program/instruction.js";
import type { DynamicsPlan } from "../plan.js";
import type { Operation } from "./operation.js";
import { idleRegisters, noWalk } from "./pass-registers.js";
import { pointerOf } from "./passes.js";

/**
 * Sets all states of neurons to 0, but those of encoders, and makes the lists of the steps before step 0 empty. Neurons settle
 * with potential 0, which changes nothing but what they forget.
 */
export function clearOperations(plan: DynamicsPlan): readonly Operation[] {
  return [...clearStates(plan), ...clearLists(plan)];
}

function clearStates({ graph, config, layouts, quietParameters }: DynamicsPlan): readonly Operation[] {
  const { lanes } = config;
  const columns = layouts.encoderState / lanes;
  if (columns === 0) return [];
  const registers = new Map<string, FieldValues>([
    ["grid", { columns, rows: 1 }],
    ["window", { columns: 1, rows: 1, groups: 1 }],
    ["lanes", { visit: lanes, last: lanes, position: lanes }],
    ["parameters", { address: quietParameters }],
    ["state", { address: 0 }],
    ["behaviour", { spacing: lanes }],
  ]);
  idleRegisters(registers, graph);
  noWalk(registers);
  return [{ kind: "pass", fields: { registers, levels: [], instruction: { settled: 1, fresh: 1, store: 1 } } }];
}

/** A pass that emits nothing leaves empty lists behind: a pointer a position, and one more. */
function clearLists(plan: DynamicsPlan): readonly Operation[] {
  const isRemembered = [...plan.sources.values()].some(({ memory, lists }) => memory > 0 || lists > 1);
  if (!isRemembered) return [];
  return gapsBetween(inputPointers(plan), plan.pointers.used).map(([first, end]): Operation => {
    const registers = new Map<string, FieldValues>([
      ["grid", { columns: end - first - 1, rows: 1 }],
      ["window", { columns: 1, rows: 1, groups: 1 }],
      ["lanes", { visit: 1, last: 1, position: 1 }],
      ["behaviour", { spacing: 1 }],
      ["list", { address: 0 }],
      ["pointer", { address: first }],
      ["channels", { count: 1 }],
    ]);
    noWalk(registers);
    return { kind: "pass", fields: { registers, levels: [], instruction: { mute: 1, fresh: 1, emit: 1 } } };
  });
}

/** Pointers of the inputs of step 0, which may be there already: first word, and the one behind the last. */
function inputPointers(plan: DynamicsPlan): readonly (readonly [first: number, end: number])[] {
  return plan.graph.inputs
    .map(({ name }) => {
      const source = plan.sources.get(name)!;
      const first = pointerOf(plan, source, 0);
      return [first, first + source.pixels + 1] as const;
    })
    .sort(([a], [b]) => a - b);
}

/** What lies between ranges, up to `end`. */
function gapsBetween(taken: readonly (readonly [first: number, end: number])[], end: number) {
  const firsts = [0, ...taken.map(([, after]) => after)];
  const ends = [...taken.map(([first]) => first), end];
  // no list has a single pointer
  return firsts.map((first, n) => [first, ends[n]!] as const).filter(([first, last]) => last - first > 1);
}
