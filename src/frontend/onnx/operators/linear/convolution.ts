import type { ConvNode } from "../../../../ann/graph.js";
import type { Tensor } from "../../../../support/tensor.js";
import { transpose } from "../../constant/arrangement.js";
import { type Constant, toTensor } from "../../constant/constant.js";
import { type Call, constantInput, type Operator, optionalConstant, runtimeInput } from "../../import/call.js";
import { channelsLast } from "../../import/per-sample.js";
import type { Runtime } from "../../import/value.js";
import { refuse } from "../../refusal.js";
import { list, windowOf } from "../window.js";

/** `[out, in, ...spatial]` to `[...spatial, in, out]`, and `[in, out, ...]` to `[..., out, in]`. */
function kernelOf(call: Call, weights: Constant): Tensor {
  const spatial = [...weights.shape.keys()].slice(2);
  return toTensor(transpose(weights, [...spatial, 1, 0], call.workspace));
}

function checkRank(x: Runtime, weights: Constant, size: readonly number[] | undefined): number[] {
  const found = weights.shape.slice(2);
  if (weights.shape.length !== x.shape.length || found.length === 0) {
    throw refuse("shape", `weights [${weights.shape}] for a value [${x.shape}]`);
  }
  if (size && size.length > 0 && size.some((extent, k) => extent !== found[k])) {
    throw refuse("shape", `kernel_shape [${size}] with weights [${weights.shape}]`);
  }
  return found;
}

/** Convolution of `x`; the weights and the bias are given apart, because quantised forms make theirs. */
export function convolve(call: Call, x: Runtime, weights: Constant, bias: Constant | undefined): Runtime {
  const size = checkRank(x, weights, call.attributes.ints("kernel_shape"));
  const { strides, dilations, padding } = windowOf(call.attributes, x.shape.slice(2), size);
  const groups = call.attributes.int("group", 1);
  const parameters: Omit<ConvNode, "name" | "sourceOp" | "inputs" | "outputs"> = {
    op: "conv",
    kernel: kernelOf(call, weights),
    ...(bias ? { bias: toTensor(bias) } : {}),
    strides,
    padding,
    dilations,
    groups,
  };
  return channelsLast(call, x, (emit, inputs) => emit({ ...parameters, inputs }));
}

const conv: Operator = (call) => {
  const weights = constantInput(call, 1, "the array of weights");
  return [convolve(call, runtimeInput(call, 0), weights, optionalConstant(call, 2, "the bias"))];
};

const convTranspose: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const weights = constantInput(call, 1, "the array of weights");
  const bias = optionalConstant(call, 2, "the bias");
  const { attributes } = call;
  const size = checkRank(x, weights, attributes.ints("kernel_shape"));
  const strides = list(attributes, "strides", size.length, 1);
  const dilations = list(attributes, "dilations", size.length, 1);
  const outputPadding = list(attributes, "output_padding", size.length, 0);
  const auto = attributes.string("auto_pad", "NOTSET");
  const wanted = attributes.ints("output_shape");
  const pads = list(attributes, "pads", 2 * size.length, 0);
  const padding = size.map((extent, k): readonly [number, number] => {
    const isSame = auto === "SAME_UPPER" || auto === "SAME_LOWER";
    if (!wanted && !isSame) return auto === "VALID" ? [0, 0] : [pads[k]!, pads[k + size.length]!];
    const input = x.shape[k + 2]!;
    if (input < 0) throw refuse("open-extent", "a result of a given size from an open extent");
    const target = wanted ? wanted.slice(-size.length)[k]! : input * strides[k]!;
    const full = (input - 1) * strides[k]! + (extent - 1) * dilations[k]! + 1;
    const total = Math.max(0, full + outputPadding[k]! - target);
    const half = Math.floor(total / 2);
    return auto === "SAME_UPPER" ? [half, total - half] : [total - half, half];
  });
  const extra = outputPadding.map((pad, k) => {
    if (!wanted) return pad;
    const full = (x.shape[k + 2]! - 1) * strides[k]! + (size[k]! - 1) * dilations[k]! + 1;
    return Math.max(pad, wanted.slice(-size.length)[k]! - full);
  });
  return [
    channelsLast(call, x, (emit, inputs) =>
      emit({
        op: "conv-transpose",
        inputs,
        kernel: kernelOf(call, weights),
        ...(bias ? { bias: toTensor(bias) } : {}),
        strides,
        padding,
        outputPadding: extra,
        dilations,
        groups: attributes.int("group", 1),
      }),
    ),
  ];
};

export const convolutionOperators: Readonly<Record<string, Operator>> = {
  ":Conv": conv,
  ":ConvTranspose": convTranspose,
};
