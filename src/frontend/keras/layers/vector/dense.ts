import { logicalShape } from "../../builder.js";
import type { LayerReader } from "../call.js";
import { Unsupported } from "../unsupported.js";

/** Dense over the last axis; the kernel is `[in, units]`. */
export const dense: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const features = flow.shape.at(-1);
  if (features === undefined || features < 0) {
    throw new Unsupported(
      "the number of its input features is open",
      "Fix the input shape of the model and save it again",
    );
  }
  const units = call.config.integer("units", 1);
  const hasBias = call.config.boolean("use_bias", true);
  const [kernel, bias] = call.weights.take(hasBias ? ["kernel", "bias"] : ["kernel"]);
  const result = call.add(
    [flow],
    {
      op: "dense",
      kernel: call.weights.shaped("kernel", kernel!, [features, units]),
      ...(bias ? { bias: call.weights.shaped("bias", bias, [units]) } : {}),
    },
    [...flow.shape.slice(0, -1), units],
  );
  return call.activate(result);
};

/** BatchNormalization over one axis, in its inference form. */
export const batchNormalization: LayerReader = (call) => {
  const { config, weights } = call;
  const input = call.input();
  const seen = logicalShape(input);
  const [stated] = config.integers("axis", 1, -seen.length, -1);
  const axis = stated! < 0 ? seen.length + stated! : stated! - 1;
  if (axis < 0 || axis >= seen.length) throw config.invalid("axis", `an axis of [${seen.join(", ")}]`);
  const mode = config.integer("mode", 0, 0);
  if (mode !== 0) throw new Unsupported(`mode ${mode} normalises by the batch`, "Use mode 0", seen);
  const hasScale = config.boolean("scale", true);
  const hasOffset = config.boolean("center", true);
  const roles = [...(hasScale ? ["gamma"] : []), ...(hasOffset ? ["beta"] : []), "moving_mean", "moving_variance"];
  const found = new Map(weights.take(roles).map((tensor, i) => [roles[i]!, tensor]));
  const channels = [seen[axis]!];
  const get = (role: string) => weights.shaped(role, found.get(role)!, channels);
  const content = {
    op: "batch-norm",
    mean: get("moving_mean"),
    variance: get("moving_variance"),
    ...(hasScale ? { scale: get("gamma") } : {}),
    ...(hasOffset ? { offset: get("beta") } : {}),
    epsilon: config.number("epsilon", 1e-3),
  } as const;
  const lastAxis = input.channelsFirst ? 0 : seen.length - 1;
  if (axis === lastAxis) return call.add([input], content, input.shape, input.channelsFirst);
  const source = call.builder.logical(input);
  if (axis === 0) {
    const flow = call.builder.channelsLast(source, true);
    return call.add([flow], content, flow.shape, true);
  }
  if (axis === seen.length - 1) return call.add([source], content, source.shape);
  const swap = source.shape.map((_, i) => (i === axis ? seen.length - 1 : i === seen.length - 1 ? axis : i));
  const swapped = swap.map((from) => source.shape[from]!);
  const turned = call.addPart("axis-last", [source], { op: "transpose", permutation: swap }, swapped);
  const normalised = call.add([turned], content, swapped);
  return call.addPart("axis-back", [normalised], { op: "transpose", permutation: swap }, source.shape);
};
