import { type AxisTaps, axisTaps } from "../../arch/synapse/window.js";
import type { PoolPopulation } from "../../snn/graph.js";
import { type EventList, emptyEvents } from "./events.js";

type Shape3 = PoolPopulation["shape"];

/**
 * State of one pool: its tracers follow those of its source, and each move of a tracer is one event.
 *
 *   max  tracer = largest tracer of the window        sum  tracer = sum of the window's tracers
 */
export class PoolState {
  readonly name: string;
  readonly tracers: Int32Array;
  readonly events: EventList;
  private readonly takeMax: boolean;
  private readonly pool: PoolPopulation;
  private readonly sourceShape: Shape3;
  private readonly source: Int32Array;
  private readonly rows: AxisTaps;
  private readonly columns: AxisTaps;
  private readonly dirty: Int32Array;
  private readonly isDirty: Uint8Array;
  private readonly moves: Int32Array;
  private dirtyCount = 0;

  /** @param source Tracers of the source population, kept by reference. */
  constructor(pool: PoolPopulation, sourceShape: Shape3, source: Int32Array) {
    const cells = pool.shape[0] * pool.shape[1] * pool.shape[2];
    this.name = pool.name;
    this.pool = pool;
    this.takeMax = pool.op === "max";
    this.sourceShape = sourceShape;
    this.source = source;
    this.tracers = new Int32Array(cells);
    this.events = emptyEvents(cells);
    this.dirty = new Int32Array(cells);
    this.isDirty = new Uint8Array(cells);
    this.moves = new Int32Array(cells);
    this.rows = axisTaps(sourceShape[0], pool.shape[0], pool.window[0], pool.stride[0], pool.padding[0]);
    this.columns = axisTaps(sourceShape[1], pool.shape[1], pool.window[1], pool.stride[1], pool.padding[1]);
  }

  /** Back to the state before a sample: all source tracers 0. */
  reset(): void {
    this.tracers.fill(0);
    this.events.count = 0;
  }

  /** Notes the moves of source tracers; the tracers themselves must be up to date. */
  receive({ addresses, payloads, count }: EventList): void {
    const { rows, columns, isDirty, dirty, moves } = this;
    const channels = this.sourceShape[2];
    const width = this.sourceShape[1];
    for (let e = 0; e < count; e++) {
      const pixel = Math.trunc(addresses[e]! / channels);
      const channel = addresses[e]! - pixel * channels;
      const y = Math.trunc(pixel / width);
      const x = pixel - y * width;
      const rowEnd = rows.first[y + 1]!;
      const columnEnd = columns.first[x + 1]!;
      for (let r = rows.first[y]!; r < rowEnd; r++) {
        const row = rows.target[r]! * this.pool.shape[1];
        for (let c = columns.first[x]!; c < columnEnd; c++) {
          const cell = (row + columns.target[c]!) * channels + channel;
          moves[cell]! += payloads[e]!;
          if (isDirty[cell] === 0) {
            isDirty[cell] = 1;
            dirty[this.dirtyCount++] = cell;
          }
        }
      }
    }
  }

  /** Moves the tracers of all cells that noted a move, and fills `events`. */
  fire(): void {
    const { dirty, isDirty, moves, tracers, events } = this;
    let count = 0;
    for (let i = 0; i < this.dirtyCount; i++) {
      const cell = dirty[i]!;
      const move = this.takeMax ? this.windowMax(cell) - tracers[cell]! : moves[cell]!;
      isDirty[cell] = 0;
      moves[cell] = 0;
      if (move === 0) continue;
      tracers[cell]! += move;
      events.addresses[count] = cell;
      events.payloads[count++] = move;
    }
    events.count = count;
    this.dirtyCount = 0;
  }

  private windowMax(cell: number): number {
    const { window, stride, padding, shape } = this.pool;
    const [sourceHeight, sourceWidth, channels] = this.sourceShape;
    const pixel = Math.trunc(cell / channels);
    const channel = cell - pixel * channels;
    const y = Math.trunc(pixel / shape[1]);
    const x = pixel - y * shape[1];
    const top = Math.max(0, y * stride[0] - padding[0]);
    const bottom = Math.min(sourceHeight, y * stride[0] - padding[0] + window[0]);
    const left = Math.max(0, x * stride[1] - padding[1]);
    const right = Math.min(sourceWidth, x * stride[1] - padding[1] + window[1]);
    let largest = -(2 ** 31);
    for (let sy = top; sy < bottom; sy++) {
      for (let sx = left; sx < right; sx++) {
        const value = this.source[(sy * sourceWidth + sx) * channels + channel]!;
        if (value > largest) largest = value;
      }
    }
    return largest;
  }
}
