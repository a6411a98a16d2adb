import { failure } from "../support/diagnostic.js";
import type { QuantInput, Shape3 } from "./graph.js";

/**
 * Turns raw values into levels `0 .. 2^bits - 1`, channels last.
 *
 * @param values Raw values of one or more samples, each in the layout of `input`.
 * @param input How to scale: see `QuantInput`.
 * @returns One byte a value, same number of samples.
 * @throws `non-finite-input` for NaN or infinity, `wrong-input-size` when the values are not whole samples.
 */
export function quantizeInput(values: ArrayLike<number>, input: QuantInput): Uint8Array {
  const [top, left, bottom, right] = input.margin;
  const [height, width, channels] = input.shape;
  const [innerHeight, innerWidth] = [height - top - bottom, width - left - right];
  const innerSize = innerHeight * innerWidth * channels;
  if (values.length % innerSize !== 0 || values.length === 0) throw wrongSize(input.name, values.length, innerSize);
  const place = new Int32Array(innerSize);
  for (let i = 0; i < innerSize; i++) {
    const first = input.layout === "channels-first";
    const pixel = first ? i % (innerHeight * innerWidth) : Math.floor(i / channels);
    const channel = first ? Math.floor(i / (innerHeight * innerWidth)) : i % channels;
    const y = Math.floor(pixel / innerWidth) + top;
    place[i] = (y * width + (pixel % innerWidth) + left) * channels + channel;
  }
  const size = height * width * channels;
  const samples = values.length / innerSize;
  const levels = new Uint8Array(samples * size);
  if (size !== innerSize) levels.fill(input.zero);
  const last = 2 ** input.bits - 1;
  const gain = input.inputScale / input.scale;
  const shift = input.inputOffset / input.scale + input.zero + 0.5;
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < innerSize; i++) {
      const value = values[sample * innerSize + i]!;
      if (!Number.isFinite(value)) throw nonFinite(input.name, sample * innerSize + i);
      levels[sample * size + place[i]!] = Math.min(last, Math.max(0, Math.floor(value * gain + shift)));
    }
  }
  return levels;
}

function wrongSize(name: string, found: number, size: number): Error {
  return failure({
    code: "wrong-input-size",
    message: `Cannot encode input "${name}": ${found} values, wanted a multiple of ${size}`,
    place: { item: name },
    found: String(found),
    wanted: `a multiple of ${size}`,
    hint: "Give samples of the shape of the network's input",
  });
}

function nonFinite(name: string, index: number): Error {
  return failure({
    code: "non-finite-input",
    message: `Cannot encode input "${name}": value ${index} is not a finite number`,
    place: { item: name },
    hint: "Remove NaN and infinities from the data",
  });
}

/** Shape of one raw sample as the source model had it up to axes of extent 1: without margin, axes in its order. */
export function rawShape({ shape, margin, layout }: QuantInput): Shape3 {
  const height = shape[0] - margin[0] - margin[2];
  const width = shape[1] - margin[1] - margin[3];
  return layout === "channels-first" ? [shape[2], height, width] : [height, width, shape[2]];
}
