import { type Constant, knownIntegers } from "../constant/constant.js";
import { refuse } from "../refusal.js";
import type { FoldCall } from "./fold-call.js";

/** An input that must be there. */
export function input(call: FoldCall, k: number): Constant {
  const c = call.inputs[k];
  if (!c) throw refuse("input", `input ${k} is missing`);
  return c;
}

/** Integers that an attribute gave in old operator sets and an input gives in new ones; undefined where neither is there. */
export function integersOf(call: FoldCall, name: string, k: number): readonly number[] | undefined {
  const c = call.inputs[k];
  return c ? knownIntegers(c, `"${name}"`) : call.attributes.ints(name);
}
