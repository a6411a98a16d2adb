import { failure } from "../support/diagnostic.js";
import type { QuantInput } from "./graph.js";

/**
 * Turns raw values into levels `0 .. 2^bits - 1`, channels last.
 *
 * @param values Raw values of one or more samples, each in the layout of `input`.
 * @param input How to scale: see `QuantInput`.
 * @returns One byte a value, same number of samples.
 * @throws `non-finite-input` for NaN or infinity, `wrong-input-size` when the values are not whole samples.
 */
export function quantizeInput(values: ArrayLike<number>, input: QuantInput): Uint8Array {
  const [height, width, channels] = input.shape;
  const pixels = height * width;
  const size = pixels * channels;
  if (values.length % size !== 0 || values.length === 0) {
    throw failure({
      code: "wrong-input-size",
      message: `Cannot encode input "${input.name}": ${values.length} values, wanted a multiple of ${size}`,
      place: { item: input.name },
      found: String(values.length),
      wanted: `a multiple of ${size}`,
      hint: "Give samples of the shape of the network's input",
    });
  }
  const top = 2 ** input.bits - 1;
  const gain = input.inputScale / input.scale;
  const shift = input.inputOffset / input.scale + input.zero + 0.5;
  const channelsFirst = input.layout === "channels-first" && channels > 1;
  const levels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const level = Math.floor(values[i]! * gain + shift);
    if (!(level >= 0)) {
      if (Number.isNaN(level) || level === -Infinity) throw nonFinite(input.name, i);
      continue;
    }
    if (level === Infinity) throw nonFinite(input.name, i);
    levels[channelsFirst ? channelsLastIndex(i, size, pixels, channels) : i] = Math.min(level, top);
  }
  return levels;
}

function channelsLastIndex(i: number, size: number, pixels: number, channels: number): number {
  const inSample = i % size;
  const channel = Math.floor(inSample / pixels);
  return i - inSample + (inSample - channel * pixels) * channels + channel;
}

function nonFinite(name: string, index: number): Error {
  return failure({
    code: "non-finite-input",
    message: `Cannot encode input "${name}": value ${index} is not a finite number`,
    place: { item: name },
    hint: "Remove NaN and infinities from the data",
  });
}
