import { failure } from "../../support/diagnostic.js";
import type { Samples } from "./samples.js";

/** Axis order of images: `[height, width, channels]` or `[channels, height, width]`; sequences `[length, channels]` alike. */
export type ImageLayout = "channels-last" | "channels-first";

/**
 * Gives samples of a stated axis order that of a model: where their shape with the channels moved is that of the input,
 * the channels are moved; where it is that of the input already, up to axes of one element, nothing changes.
 *
 * @param inputShape Batchless shape of the model's input; -1 is an open extent.
 * @throws `input-layout` where the samples have no such axes, or neither order is that of the input.
 */
export function moveChannels(samples: Samples, layout: ImageLayout, inputShape: readonly number[]): Samples {
  const { shape } = samples;
  if (isShape(shape, inputShape) || isShape(withoutOnes(shape), withoutOnes(inputShape))) return samples;
  const isFirst = layout === "channels-first";
  const moved = isFirst ? [...shape.slice(1), shape[0]!] : [shape.at(-1)!, ...shape.slice(0, -1)];
  if (shape.length < 2 || shape.length > 3 || !isShape(moved, inputShape)) {
    const [found, wanted] = [`[${shape.join(", ")}]`, `[${inputShape.join(", ")}]`];
    throw failure({
      code: "input-layout",
      message: `Cannot take samples of shape ${found} with ${layout} for an input of shape ${wanted}: wanted its shape, or that with the channels moved`,
      place: { item: "--input-layout" },
      found,
      wanted,
      hint: "State the axis order of the data, not that of the model",
    });
  }
  const channels = isFirst ? shape[0]! : shape.at(-1)!;
  const size = shape.reduce((product, extent) => product * extent, 1);
  const pixels = size / channels;
  const data = new Float32Array(samples.data.length);
  for (let start = 0; start < data.length; start += size) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) {
        const [first, last] = [start + c * pixels + p, start + p * channels + c];
        if (isFirst) data[last] = samples.data[first]!;
        else data[first] = samples.data[last]!;
      }
    }
  }
  return { ...samples, shape: moved, data };
}

function withoutOnes(shape: readonly number[]): readonly number[] {
  return shape.filter((extent) => extent !== 1);
}

function isShape(shape: readonly number[], wanted: readonly number[]): boolean {
  return shape.length === wanted.length && shape.every((n, axis) => wanted[axis] === -1 || wanted[axis] === n);
}
