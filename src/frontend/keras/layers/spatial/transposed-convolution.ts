import type { LayerReader } from "../call.js";
import { convWindow, spatialInput } from "./convolution.js";
import { rotateKernel } from "./kernel.js";

/** Conv1DTranspose and Conv2DTranspose; the kernel is `[...size, filters, channels]`. */
export function transposedConvolution(rank: 1 | 2): LayerReader {
  return (call) => {
    const { flow, extents, channels } = spatialInput(call, rank);
    const window = convWindow(call, rank);
    const filters = call.config.integer("filters", 1);
    const hasBias = call.config.boolean("use_bias", true);
    const [kernel, bias] = call.weights.take(hasBias ? ["kernel", "bias"] : ["kernel"]);
    const stored = call.weights.shaped("kernel", kernel!, [...window.size, filters, channels]);
    const hasOutputPadding = call.config.raw("output_padding") !== undefined;
    const extra = hasOutputPadding ? call.config.integers("output_padding", rank, 0) : undefined;
    const axes = window.size.map((size, i) => {
      const stride = window.strides[i]!;
      const reach = (size - 1) * window.dilations[i]! + 1;
      return { stride, ...result(stride, reach, window.padding === "same", extra?.[i]) };
    });
    const added = call.add(
      [flow],
      {
        op: "conv-transpose",
        kernel: call.isTheano ? rotateKernel(stored, rank) : stored,
        ...(bias ? { bias: call.weights.shaped("bias", bias, [filters]) } : {}),
        strides: window.strides,
        padding: axes.map(({ surplus }) => {
          const cropped = Math.max(0, surplus);
          return [Math.floor(cropped / 2), cropped - Math.floor(cropped / 2)] as const;
        }),
        outputPadding: axes.map(({ surplus }) => Math.max(0, -surplus)),
        dilations: window.dilations,
        groups: 1,
      },
      [...extents.map((n, i) => (n < 0 ? -1 : (n - 1) * axes[i]!.stride + axes[i]!.wanted)), filters],
      call.isChannelsFirst(),
    );
    return call.activate(added);
  };
}

/**
 * Extent of the result of one input cell as Keras wants it (`wanted`; each further cell adds the stride), and how far the
 * full result exceeds it (negative: zeros follow).
 */
function result(
  stride: number,
  reach: number,
  isSame: boolean,
  extra: number | undefined,
): { wanted: number; surplus: number } {
  const wanted = isSame
    ? extra === undefined
      ? stride
      : reach - 2 * Math.floor(reach / 2) + extra
    : extra === undefined
      ? Math.max(reach, stride)
      : reach + extra;
  return { wanted, surplus: reach - wanted };
}
