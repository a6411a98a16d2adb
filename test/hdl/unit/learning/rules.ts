import type { PostRule, PreRule } from "../../../../src/arch/dynamics/plasticity.js";
import { dynamicsRegisters, postRuleKinds, preRuleKinds } from "../../../../src/arch/dynamics/registers.js";
import type { Integer } from "../../integer.js";
import { modulo } from "../unit.js";

/** A presynaptic rule of any kind; of a core with small learning (1), `none` or `rectangular`. */
export function randomPreRule(integer: Integer, learning: number): PreRule {
  const window = (): readonly [number, number] => {
    const low = integer(0, 255);
    return [low, integer(low, 256)];
  };
  const rules: readonly PreRule[] = [
    { kind: "none" },
    { kind: "rectangular", amount: integer(0, 255) },
    { kind: "trace", shift: integer(0, 7), stochastic: integer(0, 1) === 1 },
    {
      kind: "spike-driven",
      amount: integer(0, 255),
      vTheta: integer(-32768, 32767),
      up: window(),
      down: window(),
    },
  ];
  return rules[integer(0, learning === 1 ? 1 : 3)]!;
}

/** A postsynaptic rule, likewise. */
export function randomPostRule(integer: Integer, learning: number): PostRule {
  const offset = integer(0, 1) * integer(0, 255);
  const rules: readonly PostRule[] = [
    { kind: "none" },
    { kind: "rectangular", amount: integer(0, 255), offset },
    { kind: "trace", shift: integer(0, 7), stochastic: integer(0, 1) === 1, offset },
  ];
  return rules[integer(0, learning === 1 ? 1 : 2)]!;
}

/** A register's value from its fields; those that are left out do not matter and are anything. */
function pack(register: string, values: Readonly<Record<string, number | undefined>>, integer: Integer): number {
  const { fields } = dynamicsRegisters.find(({ name }) => name === register)!;
  return fields.reduce((word, { name, lsb, bits }) => {
    const value = values[name] ?? integer(0, 2 ** bits - 1);
    return word + modulo(value, bits) * 2 ** lsb;
  }, 0);
}

/** Registers of a presynaptic rule. */
export function preRuleWord(rule: PreRule, integer: Integer) {
  const spike = rule.kind === "spike-driven" ? rule : undefined;
  const fields = {
    kind: preRuleKinds.indexOf(rule.kind),
    amount: "amount" in rule ? rule.amount : undefined,
    shift: "shift" in rule ? rule.shift : undefined,
    stochastic: "stochastic" in rule ? +rule.stochastic : undefined,
  };
  return {
    rule: pack("pre-rule", fields, integer),
    up_i: pack("spike-driven-up", { low: spike?.up[0], high: spike?.up[1] }, integer),
    down_i: pack("spike-driven-down", { low: spike?.down[0], high: spike?.down[1] }, integer),
    potential_i: pack("spike-driven-potential", { v: spike?.vTheta }, integer),
  };
}

/** Register of a postsynaptic rule. */
export function postRuleWord(rule: PostRule, integer: Integer): number {
  const fields = {
    kind: postRuleKinds.indexOf(rule.kind),
    amount: "amount" in rule ? rule.amount : undefined,
    shift: "shift" in rule ? rule.shift : undefined,
    stochastic: "stochastic" in rule ? +rule.stochastic : undefined,
    offset: "offset" in rule ? rule.offset : undefined,
  };
  return pack("post-rule", fields, integer);
}
