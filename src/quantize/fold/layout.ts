import type { Shape3 } from "../graph.js";
import { type Core, featureShape, type Value } from "./value.js";

/** The part of a feature map that comes from one core. */
export interface MapPart {
  readonly core: Core;
  /** For each channel of the map the channel of the core, or -1. */
  readonly channels: Int32Array;
  /** Where the core's first pixel lies in the map: zero pixels above and left of it. */
  readonly top: number;
  readonly left: number;
}

export interface FeatureMap {
  readonly shape: Shape3;
  readonly parts: readonly MapPart[];
}

/**
 * Sees a value as a channels-last feature map: each channel is one channel of one core, all channels of a core at the
 * same offset, zeros outside.
 *
 * @returns undefined when the elements do not lie so, e.g. behind a reshape that mixes pixels and channels.
 */
export function asFeatureMap(value: Value): FeatureMap | undefined {
  const shape = featureShape(value.shape);
  if (shape === undefined) return undefined;
  const channels = shape[2];
  const parts: (MapPart & { channels: Int32Array })[] = [];
  for (let c = 0; c < channels; c++) {
    const origin = originOf(value, shape, c);
    if (origin === undefined) continue;
    const { core, channel, top, left } = origin;
    const { cores } = value;
    let part = parts.find((p) => p.core === cores[core]);
    if (part === undefined) {
      part = { core: cores[core]!, channels: new Int32Array(channels).fill(-1), top, left };
      parts.push(part);
    }
    if (part.top !== top || part.left !== left) return undefined;
    if (!channelAgrees(value, shape, c, core, channel, top, left)) return undefined;
    part.channels[c] = channel;
  }
  return { shape, parts };
}

/** Core, its channel and its offset, from the first element of channel `c` that is not a constant 0. */
function originOf(
  value: Value,
  [height, width, channels]: Shape3,
  c: number,
): { core: number; channel: number; top: number; left: number } | undefined {
  for (let pixel = 0; pixel < height * width; pixel++) {
    const e = value.element[pixel * channels + c]!;
    if (e < 0) continue;
    const core = value.coreOf[pixel * channels + c]!;
    const [, coreWidth, coreChannels] = value.cores[core]!.shape;
    const corePixel = Math.floor(e / coreChannels);
    return {
      core,
      channel: e % coreChannels,
      top: Math.floor(pixel / width) - Math.floor(corePixel / coreWidth),
      left: (pixel % width) - (corePixel % coreWidth),
    };
  }
  return undefined;
}

function channelAgrees(
  value: Value,
  [height, width, channels]: Shape3,
  c: number,
  core: number,
  channel: number,
  top: number,
  left: number,
): boolean {
  const [coreHeight, coreWidth, coreChannels] = value.cores[core]!.shape;
  if (top < 0 || left < 0 || coreHeight + top > height || coreWidth + left > width) return false;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * channels + c;
      const inside = y >= top && y < top + coreHeight && x >= left && x < left + coreWidth;
      const wanted = inside ? ((y - top) * coreWidth + x - left) * coreChannels + channel : -1;
      if (value.element[i] !== wanted || (inside && value.coreOf[i] !== core)) return false;
    }
  }
  return true;
}

/** Whether the part is all channels of its core, in order, and nothing else is in the map. */
export function isWholeMap(map: FeatureMap): boolean {
  const [part] = map.parts;
  return (
    map.parts.length === 1 &&
    part!.core.shape[2] === map.shape[2] &&
    part!.channels.every((channel, c) => channel === c)
  );
}
