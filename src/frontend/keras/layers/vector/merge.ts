import type { ElementwiseNode } from "../../../../ann/graph.js";
import { logicalShape, type ShapedFlow } from "../../builder.js";
import type { LayerCall, LayerReader } from "../call.js";
import { Unsupported } from "../unsupported.js";

/** Add, Subtract, Multiply, Average, Maximum, Minimum. */
export function elementwise(kind: ElementwiseNode["kind"]): LayerReader {
  return (call) => {
    const flows = aligned(call);
    if (kind === "subtract" && flows.length !== 2) throw call.wrongInputs(`it has ${flows.length} inputs, wanted 2`);
    const shape = flows.map((flow) => flow.shape).reduce((a, b) => broadcast(call, a, b));
    return call.add(flows, { op: "elementwise", kind }, shape, flows[0]!.channelsFirst);
  };
}

/** Concatenate along `axis`, which counts the batch as axis 0 when it is not negative. */
export const concatenate: LayerReader = (call) => concatenateAlong(call, "axis");

/** Merge of Keras 1: what it does is its `mode`. */
export const merge: LayerReader = (call) => {
  if (call.config.raw("layers") !== undefined && call.inputs.length < 2) {
    throw new Unsupported(
      "Merge of whole models inside a Sequential is not supported",
      "Save the model as Functional (Model)",
    );
  }
  const kinds = { sum: "add", mul: "multiply", ave: "average", max: "maximum" } as const;
  const mode = call.config.string("mode", "sum");
  if (mode === "concat") return concatenateAlong(call, "concat_axis");
  if (Object.hasOwn(kinds, mode)) return elementwise(kinds[mode as keyof typeof kinds])(call);
  throw new Unsupported(`mode "${mode}" is not supported`, "Use sum, mul, ave, max or concat");
};

function concatenateAlong(call: LayerCall, key: string): ShapedFlow {
  const flows = aligned(call);
  const rank = flows[0]!.shape.length;
  const stated = call.config.integer(key, -rank, -1);
  const axis = stated < 0 ? rank + stated : stated - 1;
  if (axis < 0 || axis >= rank) throw call.config.invalid(key, `an axis of [${logicalShape(flows[0]!).join(", ")}]`);
  // The value has the channels last where the source model has them first.
  const actual = flows[0]!.channelsFirst ? (axis + rank - 1) % rank : axis;
  const first = flows[0]!.shape;
  for (const flow of flows) {
    const fits = flow.shape.length === rank && flow.shape.every((n, i) => i === actual || n === first[i]);
    if (!fits) throw call.wrongInputs(`its inputs have shapes [${first.join(", ")}] and [${flow.shape.join(", ")}]`);
  }
  const extents = flows.map((flow) => flow.shape[actual]!);
  const joined = extents.includes(-1) ? -1 : extents.reduce((a, b) => a + b);
  const shape = first.map((n, i) => (i === actual ? joined : n));
  return call.add(flows, { op: "concat", axis: actual }, shape, flows[0]!.channelsFirst);
}

/** Two or more inputs, all in one axis order. */
function aligned(call: LayerCall): ShapedFlow[] {
  const flows = call.shapedInputs();
  if (flows.length < 2) throw call.wrongInputs(`it has ${flows.length} inputs, wanted 2 or more`);
  const isAllFirst = flows.every((flow) => flow.channelsFirst && flow.shape.length === flows[0]!.shape.length);
  return isAllFirst ? flows : flows.map((flow) => call.builder.logical(flow));
}

function broadcast(call: LayerCall, a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], i: number): number => shape[i - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [at(a, i), at(b, i)];
    if (m === n || n === 1) return m;
    if (m === 1) return n;
    throw call.wrongInputs(`its inputs have shapes [${a.join(", ")}] and [${b.join(", ")}]`);
  });
}
