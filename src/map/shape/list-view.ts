import type { ProgramShape } from "../../program/program.js";
import type { Synapses } from "./synapses.js";

/**
 * How a spike list is cut into pixels: `channels` values each. A walk begins and ends at pixel borders, and each pixel
 * costs a pointer word; so pixels are as large as the readers allow, even a whole population.
 */
export interface ListView {
  /** Values of a pixel. */
  readonly channels: number;
}

/**
 * Pixel sizes that serve all readers, largest first: divisors of the channels, or whole rows or everything when all
 * readers take in the whole source.
 *
 * @param borders Values at which the list is cut into tiles: a pixel must not lie across one.
 */
export function possibleViews(
  shape: ProgramShape,
  readers: readonly Synapses[],
  borders: readonly number[],
): readonly ListView[] {
  const [height, width, channels] = shape;
  const sizes: number[] = readers.every((reader) => reader.whole) ? [height * width * channels, width * channels] : [];
  for (let parts = 1; parts <= channels; parts++) if (channels % parts === 0) sizes.push(channels / parts);
  return [...new Set(sizes)]
    .filter((size) => borders.every((border) => border % size === 0))
    .map((size) => ({ channels: size }));
}
