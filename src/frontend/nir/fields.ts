import type { NirNode } from "./graph.js";

/** How a dataset of a node is read and written. */
export interface NirField {
  /** Name of the dataset. */
  readonly dataset: string;
  /** Property of the node. */
  readonly key: string;
  /**
   * `tensor`: real numbers. `axes`: integers, one a spatial axis, or one for all. `shape`: integers. `integer`: one.
   * `padding`: as `axes`, or "same" or "valid".
   */
  readonly kind: "tensor" | "axes" | "shape" | "integer" | "padding";
  /**
   * What an absent dataset means: `leave` the property out; `zeros` like `vThreshold`; `ones` like `vLeak` (a scalar is
   * broadcast too).
   */
  readonly absent?: "leave" | "zeros" | "ones";
}

/** Node types with datasets; `NIRGraph` has nodes and edges instead. */
export type FieldType = Exclude<NirNode["type"], "NIRGraph">;

const tensor = (dataset: string, absent?: "zeros" | "ones"): NirField => ({
  dataset,
  key: camel(dataset),
  kind: "tensor",
  ...(absent ? { absent } : {}),
});
const integers = (dataset: string, kind: NirField["kind"]): NirField => ({ dataset, key: camel(dataset), kind });

const shape = integers("shape", "shape");
const weight = tensor("weight");
const bias = tensor("bias");
const threshold = tensor("v_threshold");
/** Files before 2025 have none. */
const reset = tensor("v_reset", "zeros");
const inputShape: NirField = { dataset: "input_shape", key: "inputShape", kind: "shape", absent: "leave" };
const conv = [
  inputShape,
  weight,
  integers("stride", "axes"),
  integers("padding", "padding"),
  integers("dilation", "axes"),
  integers("groups", "integer"),
  bias,
];
const pool = [integers("kernel_size", "axes"), integers("stride", "axes"), integers("padding", "axes")];
const leaky = [tensor("tau"), tensor("r"), tensor("v_leak")];
const cuba = [tensor("tau_syn"), tensor("tau_mem"), tensor("r"), tensor("v_leak"), tensor("w_in", "ones")];

/** Datasets of every node type. See `nir/ir` of neuromorphs/NIR 1.0.7. */
export const nirFields: Readonly<Record<FieldType, readonly NirField[]>> = {
  Input: [shape],
  Output: [shape],
  Affine: [weight, bias],
  Linear: [weight],
  Scale: [tensor("scale")],
  Conv1d: conv,
  Conv2d: conv,
  SumPool2d: pool,
  AvgPool2d: pool,
  Flatten: [
    integers("start_dim", "integer"),
    integers("end_dim", "integer"),
    { dataset: "input_type", key: "inputShape", kind: "shape", absent: "leave" },
  ],
  Delay: [tensor("delay")],
  Threshold: [tensor("threshold")],
  I: [tensor("r")],
  IF: [tensor("r"), threshold, reset],
  LI: leaky,
  LIF: [...leaky, threshold, reset],
  CubaLI: cuba,
  CubaLIF: [...cuba, threshold, reset],
};

/** Number of spatial axes of the types that have any. */
export const spatialAxes: Partial<Record<FieldType, number>> = { Conv1d: 1, Conv2d: 2, SumPool2d: 2, AvgPool2d: 2 };

function camel(dataset: string): string {
  return dataset.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
