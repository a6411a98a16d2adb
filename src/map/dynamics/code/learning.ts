import { postRuleKinds, preRuleKinds } from "../../../arch/dynamics/registers.js";
import type { FieldValues } from "../../../program/instruction.js";
import type { DynamicsProjection } from "../../../snn/dynamics/graph.js";
import type { DynamicsPlan } from "../plan.js";
import type { SynapseRow } from "../shape/walk-rows.js";
import { rowsOfWalk } from "../shape/weights.js";
import type { Operation, Section } from "./operation.js";
import { idleRegisters } from "./pass-registers.js";
import { modulo, pointerOf } from "./passes.js";

/** Learning of a row of synapses in a step. */
export function learnOperation(plan: DynamicsPlan, row: SynapseRow, step: number): Operation {
  const { source, delay } = row;
  const { name, target, plasticity } = projectionOf(plan, row);
  const { rule, eligibility } = plasticity!;
  const { lanes } = plan.config;
  const layout = plan.layouts.populations.get(target)!;
  const rows = plan.eligibilities.get(row) ?? rowsOfWalk(plan.blocks.get(target)!, row);
  const groups = Math.ceil(layout.size / lanes);
  const { pre, post } = rule;
  const { min, max } = eligibility ?? rule;
  const placed = plan.sources.get(source)!;
  const registers = new Map<string, FieldValues>([
    ["state", { address: layout.state }],
    ["window", { columns: 1, rows: 1, groups }],
    ["lanes", { visit: layout.lanes, last: layout.size - (groups - 1) * lanes, position: layout.lanes }],
    ["weight-base", { row: modulo(rows.base) }],
    ["row-step", { row: modulo(rows.groupRows) }],
    ["origin-pointer", { address: pointerOf(plan, placed, step - delay) }],
    ["learn-source", { state: plan.layouts.populations.get(source)?.state ?? 0, rows: placed.size }],
    ["weight-bounds", { min, max }],
    [
      "pre-rule",
      {
        kind: preRuleKinds.indexOf(pre.kind),
        amount: "amount" in pre ? pre.amount : 0,
        shift: "shift" in pre ? pre.shift : 0,
        stochastic: Number("stochastic" in pre && pre.stochastic),
      },
    ],
    [
      "post-rule",
      {
        kind: postRuleKinds.indexOf(post.kind),
        amount: "amount" in post ? post.amount : 0,
        shift: "shift" in post ? post.shift : 0,
        stochastic: Number("stochastic" in post && post.stochastic),
        offset: "offset" in post ? post.offset : 0,
      },
    ],
  ]);
  if (pre.kind === "spike-driven") {
    registers.set("spike-driven-up", { low: pre.up[0], high: pre.up[1] });
    registers.set("spike-driven-down", { low: pre.down[0], high: pre.down[1] });
    registers.set("spike-driven-potential", { v: pre.vTheta });
  }
  return { kind: "learn", registers, projection: name };
}

/** Takes the reward for the sample before, and moves eligibilities into weights if there was one. */
export function rewardSections(plan: DynamicsPlan): readonly Section[] {
  const { reward } = plan;
  if (!reward) return [];
  const registers = new Map<string, FieldValues>([
    ["list", { address: reward.list }],
    ["pointer", { address: reward.pointer }],
    ["channels", { count: 1 }],
    ["index", { value: 0 }],
  ]);
  return [
    { kind: "input", registers, count: 2, state: false },
    ...[false, true].map((isNegative): Section => {
      const body = plan.learning
        .filter((row) => plan.eligibilities.has(row))
        .flatMap((row) => rewardOperations(plan, row, isNegative));
      return { kind: "if-spike", pass: rewardTest(plan, Number(isNegative)), body };
    }),
  ];
}

/** A neuron that fires when reward value `which` is not 0. */
function rewardTest(plan: DynamicsPlan, which: number): Extract<Operation, { kind: "pass" }> {
  const { list, pointer, row, parameters } = plan.reward!;
  const registers = new Map<string, FieldValues>([
    ["grid", { columns: 1, rows: 1 }],
    ["window", { columns: 1, rows: 1, groups: 1 }],
    ["lanes", { visit: 1, last: 1, position: 1 }],
    ["parameters", { address: parameters }],
    ["behaviour", { spacing: 1 }],
    ["current", { loss: 4096 }],
    ["source-size", { width: 1, height: 1 }],
    ["kernel", { width: 1, rows: 1 }],
    ["origin", { x: 0, y: 0 }],
    ["origin-pointer", { address: pointer + which }],
    ["weight-base", { row: modulo(row - which) }],
    ["row-step", { row: 0 }],
    ["list", { address: list + 2 }],
    ["pointer", { address: pointer + 3 }],
    ["channels", { count: 1 }],
    ["index", { value: 0 }],
  ]);
  idleRegisters(registers, plan.graph);
  return { kind: "pass", fields: { registers, levels: [], instruction: { fresh: 1, emit: 1 } } };
}

/** Rows that follow each other are rewarded at once. */
function rewardOperations(plan: DynamicsPlan, row: SynapseRow, isNegative: boolean): readonly Operation[] {
  const { name, target, plasticity } = projectionOf(plan, row);
  const { rule, eligibility } = plasticity!;
  const weights = rowsOfWalk(plan.blocks.get(target)!, row);
  const eligibilities = plan.eligibilities.get(row)!;
  const isContiguous = weights.groupRows === weights.sources;
  const runs = isContiguous ? 1 : weights.groups;
  const count = isContiguous ? weights.groups * weights.sources : weights.sources;
  return Array.from({ length: runs }, (_, run) => ({
    kind: "reward",
    projection: name,
    registers: new Map<string, FieldValues>([
      ["channels", { count }],
      ["weight-base", { row: weights.base + run * weights.groupRows }],
      ["weight-bounds", { min: rule.min, max: rule.max }],
      [
        "reward",
        {
          shift: eligibility!.shift,
          decay: eligibility!.decay,
          negative: Number(isNegative),
          row: eligibilities.base + run * eligibilities.groupRows,
        },
      ],
    ]),
  }));
}

function projectionOf({ graph }: DynamicsPlan, { projection }: SynapseRow): DynamicsProjection {
  return graph.projections.find((p) => p.name === projection)!;
}
