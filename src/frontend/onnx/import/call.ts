import type { Attributes } from "../attributes.js";
import { window } from "../constant/arrangement.js";
import { type Constant, knownIntegers, toTensor, type Workspace } from "../constant/constant.js";
import type { ElementType } from "../proto/element-type.js";
import { refuse } from "../refusal.js";
import type { Builder } from "./builder.js";
import type { Runtime, Value } from "./value.js";

/** A node that is being converted: at least one of its inputs depends on the input of the network. */
export interface Call {
  readonly operator: string;
  /** Version of the operator set of the node's domain. */
  readonly version: number;
  readonly attributes: Attributes;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: number;
  /** Whether something reads output `k`. */
  readonly isUsed: (k: number) => boolean;
  /** Whether nothing else reads input `k`. */
  readonly isSole: (k: number) => boolean;
  readonly build: Builder;
  readonly workspace: Workspace;
  /** The batch that the model fixes and that is read as 1; 1 where it fixes none. */
  readonly fixedBatch: number;
  /** The batch is open or fixed above 1, so that operators across the first axis work across samples. */
  readonly isBatched: boolean;
}

/** Refuses an operator over `axes` one of which counts the samples of a batch. */
export function refuseAcrossSamples(call: Call, x: Runtime, axes: readonly number[]): void {
  if (!call.isBatched || !axes.includes(0) || x.shape[0] !== 1 || x.axes.includes(0)) return;
  throw refuse("batch", "an operator across the samples of a batch", "Export with a batch of 1");
}

/** Converts a node: emits nodes of the graph and gives its values. Refuses what it cannot express. */
export type Operator = (call: Call) => readonly Value[];

/** Input `k` as a runtime value; a constant becomes a node. */
export function runtimeInput(call: Call, k: number): Runtime {
  const value = call.inputs[k];
  if (!value) throw refuse("input", `input ${k} is missing`);
  return toRuntime(call, value);
}

export function toRuntime(call: Call, value: Value): Runtime {
  if (value.kind === "runtime") return value;
  if (value.kind === "unknown") throw new Error("unknown value reached an operator");
  if (value.data.length === 0) throw refuse("shape", "an empty constant");
  const stored = call.build.emit({ op: "constant", inputs: [], value: toTensor(value) }, "constant")[0]!;
  return {
    kind: "runtime",
    type: value.type,
    shape: value.shape,
    axes: value.shape.map((_, axis) => axis),
    stored,
  };
}

/** Input `k` as a constant. */
export function constantInput(call: Call, k: number, what: string): Constant {
  const value = call.inputs[k];
  if (!value) throw refuse("input", `${what} is missing`);
  if (value.kind !== "constant") {
    throw refuse("parameter-not-constant", `${what} depends on the input of the network`, "Make it a constant");
  }
  return value;
}

/** Input `k` as a constant, or undefined where it is left out. */
export function optionalConstant(call: Call, k: number, what: string): Constant | undefined {
  return call.inputs[k] ? constantInput(call, k, what) : undefined;
}

/** Integers that an attribute gave in old operator sets and an input gives in new ones. */
export function integersOf(call: Call, name: string, k: number): readonly number[] | undefined {
  const c = optionalConstant(call, k, `"${name}"`);
  return c ? knownIntegers(c, `"${name}"`) : call.attributes.ints(name);
}

/** A runtime value that is stored as `like` is. */
export function likeValue(like: Runtime, stored: string, type: ElementType = like.type): Runtime {
  return { ...like, stored, type };
}

/** Refuses a call that wants an output which the graph has no node for. */
export function refuseOutputs(call: Call, from: number, what: string): void {
  for (let k = from; k < call.outputs; k++) {
    if (call.isUsed(k)) throw refuse("output", `output ${k} (${what}) is used`);
  }
}

/** A constant that a model with a fixed batch repeats for every sample along `axis`: one of them. */
export function oneSample(call: Call, c: Constant, axis: number): Constant {
  if (call.fixedBatch === 1 || c.shape[axis] !== call.fixedBatch) return c;
  const extents = c.shape.map((extent, k) => (k === axis ? 1 : extent));
  const starts = (at: number) => c.shape.map((_, k) => (k === axis ? at : 0));
  const steps = c.shape.map(() => 1);
  const first = window(c, starts(0), extents, steps, call.workspace);
  for (let at = 1; at < call.fixedBatch; at++) {
    const other = window(c, starts(at), extents, steps, call.workspace);
    if (other.data.some((x, k) => x !== first.data[k])) {
      throw refuse("batch", "constants that differ between the samples of a batch", "Export with a batch of 1");
    }
  }
  return first;
}
