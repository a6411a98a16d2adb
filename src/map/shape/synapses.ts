import type { ProgramShape } from "../../program/program.js";
import type { PoolPopulation, Projection } from "../../snn/graph.js";
import type { Layout } from "./layout.js";
import type { Unit } from "./network.js";

/**
 * The synapses into one unit from one source, as weights of a window of lanes: `weight(ky, kx, channel, lane, group)`
 * for window pixel (ky, kx) of the source, widened for the positions side by side in the lanes.
 */
export interface Synapses {
  readonly source: string;
  readonly sourceShape: ProgramShape;
  /** Window in source pixels. */
  readonly kernel: readonly [height: number, width: number];
  /** Source pixels from one member of a pool window to the next, from one position to the next, and corner of the first. */
  readonly memberStride: readonly [vertical: number, horizontal: number];
  readonly positionStride: readonly [vertical: number, horizontal: number];
  readonly origin: readonly [vertical: number, horizontal: number];
  /** The window is the whole source, so the list may be walked in one go, whatever its pixels are. */
  readonly whole: boolean;
  /** Weights from source channel `channel` of window pixel (ky, kx) to the lanes of a group, into `row`. */
  fillRow(row: Int8Array, ky: number, kx: number, channel: number, group: number): void;
}

/** The synapses of a projection into `unit`. */
export function projectionSynapses(
  projection: Projection,
  unit: Unit,
  layout: Layout,
  sourceShape: ProgramShape,
): Synapses {
  const { kernel, stride, padding, groups, weights, source } = projection;
  const { positions, visit, channels } = layout;
  const own = unit.neurons!.shape;
  const inPerGroup = sourceShape[2] / groups;
  const outPerGroup = channels / groups;
  const whole =
    own[0] === 1 &&
    own[1] === 1 &&
    kernel[0] === sourceShape[0] &&
    kernel[1] === sourceShape[1] &&
    padding[0] === 0 &&
    padding[1] === 0;
  const coreLanes = visit.groups === 1 ? 0 : visit.lanes;
  return {
    source,
    sourceShape,
    kernel: [kernel[0], kernel[1] + (positions - 1) * stride[1]],
    memberStride: [stride[0], stride[1] * positions],
    positionStride: [stride[0] * visit.windowRows, stride[1] * positions * visit.windowColumns],
    origin: [-padding[0], -padding[1]],
    whole,
    fillRow(row, ky, kx, channel, group) {
      row.fill(0);
      const inputGroup = Math.floor(channel / inPerGroup);
      // outputs of this group of lanes that are in the channel's group
      const firstLane = group * coreLanes;
      const first = Math.max(firstLane, inputGroup * outPerGroup);
      const end = Math.min(firstLane + visit.positionLanes, (inputGroup + 1) * outPerGroup);
      for (let p = 0; p < positions; p++) {
        const column = kx - p * stride[1];
        if (column < 0 || column >= kernel[1]) continue;
        const base = ((ky * kernel[1] + column) * inPerGroup + (channel % inPerGroup)) * channels;
        const lane = p * visit.positionLanes - firstLane;
        for (let out = first; out < end; out++) row[lane + out] = weights[base + out]!;
      }
    },
  };
}

/** One synapse of weight 1 from each cell of a pool's windows to the member that stands for it. */
export function memberSynapses(pool: PoolPopulation, layout: Layout, sourceShape: ProgramShape): Synapses {
  const { visit, channels } = layout;
  const coreLanes = visit.groups === 1 ? 0 : visit.lanes;
  return {
    source: pool.source,
    sourceShape,
    kernel: [1, 1],
    memberStride: [1, 1],
    positionStride: pool.stride,
    origin: [-pool.padding[0], -pool.padding[1]],
    whole: false,
    fillRow(row, _ky, _kx, channel, group) {
      row.fill(0);
      const lane = channel - group * coreLanes;
      if (channel < channels && lane >= 0 && lane < visit.positionLanes) row[lane] = 1;
    },
  };
}
