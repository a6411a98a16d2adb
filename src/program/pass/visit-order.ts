import type { PassNote, ProgramShape, VisitOrder } from "../program.js";

/** Neurons (lanes) served by one pass. */
export function visitedCount(visit: VisitOrder): number {
  const perPosition = (visit.groups - 1) * visit.lanes + visit.lastLanes;
  return visit.columns * visit.rows * visit.windowColumns * visit.windowRows * perPosition;
}

/**
 * Which neuron each visit of a pass serves: element n is the index in the population of the n-th neuron visited,
 * `(y * width + x) * channels + channel`, or -1 when that lies outside of the population.
 *
 * Nest, outermost first: position row, position column, group, window row, window column, lane.
 *
 * @param shape Shape of the population of the neurons.
 */
export function visitedNeurons(
  note: Pick<PassNote, "visit" | "firstRow" | "firstGroup">,
  shape: ProgramShape,
): Int32Array {
  const { visit, firstRow, firstGroup } = note;
  const [height, width, channels] = shape;
  const neurons = new Int32Array(visitedCount(visit));
  let n = 0;
  for (let row = firstRow; row < firstRow + visit.rows; row++) {
    for (let column = 0; column < visit.columns; column++) {
      for (let group = 0; group < visit.groups; group++) {
        const used = group === visit.groups - 1 ? visit.lastLanes : visit.lanes;
        const positions = Math.max(1, Math.floor(used / visit.positionLanes));
        for (let wy = 0; wy < visit.windowRows; wy++) {
          for (let wx = 0; wx < visit.windowColumns; wx++) {
            for (let lane = 0; lane < used; lane++) {
              const x = visit.rewind
                ? 0
                : (column * visit.windowColumns + wx) * positions + Math.floor(lane / visit.positionLanes);
              const y = row * visit.windowRows + wy;
              const channel = (firstGroup + group) * visit.lanes + (lane % visit.positionLanes);
              const inside = x < width && y < height && channel < channels;
              neurons[n++] = inside ? (y * width + x) * channels + channel : -1;
            }
          }
        }
      }
    }
  }
  return neurons;
}
