import { logicalShape } from "../../builder.js";
import { addActivation, type LayerCall, type LayerReader } from "../call.js";
import { activationName, namedActivation } from "../named-activation.js";

/** Activation by name. */
export const activation: LayerReader = (call) => {
  const flow = call.input();
  const stated = call.config.raw("activation");
  if (activationName(stated) === "linear") return identity(call);
  return addActivation(
    call.builder,
    call.name,
    call.className,
    flow,
    namedActivation(stated, call.dialect, logicalShape(flow)),
  );
};

/** Layers that do nothing at inference. */
export const identity: LayerReader = (call) => {
  const [flow] = call.inputs;
  if (!flow || call.inputs.length !== 1) throw call.wrongInputs(`it has ${call.inputs.length} inputs, wanted 1`);
  const { shape } = call.shaped(flow);
  return call.add([flow], { op: "identity" }, shape, flow.channelsFirst);
};

export const reluLayer: LayerReader = (call) => {
  const hasMaximum = call.config.raw("max_value") !== undefined;
  return addFunction(call, {
    kind: "relu",
    ...(hasMaximum ? { maxValue: call.config.number("max_value") } : {}),
    negativeSlope: call.config.number("negative_slope", 0),
    threshold: call.config.number("threshold", 0),
  });
};

/** `alpha` up to Keras 2, `negative_slope` since Keras 3. */
export const leakyRelu: LayerReader = (call) => {
  const slope = call.config.number(call.config.raw("negative_slope") === undefined ? "alpha" : "negative_slope", 0.3);
  return addFunction(call, { kind: "relu", negativeSlope: slope, threshold: 0 });
};

export const elu: LayerReader = (call) => addFunction(call, { kind: "elu", alpha: call.config.number("alpha", 1) });

export const thresholdedRelu: LayerReader = (call) =>
  addFunction(call, { kind: "thresholded-relu", threshold: call.config.number("theta", 1) });

/** PReLU: a slope for each element, shared over `shared_axes`. */
export const prelu: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const shared = call.config.raw("shared_axes");
  const axes = Array.isArray(shared) ? call.config.integers("shared_axes", shared.length, 1) : [];
  const wanted = flow.shape.map((n, i) => (axes.includes(i + 1) ? 1 : n));
  const [slope] = call.weights.take(["alpha"]);
  const fn = { kind: "prelu", slope: call.weights.shaped("alpha", slope!, wanted) } as const;
  return call.add([flow], { op: "activation", function: fn }, flow.shape);
};

/** Softmax over `axis`, which counts the batch as axis 0 when it is not negative. */
export const softmax: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const rank = flow.shape.length;
  const [stated] = call.config.integers("axis", 1, -rank, -1);
  const axis = stated! < 0 ? rank + stated! : stated! - 1;
  if (axis < 0 || axis >= rank) throw call.config.invalid("axis", `an axis of [${flow.shape.join(", ")}]`);
  return call.add([flow], { op: "softmax", axis, log: false }, flow.shape);
};

function addFunction(call: LayerCall, fn: Parameters<typeof addActivation>[4]) {
  return addActivation(call.builder, call.name, call.className, call.input(), fn);
}
