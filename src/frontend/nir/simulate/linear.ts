import { elements } from "../../../support/tensor.js";
import type { NirConv, NirPool, NirTensor } from "../graph.js";
import { convGeometry } from "./shape.js";

/** Computes `y` from `x`; both keep their arrays. Inputs that are zero cost next to nothing. */
export type Map1 = (x: Float64Array, y: Float64Array) => void;

/** `y = W x + b` for a weight `[..., out, in]`: one matrix for all rows of `x`, or one for each. */
export function affineMap(weight: NirTensor, bias: NirTensor | undefined, input: readonly number[]): Map1 {
  const [outputs, inputs] = weight.shape.slice(-2) as [number, number];
  const size = outputs * inputs;
  const matrices = weight.data.length / size;
  const rows = Math.max(matrices, elements(input) / inputs);
  const shared = elements(input) === inputs;
  const columns = new Float64Array(weight.data.length);
  for (let m = 0; m < matrices; m++) {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) columns[m * size + i * outputs + o] = weight.data[m * size + o * inputs + i]!;
    }
  }
  return (x, y) => {
    if (bias) for (let k = 0; k < y.length; k++) y[k] = bias.data[k % bias.data.length]!;
    else y.fill(0);
    for (let row = 0; row < rows; row++) {
      const matrix = matrices === 1 ? 0 : row * size;
      for (let i = 0; i < inputs; i++) {
        const value = x[shared ? i : row * inputs + i]!;
        if (value === 0) continue;
        const column = matrix + i * outputs;
        for (let o = 0; o < outputs; o++) y[row * outputs + o] = y[row * outputs + o]! + columns[column + o]! * value;
      }
    }
  };
}

/** Convolution of an image or a signal (an image of height 1): every input that is not zero adds its kernel. */
export function convMap(node: NirConv, name: string, input: readonly number[]): Map1 {
  const { size, before, spatial } = convGeometry(node, name, input);
  const image = <T>(list: readonly T[], one: T): readonly [T, T] =>
    list.length === 1 ? [one, list[0]!] : [list[0]!, list[1]!];
  const [kernelHeight, kernelWidth] = image(size, 1);
  const [top, left] = image(before, 0);
  const [height, width] = image(input.slice(1), 1);
  const [outHeight, outWidth] = image(spatial, 1);
  const [strideY, strideX] = image(node.stride, 1);
  const [stepY, stepX] = image(node.dilation, 1);
  const [channels, groupInputs] = [node.weight.shape[0]!, node.weight.shape[1]!];
  const groupOutputs = channels / node.groups;
  const plane = outHeight * outWidth;
  const kernel = kernelHeight * kernelWidth;
  const weight = node.weight.data;
  return (x, y) => {
    for (let c = 0; c < channels; c++) y.fill(node.bias.data[c]!, c * plane, (c + 1) * plane);
    for (let at = 0; at < x.length; at++) {
      const value = x[at]!;
      if (value === 0) continue;
      const column = at % width;
      const row = Math.floor(at / width) % height;
      const channel = Math.floor(at / (width * height));
      const first = Math.floor(channel / groupInputs) * groupOutputs;
      for (let ky = 0; ky < kernelHeight; ky++) {
        const py = row + top - ky * stepY;
        if (py < 0 || py % strideY !== 0 || py / strideY >= outHeight) continue;
        for (let kx = 0; kx < kernelWidth; kx++) {
          const px = column + left - kx * stepX;
          if (px < 0 || px % strideX !== 0 || px / strideX >= outWidth) continue;
          const target = (py / strideY) * outWidth + px / strideX;
          let from = (first * groupInputs + (channel % groupInputs)) * kernel + ky * kernelWidth + kx;
          for (let c = first; c < first + groupOutputs; c++, from += groupInputs * kernel) {
            y[c * plane + target] = y[c * plane + target]! + weight[from]! * value;
          }
        }
      }
    }
  };
}

/** Sum or mean over windows of an image. */
export function poolMap(node: NirPool, input: readonly number[], output: readonly number[]): Map1 {
  const [channels, height, width] = input as [number, number, number];
  const [, outHeight, outWidth] = output as [number, number, number];
  const factor = node.type === "AvgPool2d" ? 1 / (node.kernelSize[0]! * node.kernelSize[1]!) : 1;
  return (x, y) => {
    let at = 0;
    for (let c = 0; c < channels; c++) {
      for (let oy = 0; oy < outHeight; oy++) {
        const top = oy * node.stride[0]! - node.padding[0]!;
        for (let ox = 0; ox < outWidth; ox++) {
          const left = ox * node.stride[1]! - node.padding[1]!;
          let sum = 0;
          for (let row = Math.max(0, top); row < Math.min(height, top + node.kernelSize[0]!); row++) {
            for (let column = Math.max(0, left); column < Math.min(width, left + node.kernelSize[1]!); column++) {
              sum += x[(c * height + row) * width + column]!;
            }
          }
          y[at++] = sum * factor;
        }
      }
    }
  };
}
