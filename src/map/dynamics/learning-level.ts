import type { CoreConfig } from "../../arch/core-config.js";
import type { DynamicsProjection } from "../../snn/dynamics/graph.js";

/** What a core must be able to learn for a projection: nothing, pairs in rectangular windows, or everything. */
export function learningLevel({ plasticity }: DynamicsProjection): CoreConfig["learning"] {
  if (!plasticity) return 0;
  const { rule, eligibility } = plasticity;
  const simple = [rule.pre.kind, rule.post.kind].every((kind) => kind === "none" || kind === "rectangular");
  return simple && !eligibility ? 1 : 2;
}
