import {
  type Binary,
  cast,
  combine,
  divide,
  erf,
  mapConstant,
  remainder,
  roundHalfEven,
  spread,
  type Unary,
} from "../constant/arithmetic.js";
import { type Constant, constant, count, isOpen } from "../constant/constant.js";
import { type Reduction, reduceConstant } from "../constant/reduce.js";
import { broadcastShapes, normalAxes } from "../constant/strides.js";
import { elementOfCode } from "../proto/element-type.js";
import { refuse } from "../refusal.js";
import type { Fold, FoldCall } from "./fold-call.js";
import { input, integersOf } from "./input.js";

const unary =
  (f: Unary): Fold =>
  (call) => [mapConstant(input(call, 0), f, call.workspace)];

const binary =
  (f: (a: Constant, call: FoldCall) => Binary): Fold =>
  (call) => [combine(input(call, 0), input(call, 1), f(input(call, 0), call), call.workspace)];

/** Relations: the result is boolean; numbers that are not known yet cannot be compared. */
const relation =
  (holds: (x: number, y: number) => boolean): Fold =>
  (call) => {
    const [a, b] = [input(call, 0), input(call, 1)];
    if (isOpen(a) || isOpen(b)) throw refuse("open-extent", "a comparison with an extent that the file leaves open");
    return [combine(a, b, (x, y) => (holds(x, y) ? 1 : 0), call.workspace, "bool")];
  };

const many =
  (f: Binary, finish: (sum: number, parts: number) => number = (sum) => sum): Fold =>
  (call) => {
    const parts = call.inputs.map((_, k) => input(call, k));
    const total = parts.slice(1).reduce((a, b) => combine(a, b, f, call.workspace), input(call, 0));
    return [mapConstant(total, (sum) => finish(sum, parts.length), call.workspace)];
  };

const reduction =
  (kind: Reduction): Fold =>
  (call) => {
    const x = input(call, 0);
    const given = integersOf(call, "axes", 1);
    if ((!given || given.length === 0) && call.attributes.flag("noop_with_empty_axes")) return [x];
    const axes = given && given.length > 0 ? normalAxes(given, x.shape.length) : x.shape.map((_, axis) => axis);
    return [reduceConstant(x, kind, axes, call.attributes.flag("keepdims", true), call.workspace)];
  };

/** Element type that a `Cast` names. */
export function castTarget(call: Pick<FoldCall, "attributes">) {
  const code = call.attributes.int("to");
  const info = elementOfCode(code);
  if (!info) throw refuse("element-type", `a cast to the element type ${code}`);
  return info.type;
}

/** Elementwise operators and reductions. */
export const arithmeticFolds: Readonly<Record<string, Fold>> = {
  ":Abs": unary(Math.abs),
  ":Neg": unary((x) => -x),
  ":Sqrt": unary(Math.sqrt),
  ":Reciprocal": unary((x) => 1 / x),
  ":Exp": unary(Math.exp),
  ":Log": unary(Math.log),
  ":Floor": unary(Math.floor),
  ":Ceil": unary(Math.ceil),
  ":Round": unary(roundHalfEven),
  ":Sign": unary(Math.sign),
  ":Erf": unary(erf),
  ":Tanh": unary(Math.tanh),
  ":Sigmoid": unary((x) => 1 / (1 + Math.exp(-x))),
  ":Relu": unary((x) => Math.max(0, x)),
  ":Not": unary((x) => (x === 0 ? 1 : 0)),

  ":Add": binary(() => (x, y) => x + y),
  ":Sub": binary(() => (x, y) => x - y),
  ":Mul": binary(() => (x, y) => x * y),
  ":Div": binary((a) => divide(a.type)),
  ":Pow": binary(() => (x, y) => x ** y),
  ":Mod": binary((_, { attributes }) => remainder(attributes.flag("fmod"))),
  ":And": binary(() => (x, y) => (x !== 0 && y !== 0 ? 1 : 0)),
  ":Or": binary(() => (x, y) => (x !== 0 || y !== 0 ? 1 : 0)),
  ":Xor": binary(() => (x, y) => ((x !== 0) !== (y !== 0) ? 1 : 0)),

  ":Equal": relation((x, y) => x === y),
  ":Greater": relation((x, y) => x > y),
  ":GreaterOrEqual": relation((x, y) => x >= y),
  ":Less": relation((x, y) => x < y),
  ":LessOrEqual": relation((x, y) => x <= y),

  ":Min": many(Math.min),
  ":Max": many(Math.max),
  ":Sum": many((x, y) => x + y),
  ":Mean": many(
    (x, y) => x + y,
    (sum, parts) => sum / parts,
  ),

  ":Clip": (call) => {
    const low = call.inputs[1]?.data[0] ?? call.attributes.float("min", Number.NEGATIVE_INFINITY);
    const high = call.inputs[2]?.data[0] ?? call.attributes.float("max", Number.POSITIVE_INFINITY);
    const x = input(call, 0);
    return [{ ...mapConstant(x, (v) => Math.min(high, Math.max(low, v)), call.workspace), type: x.type }];
  },

  ":Where": (call) => {
    const [condition, then, otherwise] = [input(call, 0), input(call, 1), input(call, 2)];
    const shape = broadcastShapes([condition.shape, then.shape, otherwise.shape]);
    const length = count(shape);
    const holds = spread(condition, shape, length, call.workspace);
    const left = spread(then, shape, length, call.workspace);
    const right = spread(otherwise, shape, length, call.workspace);
    const data = call.workspace.allocate(then.type, length);
    for (let k = 0; k < length; k++) data[k] = holds[k] !== 0 ? left[k]! : right[k]!;
    return [constant(then.type, shape, data)];
  },

  ":Cast": (call) => [cast(input(call, 0), castTarget(call), call.workspace)],
  ":CastLike": (call) => [cast(input(call, 0), input(call, 1).type, call.workspace)],

  ":ReduceSum": reduction("sum"),
  ":ReduceMean": reduction("mean"),
  ":ReduceMax": reduction("max"),
  ":ReduceMin": reduction("min"),
  ":ReduceProd": reduction("product"),
  ":ReduceL1": reduction("l1"),
  ":ReduceL2": reduction("l2"),
  ":ReduceSumSquare": reduction("sum-square"),
  ":ReduceLogSumExp": reduction("log-sum-exp"),
};
