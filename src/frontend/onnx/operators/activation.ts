import type { ActivationFunction } from "../../../ann/graph.js";
import { constant, scalarOf } from "../constant/constant.js";
import { castTarget } from "../fold/arithmetic.js";
import { alignConstant, joint } from "../import/arrange.js";
import {
  type Call,
  constantInput,
  likeValue,
  type Operator,
  optionalConstant,
  runtimeInput,
  toRuntime,
} from "../import/call.js";
import type { Runtime } from "../import/value.js";
import { type ElementType, elementInfo, isInteger } from "../proto/element-type.js";
import { refuse } from "../refusal.js";

/** Emit an activation on `x`. `part` as for `Builder.emit`. */
export function activate(call: Call, x: Runtime, f: ActivationFunction, part?: string): Runtime {
  return likeValue(x, call.build.emit({ op: "activation", inputs: [x.stored], function: f }, part)[0]!);
}

type Choose = (call: Call, x: Runtime) => ActivationFunction;

const activation =
  (choose: Choose): Operator =>
  (call) => {
    const x = runtimeInput(call, 0);
    return [activate(call, x, choose(call, x))];
  };

/** Names of functions without parameters. */
type PlainKind = Exclude<
  ActivationFunction["kind"],
  "relu" | "prelu" | "clip" | "hard-sigmoid" | "elu" | "selu" | "celu" | "thresholded-relu" | "affine" | "scaled-tanh"
>;

const plain = (kind: PlainKind): Operator => activation(() => ({ kind }) as ActivationFunction);

/** Emit what leaves a value as it is, so that the operator stays visible. */
export function pass(call: Call, x: Runtime, type: ElementType = x.type): Runtime {
  return likeValue(x, call.build.emit({ op: "identity", inputs: [x.stored] })[0]!, type);
}

const relu: ActivationFunction = { kind: "relu", negativeSlope: 0, threshold: 0 };

const clip: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const bound = (name: string, k: number, fallback: number) => {
    const c = optionalConstant(call, k, `"${name}"`);
    return c ? scalarOf(c, `"${name}"`) : call.attributes.float(name, fallback);
  };
  const max = bound("max", 2, Number.POSITIVE_INFINITY);
  // where the bounds cross, ONNX gives the maximum everywhere
  const min = Math.min(max, bound("min", 1, Number.NEGATIVE_INFINITY));
  if (min === 0 && max === Number.POSITIVE_INFINITY) return [activate(call, x, relu)];
  if (min === 0) return [activate(call, x, { ...relu, maxValue: max })];
  return [activate(call, x, { kind: "clip", min, max })];
};

const prelu: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const slope = constantInput(call, 1, "the slope");
  const { shape } = joint(call.build, [x, slope], call.workspace);
  if (shape.length !== x.shape.length) throw refuse("shape", `a slope of shape [${slope.shape}] for [${x.shape}]`);
  const tensor = alignConstant(slope, x.shape.length, x.axes, call.workspace);
  return [activate(call, x, { kind: "prelu", slope: tensor })];
};

/** Conversions: to wider types nothing happens; to integers the fraction goes; what would wrap is refused. */
const cast =
  (target: (call: Call) => ElementType): Operator =>
  (call) => {
    const x = runtimeInput(call, 0);
    const type = target(call);
    const [from, to] = [elementInfo(x.type), elementInfo(type)];
    if (to.kind === "bool") {
      if (from.kind === "bool") return [pass(call, x)];
      const isZero = activate(call, x, { kind: "not" }, "is-zero");
      return [{ ...activate(call, isZero, { kind: "not" }), type }];
    }
    if (to.kind === "float") {
      if (to.bits < 16 || type === "bfloat16") throw refuse("element-type", `a conversion to ${type}`);
      return [pass(call, x, type)];
    }
    if (!isInteger(type)) throw refuse("element-type", `a conversion to ${type}`);
    if (from.kind === "float") return [{ ...activate(call, x, { kind: "trunc" }), type }];
    const spare = to.bits - from.bits - (from.kind === "unsigned" && to.kind === "signed" ? 1 : 0);
    const widens = from.kind === "bool" || (spare >= 0 && !(from.kind === "signed" && to.kind === "unsigned"));
    if (!widens && to.bits < 32) throw refuse("element-type", `a conversion from ${x.type} to ${type}, which wraps`);
    return [pass(call, x, type)];
  };

/** `Dropout`: nothing at inference; the mask keeps everything. */
const dropout: Operator = (call) => {
  const training = call.inputs[2];
  if (training && !(training.kind === "constant" && scalarOf(training, "training_mode") === 0)) {
    throw refuse("training", "a dropout in training mode", "Export the model in inference mode");
  }
  const x = runtimeInput(call, 0);
  const y = pass(call, x);
  if (call.outputs < 2 || !call.isUsed(1)) return [y];
  const length = x.shape.reduce((a, b) => a * b, 1);
  if (length < 0) throw refuse("open-extent", "a mask of an open extent");
  const data = call.workspace.allocate("bool", length).fill(1);
  return [y, toRuntime(call, constant("bool", x.shape, data))];
};

/** Elementwise functions of one value. */
export const activationOperators: Readonly<Record<string, Operator>> = {
  ":Relu": activation(() => relu),
  ":LeakyRelu": activation(({ attributes }) => ({ ...relu, negativeSlope: attributes.float("alpha", 0.01) })),
  ":ThresholdedRelu": activation(({ attributes }) => ({
    kind: "thresholded-relu",
    threshold: attributes.float("alpha", 1),
  })),
  ":PRelu": prelu,
  ":Clip": clip,
  ":HardSigmoid": activation(({ attributes }) => ({
    kind: "hard-sigmoid",
    slope: attributes.float("alpha", 0.2),
    offset: attributes.float("beta", 0.5),
  })),
  ":Elu": activation(({ attributes }) => ({ kind: "elu", alpha: attributes.float("alpha", 1) })),
  ":Celu": activation(({ attributes }) => ({ kind: "celu", alpha: attributes.float("alpha", 1) })),
  ":Selu": activation(({ attributes }) => ({
    kind: "selu",
    alpha: attributes.float("alpha", Math.fround(1.6732632423543772)),
    scale: attributes.float("gamma", Math.fround(1.0507009873554805)),
  })),
  ":Gelu": activation(({ attributes }) => ({
    kind: attributes.string("approximate", "none") === "tanh" ? "gelu-tanh" : "gelu",
  })),
  ":Swish": activation(({ attributes }) => {
    if (attributes.float("alpha", 1) !== 1) throw refuse("attribute", "a swish with alpha other than 1");
    return { kind: "swish" };
  }),
  ":HardSwish": plain("hard-swish"),
  ":Mish": plain("mish"),
  ":Sigmoid": plain("sigmoid"),
  ":Tanh": plain("tanh"),
  ":Softplus": plain("softplus"),
  ":Softsign": plain("softsign"),
  ":Exp": plain("exp"),
  ":Floor": plain("floor"),
  ":Ceil": plain("ceil"),
  ":Round": plain("round"),
  ":Not": plain("not"),
  ":Abs": plain("abs"),
  ":Neg": plain("neg"),
  ":Sqrt": plain("sqrt"),
  ":Log": plain("log"),
  ":Sign": plain("sign"),
  ":Reciprocal": plain("reciprocal"),
  ":Erf": plain("erf"),
  ":Sin": plain("sin"),
  ":Cos": plain("cos"),
  ":Identity": (call) => [pass(call, runtimeInput(call, 0))],
  ":Dropout": dropout,
  ":Cast": cast(castTarget),
  ":CastLike": cast((call) => {
    const like = call.inputs[1];
    if (!like || like.kind === "unknown") throw refuse("input", "input 1 is missing");
    return like.type;
  }),
};
