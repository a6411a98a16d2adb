import type { FieldValues } from "../../../program/instruction.js";
import { memoryOf } from "../../../snn/dynamics/graph.js";
import type { DynamicsPlan } from "../plan.js";
import type { Operation } from "./operation.js";
import { noWalk } from "./pass-registers.js";
import { pointerOf } from "./passes.js";

/**
 * Sets all states of neurons to 0, but those of encoders, and makes the lists of the steps before step 0 empty. Neurons settle
 * with potential 0, which changes nothing but what they forget.
 */
export function clearOperations(plan: DynamicsPlan): readonly Operation[] {
  return [...clearStates(plan), ...clearLists(plan)];
}

function clearStates({ config, layouts, quietParameters }: DynamicsPlan): readonly Operation[] {
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
  noWalk(registers);
  return [{ kind: "pass", fields: { registers, levels: [], instruction: { settled: 1, fresh: 1, store: 1 } } }];
}

/** A pass that emits nothing leaves an empty list behind. */
function clearLists(plan: DynamicsPlan): readonly Operation[] {
  return [...plan.sources.values()].flatMap((source) =>
    Array.from({ length: memoryOf(plan.graph, source.name) }, (_, ago): Operation => {
      const registers = new Map<string, FieldValues>([
        ["grid", { columns: source.pixels, rows: 1 }],
        ["window", { columns: 1, rows: 1, groups: 1 }],
        ["lanes", { visit: 1, last: 1, position: 1 }],
        ["behaviour", { spacing: 1 }],
        ["list", { address: source.list }],
        ["pointer", { address: pointerOf(plan, source, -1 - ago) }],
        ["channels", { count: 1 }],
      ]);
      noWalk(registers);
      return { kind: "pass", fields: { registers, levels: [], instruction: { mute: 1, fresh: 1, emit: 1 } } };
    }),
  );
}
