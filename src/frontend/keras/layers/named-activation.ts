import type { ActivationFunction } from "../../../ann/graph.js";
import { isObject, type Json, member, stringMember } from "../../bytes/json.js";
import type { Dialect } from "../topology/dialect.js";
import { Unsupported } from "./unsupported.js";

export type NamedActivation = ActivationFunction | { readonly kind: "softmax"; readonly log: boolean };

const relu = { kind: "relu", negativeSlope: 0, threshold: 0 } as const;
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

const byName: ReadonlyMap<string, NamedActivation> = new Map<string, NamedActivation>([
  ["linear", { kind: "linear" }],
  ["relu", relu],
  ["relu6", { ...relu, maxValue: 6 }],
  ["leaky_relu", { ...relu, negativeSlope: 0.2 }],
  ["elu", { kind: "elu", alpha: 1 }],
  ["selu", { kind: "selu", alpha: seluAlpha, scale: seluScale }],
  ["celu", { kind: "celu", alpha: 1 }],
  ["sigmoid", { kind: "sigmoid" }],
  ["log_sigmoid", { kind: "log-sigmoid" }],
  ["tanh", { kind: "tanh" }],
  ["hard_tanh", { kind: "clip", min: -1, max: 1 }],
  ["softplus", { kind: "softplus" }],
  ["softsign", { kind: "softsign" }],
  ["exponential", { kind: "exp" }],
  ["swish", { kind: "swish" }],
  ["silu", { kind: "swish" }],
  ["hard_swish", { kind: "hard-swish" }],
  ["hard_silu", { kind: "hard-swish" }],
  ["gelu", { kind: "gelu" }],
  ["mish", { kind: "mish" }],
  ["softmax", { kind: "softmax", log: false }],
  ["log_softmax", { kind: "softmax", log: true }],
]);

/**
 * The function that an `activation` member means: a name, or since Keras 2.2 also an object that holds the name.
 *
 * `hard_sigmoid` is `clip(0.2 x + 0.5, 0, 1)` up to Keras 2 and in tfjs, `clip(x / 6 + 0.5, 0, 1)` in Keras 3.
 *
 * @param shape Shape of the value, kept when the function is not supported.
 * @throws Unsupported.
 */
export function namedActivation(value: Json | undefined, dialect: Dialect, shape?: readonly number[]): NamedActivation {
  const name = activationName(value);
  if (name === "hard_sigmoid") return { kind: "hard-sigmoid", slope: dialect.major === 3 ? 1 / 6 : 0.2, offset: 0.5 };
  const found = byName.get(name);
  if (found) return found;
  throw new Unsupported(`activation "${name}" is not supported`, `Use one of ${[...byName.keys()].join(", ")}`, shape);
}

/** As `namedActivation`, for the gates and states of recurrent cells, where a softmax has no place. */
export function cellActivation(value: Json | undefined, otherwise: string, dialect: Dialect): ActivationFunction {
  const found = namedActivation(value ?? otherwise, dialect);
  if (found.kind !== "softmax") return found;
  throw new Unsupported("softmax inside a recurrent cell is not supported", "Use tanh or sigmoid");
}

/** The name in an `activation` member; "linear" when there is none. */
export function activationName(value: Json | undefined): string {
  if (value === undefined || value === null) return "linear";
  if (typeof value === "string") return value;
  const inner = member(value, "config");
  if (stringMember(value, "class_name") === "function" && typeof inner === "string") return inner;
  const named = isObject(inner) ? stringMember(inner, "name") : undefined;
  return named ?? stringMember(value, "class_name") ?? JSON.stringify(value).slice(0, 60);
}
