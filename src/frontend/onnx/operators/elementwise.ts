import type { ConvNode, DenseNode, ElementwiseNode } from "../../../ann/graph.js";
import type { Tensor } from "../../../support/tensor.js";
import { expand, reshape } from "../constant/arrangement.js";
import { type Constant, constant, count, toTensor } from "../constant/constant.js";
import { joint } from "../import/arrange.js";
import { type Call, likeValue, type Operator, oneSample, runtimeInput, toRuntime } from "../import/call.js";
import type { Runtime, Value } from "../import/value.js";
import { type ElementType, isInteger } from "../proto/element-type.js";
import { refuse } from "../refusal.js";
import { activate, pass } from "./activation.js";

type Kind = ElementwiseNode["kind"];
type Relation = "equal" | "greater" | "greater-equal" | "less" | "less-equal";
type Combination =
  | { readonly op: "elementwise"; readonly kind: Kind }
  | { readonly op: "compare"; readonly kind: Relation };

/** Emit an elementwise operator of values and constants; broadcasting. `part` as for `Builder.emit`. */
export function combineValues(
  call: Call,
  combination: Combination,
  values: readonly Value[],
  type: ElementType,
  part?: string,
): Runtime {
  const constants = values.filter((value) => value.kind === "constant").length;
  const inline = values.length === 2 && constants === 1;
  const held = inline ? values : values.map((value) => (value.kind === "constant" ? toRuntime(call, value) : value));
  const { shape, axes, operands } = joint(call.build, held, call.workspace);
  const inputs = operands.filter((operand) => typeof operand === "string");
  const at = operands.findIndex((operand) => typeof operand !== "string");
  const extra = at < 0 ? {} : { constant: operands[at] as Tensor, ...(at === 0 ? { constantFirst: true } : {}) };
  const stored = call.build.emit({ ...combination, inputs, ...extra }, part)[0]!;
  return { kind: "runtime", type, shape, axes, stored };
}

/** A scalar constant of the type of `x`. */
export function scalar(value: number): Constant {
  return constant("float32", [], Float32Array.of(value));
}

/** All inputs. Constants that a model with a fixed batch repeats for each sample are there once. */
function operandsOf(call: Call): Value[] {
  const rank = Math.max(...call.inputs.map((value) => (value && value.kind !== "unknown" ? value.shape.length : 0)));
  const isOne = call.inputs.every(
    (value) => value?.kind !== "runtime" || value.shape.length < rank || value.shape[0] === 1,
  );
  return call.inputs.map((value, k) => {
    if (!value) throw refuse("input", `input ${k} is missing`);
    const repeats = value.kind === "constant" && isOne && value.shape.length === rank;
    return repeats ? oneSample(call, value, 0) : value;
  });
}

function typeOf(values: readonly Value[]): ElementType {
  const first = values[0]!;
  if (first.kind === "unknown") throw new Error("unknown value as operand");
  return first.type;
}

const arithmetic =
  (kind: Kind): Operator =>
  (call) => {
    const values = operandsOf(call);
    if (values.length === 1) return [pass(call, runtimeInput(call, 0))];
    return [combineValues(call, { op: "elementwise", kind }, values, typeOf(values))];
  };

/** Integers divide towards zero. */
const divide: Operator = (call) => {
  const values = operandsOf(call);
  const type = typeOf(values);
  if (!isInteger(type)) return arithmetic("divide")(call);
  const quotient = combineValues(call, { op: "elementwise", kind: "divide" }, values, type, "quotient");
  return [activate(call, quotient, { kind: "trunc" })];
};

/** Integers stay integers, whatever the exponent is. */
const power: Operator = (call) => {
  const values = operandsOf(call);
  const type = typeOf(values);
  if (!isInteger(type)) return arithmetic("power")(call);
  const result = combineValues(call, { op: "elementwise", kind: "power" }, values, type, "power");
  return [activate(call, result, { kind: "trunc" })];
};

const modulo: Operator = (call) => {
  if (call.attributes.flag("fmod")) throw refuse("attribute", "a remainder with the sign of the dividend (fmod)");
  return arithmetic("modulo")(call);
};

/** `Add`; a constant that is the same along all axes but the channels becomes the bias of a layer without one. */
const add: Operator = (call) => {
  const values = operandsOf(call);
  const at = values.findIndex((value) => value.kind === "constant");
  const x = values[1 - at];
  const fused =
    at >= 0 && x?.kind === "runtime" && call.isSole(1 - at) ? addBias(call, x, values[at] as Constant) : undefined;
  return fused ? [fused] : arithmetic("add")(call);
};

/** Give the layer that makes `x` the bias `c`, where it has none and `c` is one. */
function addBias(call: Call, x: Runtime, c: Constant): Runtime | undefined {
  const layer = call.build.producerOf(x.stored);
  if ((layer?.op !== "dense" && layer?.op !== "conv") || layer.bias) return undefined;
  const channel = x.axes.at(-1);
  const lead = x.shape.length - c.shape.length;
  if (channel === undefined || lead < 0) return undefined;
  if (c.shape.some((extent, axis) => extent !== 1 && axis + lead !== channel)) return undefined;
  const channels = x.shape[channel]!;
  const bias = toTensor(expand(reshape(c, [count(c.shape)]), [channels], call.workspace));
  const changed: DenseNode | ConvNode = { ...layer, bias, sourceOp: `${layer.sourceOp}+${call.operator}` };
  call.build.replace(layer, changed);
  return likeValue(x, x.stored);
}

const compare =
  (kind: Relation): Operator =>
  (call) => [combineValues(call, { op: "compare", kind }, operandsOf(call), "bool")];

const xor: Operator = (call) => {
  const equal = combineValues(call, { op: "compare", kind: "equal" }, operandsOf(call), "bool", "equal");
  return [activate(call, equal, { kind: "not" })];
};

const where: Operator = (call) => {
  const values = operandsOf(call).map((value) => (value.kind === "constant" ? toRuntime(call, value) : value));
  const { shape, axes, operands } = joint(call.build, values, call.workspace);
  const stored = call.build.emit({ op: "where", inputs: operands as string[] })[0]!;
  return [{ kind: "runtime", type: typeOf(values.slice(1)), shape, axes, stored }];
};

/** Operators of several values with broadcasting. */
export const elementwiseOperators: Readonly<Record<string, Operator>> = {
  ":Add": add,
  ":Sub": arithmetic("subtract"),
  ":Mul": arithmetic("multiply"),
  ":Div": divide,
  ":Pow": power,
  ":Mod": modulo,
  ":Min": arithmetic("minimum"),
  ":Max": arithmetic("maximum"),
  ":Sum": arithmetic("add"),
  ":Mean": arithmetic("average"),
  ":Equal": compare("equal"),
  ":Greater": compare("greater"),
  ":GreaterOrEqual": compare("greater-equal"),
  ":Less": compare("less"),
  ":LessOrEqual": compare("less-equal"),
  ":And": arithmetic("multiply"),
  ":Or": arithmetic("maximum"),
  ":Xor": xor,
  ":Where": where,
};
