import { mergeModes } from "../../../src/arch/isa.js";
import type { Integer } from "../integer.js";
import type { CoreModel } from "./model.js";
import { encode, encodeSet, encodeStep } from "./program.js";

/** Where a source or a target lies: the list and pointer memories are used in two halves. */
interface Region {
  readonly list: number;
  readonly pointer: number;
}

/** Fills a region with a population of `pixels * channels` values. */
function fillSource(
  m: CoreModel,
  integer: Integer,
  region: Region,
  pixels: number,
  channels: number,
  signed: boolean,
): void {
  const density = integer(0, 100);
  let at = region.list;
  for (let p = 0; p < pixels; p++) {
    m.pointers[region.pointer + p] = at;
    for (let c = 0; c < channels; c++) {
      if (integer(0, 99) >= density) continue;
      const magnitude = integer(1, signed ? 127 : integer(0, 3) === 0 ? 255 : 9);
      m.payloads[at] = signed && integer(0, 1) === 1 ? 0x80 | magnitude : magnitude;
      m.indices[at++] = p * channels + c;
    }
  }
  m.pointers[region.pointer + pixels] = at;
}

/** Fills every memory that a pass only reads, and the state. */
export function fillParameters(m: CoreModel, integer: Integer): void {
  const { config } = m;
  const half = 2 ** (config.weightBits - 1);
  m.weights.forEach((_, i) => {
    m.weights[i] = integer(-half, half - 1);
  });
  m.thresholds.forEach((_, i) => {
    m.thresholds[i] = integer(1, integer(0, 1) === 0 ? 60 : 2 ** Math.min(config.thresholdBits, 31) - 1);
    m.vInit[i] = integer(-300, 300);
  });
  m.potentials.forEach((_, i) => {
    m.potentials[i] = integer(-2000, 2000);
    m.tracers[i] = integer(0, 15);
  });
}

/**
 * Writes a random pass into the program: sets, `pass` and step table. The source is in one half of list and pointer memory,
 * the target in the other; everything stays inside the memories, as the rules of a program demand.
 *
 * @returns Words of the program before the step table at `table`.
 */
export function randomPass(m: CoreModel, integer: Integer, table: number): number[] {
  const { config } = m;
  const pixelsMax = config.pointerDepth / 2 - 1;
  const entriesMax = config.listDepth / 2;
  const source: Region = { list: 0, pointer: 0 };
  const target: Region = { list: entriesMax, pointer: config.pointerDepth / 2 };

  const width = integer(1, Math.min(9, pixelsMax));
  const height = integer(1, Math.min(7, Math.floor(pixelsMax / width)));
  const channels = integer(1, Math.min(6, Math.floor(entriesMax / (width * height))));
  const signed = integer(0, 1);
  fillSource(m, integer, source, width * height, channels, signed === 1);

  const merge = integer(0, 2);
  const visit = integer(1, config.lanes);
  const last = integer(1, config.lanes);
  const groups = integer(1, 3);
  const window = merge === mergeModes.none ? [1, 1] : [integer(1, 3), integer(1, 2)];
  const perPosition = ((groups - 1) * visit + last) * window[0]! * window[1]!;
  const positionsMax = Math.max(1, Math.floor(Math.min(config.stateDepth, entriesMax, 4 * pixelsMax) / perPosition));
  const columns = integer(1, Math.min(5, positionsMax));
  const rows = integer(1, Math.max(1, Math.min(5, Math.floor(positionsMax / columns))));
  const candidates = columns * rows * ((groups - 1) * visit + last);
  const targetChannels = integer(Math.max(1, Math.ceil(candidates / pixelsMax)), Math.max(2, candidates));
  const ternary = integer(0, 1);

  const y = integer(-3, height);
  const steps = Array.from({ length: 5 }, () => {
    const dy = integer(-2, 2);
    return { x: integer(-3, 3), y: dy, weight: integer(0, 65535), pointer: dy * width };
  });
  m.program.set(steps.flatMap(encodeStep), table);

  return [
    encodeSet("source-size", { width, height }),
    encodeSet("kernel", { width: integer(0, width + 2), rows: integer(0, height + 2) }),
    encodeSet("origin", { x: integer(-4, width), y }),
    encodeSet("origin-pointer", { address: source.pointer + y * width }),
    encodeSet("weight-base", { row: integer(0, 65535) }),
    encodeSet("row-step", { row: integer(0, 65535) }),
    encodeSet("grid", { columns, rows }),
    encodeSet("window", { columns: window[0]!, rows: window[1]!, groups }),
    encodeSet("lanes", { visit, last, position: integer(1, config.lanes) }),
    encodeSet("parameters", { address: integer(0, config.parameterDepth - 1) }),
    encodeSet("state", { address: integer(0, config.stateDepth - 1) }),
    encodeSet("fire", { mask: integer(0, 2 ** config.quotientBits - 1), max: integer(0, 20) }),
    encodeSet("list", { address: target.list }),
    encodeSet("pointer", { address: target.pointer }),
    encodeSet("channels", { count: targetChannels }),
    encodeSet("index", { value: integer(0, 9) }),
    encode("pass", {
      table,
      fresh: integer(0, 1),
      store: integer(0, 1),
      emit: integer(0, 3) === 0 ? 0 : 1,
      merge,
      argmax: merge === mergeModes.none ? integer(0, 1) : 0,
      signed,
      ternary,
    }),
  ];
}
