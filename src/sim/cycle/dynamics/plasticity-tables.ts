import {
  type PlasticityRule,
  type PostRule,
  type PreRule,
  postChange,
  preChange,
  type Reward,
  rewardWeight,
} from "../../../arch/dynamics/plasticity.js";

/** Traces plus the largest draw of stochastic rounding, and one more. */
const traceValues = 256 + 127;

/** Changes by trace plus draw, with the bits of a draw that count. */
export interface ChangeTable {
  readonly changes: Int16Array;
  /** Whether each change takes a draw, and its mask. */
  readonly draws: boolean;
  readonly drawMask: number;
}

/** The rules of a `learn` as tables over the traces. */
export interface PlasticityTables {
  /** From this potential on `above` holds for presynaptic events, else `below`. */
  readonly potential: number;
  readonly above: ChangeTable;
  readonly below: ChangeTable;
  /** Absent: postsynaptic spikes change nothing. */
  readonly post: ChangeTable | undefined;
  readonly min: number;
  readonly max: number;
}

export function plasticityTables({ pre, post, min, max }: PlasticityRule): PlasticityTables {
  const potential = pre.kind === "spike-driven" ? pre.vTheta : 0;
  const exact = withoutDraws(pre);
  return {
    potential,
    above: changeTable(pre, (trace) => preChange(exact, potential, trace, 0).change),
    below: changeTable(pre, (trace) => preChange(exact, potential - 1, trace, 0).change),
    post:
      post.kind === "none" ? undefined : changeTable(post, (trace) => postChange(withoutDraws(post), trace, 0).change),
    min,
    max,
  };
}

/** What a reward does to an eligibility, by `eligibility + 128`. */
export interface RewardTables {
  readonly moved: Int16Array;
  readonly left: Int8Array;
}

export function rewardTables(reward: Reward): RewardTables {
  const outcomes = Array.from({ length: 256 }, (_, i) => rewardWeight(0, i - 128, reward, -128, 128));
  return {
    moved: Int16Array.from(outcomes, ({ weight }) => weight),
    left: Int8Array.from(outcomes, ({ eligibility }) => eligibility),
  };
}

function changeTable(rule: PreRule | PostRule, change: (trace: number) => number): ChangeTable {
  const draws = rule.kind === "trace" && rule.stochastic;
  return {
    changes: Int16Array.from({ length: traceValues }, (_, trace) => change(trace)),
    draws,
    drawMask: draws ? (1 << rule.shift) - 1 : 0,
  };
}

/** The rule whose trace already has the draw added. */
function withoutDraws<Rule extends PreRule | PostRule>(rule: Rule): Rule {
  return rule.kind === "trace" ? { ...rule, stochastic: false } : rule;
}
