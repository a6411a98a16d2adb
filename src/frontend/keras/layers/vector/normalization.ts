import type { Tensor } from "../../../../support/tensor.js";
import type { LayerCall, LayerReader } from "../call.js";
import { Unsupported } from "../unsupported.js";

/** LayerNormalization over `axis` (one or several, the last ones). */
export const layerNormalization: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const rank = flow.shape.length;
  const stated = call.config.raw("axis");
  const list = call.config.integers("axis", Array.isArray(stated) ? stated.length : 1, -rank, -1);
  const axes = list.map((axis) => (axis < 0 ? rank + axis : axis - 1)).sort((a, b) => a - b);
  const areLast = axes.every((axis, i) => axis === rank - axes.length + i);
  if (!areLast)
    throw new Unsupported(`axis [${list.join(", ")}] is not at the end`, "Normalise over the last axes", flow.shape);
  if (call.config.boolean("rms_scaling", false))
    throw new Unsupported("rms_scaling is not supported", "Train without rms_scaling", flow.shape);
  const parameters = scaleAndOffset(
    call,
    axes.map((axis) => flow.shape[axis]!),
  );
  const content = { op: "layer-norm", axes, ...parameters, epsilon: call.config.number("epsilon", 1e-3) } as const;
  return call.add([flow], content, flow.shape);
};

/** GroupNormalization over the last axis. */
export const groupNormalization: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const channels = flow.shape.at(-1)!;
  const axis = call.config.integer("axis", -flow.shape.length, -1);
  if (axis !== -1 && axis !== flow.shape.length)
    throw new Unsupported(`axis ${axis} is not the last`, "Normalise over the last axis", flow.shape);
  const stated = call.config.integer("groups", -1, 32);
  const groups = stated === -1 ? channels : stated;
  if (channels < 1 || groups < 1 || channels % groups !== 0)
    throw call.config.invalid("groups", `a divisor of ${channels}`);
  const parameters = scaleAndOffset(call, [channels]);
  const content = { op: "group-norm", groups, ...parameters, epsilon: call.config.number("epsilon", 1e-3) } as const;
  return call.add([flow], content, flow.shape);
};

/** Rescaling by one number: `scale * x + offset`. */
export const rescaling: LayerReader = (call) => {
  const flow = call.input();
  const isSingle = !Array.isArray(call.config.raw("scale")) && !Array.isArray(call.config.raw("offset"));
  if (!isSingle)
    throw new Unsupported(
      "a scale or offset for each channel is not supported",
      "Scale the data before the model",
      flow.shape,
    );
  const fn = {
    kind: "affine",
    scale: call.config.number("scale", 1),
    offset: call.config.number("offset", 0),
  } as const;
  return call.add([flow], { op: "activation", function: fn }, flow.shape, flow.channelsFirst);
};

/** Keras divides by no smaller deviation. */
const leastDeviation = 1e-7;

/** Normalization with the mean and variance of the training data, from the weights or the configuration; the last axis. */
export const normalization: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const { config } = call;
  if (config.boolean("invert", false))
    throw new Unsupported("it inverts a normalisation", "Remove the layer before saving the model", flow.shape);
  const axis = config.raw("axis");
  const axes = Array.isArray(axis) ? axis : axis === undefined ? [] : [axis];
  const isLast = axes.every((one) => one === -1 || one === flow.shape.length);
  if (!isLast || axes.length > 1)
    throw new Unsupported(`axis [${axes.join(", ")}] is not the last`, "Normalise over the last axis", flow.shape);
  const channels = flow.shape.at(-1)!;
  const [mean, variance] = ["mean", "variance"].map((role, k) => statistic(call, role, k, channels));
  const least = leastDeviation ** 2;
  const content = {
    op: "batch-norm",
    mean: mean!,
    variance: { ...variance!, data: variance!.data.map((v) => Math.max(v, least)) },
    epsilon: 0,
  } as const;
  return call.add([flow], content, flow.shape);
};

/** One number a channel; a single one is meant for all. */
function statistic(call: LayerCall, role: string, k: number, channels: number): Tensor {
  const stated = call.config.raw(role);
  const numbers = (Array.isArray(stated) ? stated.flat(8) : [stated]).filter((n) => typeof n === "number");
  const data = stated === undefined ? call.weights.all[k]?.data : Float32Array.from(numbers);
  if (data && (data.length === 1 || data.length === channels) && data.every(Number.isFinite))
    return { shape: [channels], data: data.length === channels ? data : new Float32Array(channels).fill(data[0]!) };
  throw call.weights.mismatch(`its ${role} has ${data?.length ?? 0} numbers, wanted ${channels}`);
}

function scaleAndOffset(call: LayerCall, shape: readonly number[]) {
  const hasScale = call.config.boolean("scale", true);
  const hasOffset = call.config.boolean("center", true);
  const roles = [...(hasScale ? ["gamma"] : []), ...(hasOffset ? ["beta"] : [])];
  const found = call.weights.take(roles);
  const get = (role: string) => call.weights.shaped(role, found[roles.indexOf(role)]!, shape);
  return { ...(hasScale ? { scale: get("gamma") } : {}), ...(hasOffset ? { offset: get("beta") } : {}) };
}
