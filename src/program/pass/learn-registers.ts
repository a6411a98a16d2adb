import type { CoreConfig } from "../../arch/core-config.js";
import type { PlasticityRule, PostRule, PreRule, Reward } from "../../arch/dynamics/plasticity.js";
import { postRuleKinds, preRuleKinds } from "../../arch/dynamics/registers.js";
import { registerField, signedRegisterField } from "./register-field.js";
import { decodePassRegisters } from "./registers.js";

/** The registers of a `learn`, decoded; addresses modulo the memory they point into. */
export interface LearnRegisters {
  readonly rule: PlasticityRule;
  /** Groups of postsynaptic neurons, lanes of all but the last, and of the last. */
  readonly groups: number;
  readonly lanesVisit: number;
  readonly lanesLast: number;
  /** State word of the first postsynaptic neuron, and of the first presynaptic one. */
  readonly state: number;
  readonly sourceState: number;
  /** Presynaptic neurons. */
  readonly sourceRows: number;
  /** Pointer word of the presynaptic events; the next one ends them. */
  readonly pointer: number;
  /** Weight row of presynaptic neuron 0 and group 0, and what is added to it from group to group; modulo 2^16. */
  readonly weightBase: number;
  readonly rowStep: number;
}

/** The registers of a `reward`, decoded. */
export interface RewardRegisters {
  readonly reward: Reward;
  readonly min: number;
  readonly max: number;
  readonly rows: number;
  /** First row of weights and of eligibilities; modulo 2^16. */
  readonly weightBase: number;
  readonly eligibilityBase: number;
}

/** Decodes the 22-bit values that `set` has loaded, one a register; codes without a meaning count as 0. */
export function decodeLearnRegisters(values: ArrayLike<number>, config: CoreConfig): LearnRegisters {
  const { groups, lanesVisit, lanesLast, state, originPointer, weightBase, rowStep } = decodePassRegisters(
    values,
    config,
  );
  return {
    rule: { pre: preRule(values), post: postRule(values), ...bounds(values) },
    groups,
    lanesVisit,
    lanesLast,
    state,
    sourceState: registerField(values, "learn-source", "state") & (config.stateDepth - 1),
    sourceRows: registerField(values, "learn-source", "rows"),
    pointer: originPointer & (config.pointerDepth - 1),
    weightBase,
    rowStep,
  };
}

/** As `decodeLearnRegisters`. */
export function decodeRewardRegisters(values: ArrayLike<number>, config: CoreConfig): RewardRegisters {
  const field = (name: string) => registerField(values, "reward", name);
  const { channels, weightBase } = decodePassRegisters(values, config);
  return {
    reward: { negative: field("negative") === 1, shift: field("shift"), decay: field("decay") },
    ...bounds(values),
    rows: channels,
    weightBase,
    eligibilityBase: field("row"),
  };
}

function preRule(values: ArrayLike<number>): PreRule {
  const field = (name: string) => registerField(values, "pre-rule", name);
  const range = (register: string) =>
    [registerField(values, register, "low"), registerField(values, register, "high")] as const;
  const kind = preRuleKinds[field("kind")]!;
  switch (kind) {
    case "none":
      return { kind };
    case "rectangular":
      return { kind, amount: field("amount") };
    case "trace":
      return { kind, shift: field("shift"), stochastic: field("stochastic") === 1 };
    case "spike-driven":
      return {
        kind,
        amount: field("amount"),
        vTheta: signedRegisterField(values, "spike-driven-potential", "v"),
        up: range("spike-driven-up"),
        down: range("spike-driven-down"),
      };
  }
}

function postRule(values: ArrayLike<number>): PostRule {
  const field = (name: string) => registerField(values, "post-rule", name);
  const kind = postRuleKinds[field("kind")] ?? "none";
  switch (kind) {
    case "none":
      return { kind };
    case "rectangular":
      return { kind, amount: field("amount"), offset: field("offset") };
    case "trace":
      return { kind, shift: field("shift"), stochastic: field("stochastic") === 1, offset: field("offset") };
  }
}

function bounds(values: ArrayLike<number>): { readonly min: number; readonly max: number } {
  return {
    min: signedRegisterField(values, "weight-bounds", "min"),
    max: signedRegisterField(values, "weight-bounds", "max"),
  };
}
