import type { ProgramShape, VisitOrder } from "../../program/program.js";
import type { Unit } from "./network.js";

/** How a unit's neurons are laid out over visits; the same in all of its passes. */
export interface Layout {
  readonly visit: VisitOrder;
  /** Positions side by side in the lanes of a visit. */
  readonly positions: number;
  /** Channels of the neurons. */
  readonly channels: number;
  /** Neurons visited in one grid row. */
  readonly rowNeurons: number;
}

/** Neurons visited in a whole pass. */
export function layoutNeurons({ visit, rowNeurons }: Layout): number {
  return visit.rows * rowNeurons;
}

/** Lays a unit out over `lanes` lanes. */
export function layOut(unit: Unit, lanes: number): Layout {
  const own: ProgramShape = unit.neurons?.shape ?? unit.pool!.shape;
  const channels = own[2];
  const window = unit.pool?.window ?? [1, 1];
  const [rows, columns] = unit.shape;
  const groups = Math.ceil(channels / lanes);
  const rowWidth = unit.pool ? window[1] : columns;
  const positions = unit.neurons === undefined ? 1 : bestPositions(unit, channels, lanes, rowWidth);
  const used = Math.min(channels, lanes) * positions;
  const visit: VisitOrder = {
    columns: unit.pool ? columns : columns / positions,
    rows,
    windowColumns: unit.pool ? window[1] / positions : 1,
    windowRows: window[0],
    groups,
    lanes: used,
    lastLanes: groups === 1 ? used : channels - (groups - 1) * lanes,
    positionLanes: Math.min(channels, lanes),
  };
  return { visit, positions, channels, rowNeurons: columns * window[0] * window[1] * channels };
}

/**
 * How many neighbouring positions to serve at once when there are fewer channels than lanes: as many as make the walk
 * shortest. `p` positions share a window that is `p - 1` strides wider.
 */
function bestPositions(unit: Unit, channels: number, lanes: number, rowWidth: number): number {
  let best = 1;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let p = 1; p * channels <= lanes && p <= rowWidth; p++) {
    if (rowWidth % p !== 0) continue;
    const cost = unit.projections.reduce((sum, { kernel, stride }) => {
      const width = kernel[1] + (p - 1) * stride[1];
      return sum + (kernel[0] * (width + rowOverhead)) / p;
    }, 0);
    if (cost < bestCost) {
      best = p;
      bestCost = cost;
    }
  }
  return best;
}

/** What a kernel row costs beside its entries, in pixels: the walker reads two pointers for it. */
const rowOverhead = 2;
