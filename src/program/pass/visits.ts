import type { CoreConfig } from "../../arch/core-config.js";
import { type InstructionField, stepLevels, stepWords } from "../../arch/isa.js";
import { timing } from "../../arch/timing.js";
import { failure, type SpikewrightError } from "../../support/diagnostic.js";
import { signed, unpackFields } from "../instruction.js";
import type { PassRegisters } from "./registers.js";

/**
 * The loop nest of a pass, unrolled: what the walker does for each kernel row, as far as it does not depend on the
 * sample. Rows outside of the source have a segment without entries.
 */
export interface VisitPlan {
  readonly visits: number;
  /** Kernel rows, `rowWords` words each, in the order in which they are walked. */
  readonly rows: Int32Array;
  /** Word of parameters of lane 0, by visit. */
  readonly parameters: Int32Array;
  /** Lanes used, by visit. */
  readonly lanes: Uint8Array;
  /** By visit: `firstOfWindow`, `lastOfWindow`, `firstOfPosition`. */
  readonly place: Uint8Array;
}

/** Words of a row in `VisitPlan.rows`, and what they hold. */
export const rowWords = 5;
export const rowField = {
  /** Pointer word of the first column. */
  start: 0,
  /** Pointer word after the last column. */
  end: 1,
  /** Weight offset. */
  offset: 2,
  /** Walker time at which both pointers have been read, see `timing.ts`. */
  time: 3,
  /** Lanes of the visit that this row closes, or 0 when it closes none. */
  close: 4,
} as const;

export const firstOfWindow = 1;
export const lastOfWindow = 2;
/** Of a grid column or row. */
export const firstOfPosition = 4;

/** Larger passes are refused: no network that fits a core has them, only a damaged program. */
const maximumRows = 2 ** 22;

/** Corner of a window in the source: what the deltas of a step table change. */
interface Corner {
  x: number;
  y: number;
  pointer: number;
  weight: number;
}

/**
 * Unrolls a pass.
 *
 * @param words The program memory.
 * @param table Address of the step table.
 * @throws SpikewrightError `pass-illegal`: a loop bound is 0 or more lanes than the core has; `pass-too-large`.
 */
export function planVisits(
  registers: PassRegisters,
  words: Uint32Array,
  table: number,
  config: Pick<CoreConfig, "lanes" | "pointerDepth" | "parameterDepth">,
): VisitPlan {
  const { windowColumns, windowRows, groups, gridColumns, gridRows, lanesVisit, lanesLast } = registers;
  const extents = [windowColumns, windowRows, groups, gridColumns, gridRows];
  const visits = extents.reduce((product, extent) => product * extent, 1);
  checkExtents(registers, visits, config.lanes);
  const deltas = readDeltas(words, table);
  const corner = startCorner(registers);
  const rows: number[] = [];
  const parameters = new Int32Array(visits);
  const lanes = new Uint8Array(visits);
  const place = new Uint8Array(visits);
  const period = Math.max(timing.visitPeriod, timing.rowPeriod * Math.max(1, registers.kernelRows));
  const at = [0, 0, 0, 0, 0];
  for (let visit = 0; visit < visits; visit++) {
    const group = at[2]!;
    lanes[visit] = group === groups - 1 ? lanesLast : lanesVisit;
    parameters[visit] = (registers.parameters + group * config.lanes) & (config.parameterDepth - 1);
    const isFirst = at[0] === 0 && at[1] === 0;
    const isLast = at[0] === windowColumns - 1 && at[1] === windowRows - 1;
    place[visit] =
      (isFirst ? firstOfWindow : 0) | (isLast ? lastOfWindow : 0) | (isFirst && group === 0 ? firstOfPosition : 0);
    addRows(rows, registers, corner, visit * period, lanes[visit]!, config.pointerDepth - 1);
    let level = 0;
    while (level < at.length && ++at[level]! === extents[level]) at[level++] = 0;
    if (level < at.length) advance(corner, deltas[level]!);
  }
  return { visits, rows: Int32Array.from(rows), parameters, lanes, place };
}

/** Appends the rows of one visit. `time` is when the walker takes it, counted from the first visit. */
function addRows(
  rows: number[],
  registers: PassRegisters,
  corner: Corner,
  time: number,
  lanes: number,
  pointerMask: number,
): void {
  const { kernelRows, kernelWidth, sourceWidth, sourceHeight, rowStep } = registers;
  const left = Math.min(Math.max(corner.x, 0), sourceWidth);
  const right = Math.min(Math.max(corner.x + kernelWidth, 0), sourceWidth);
  const last = Math.max(kernelRows - 1, 0);
  for (let r = 0; r <= last; r++) {
    const y = corner.y + r;
    const inside = kernelRows > 0 && y >= 0 && y < sourceHeight && left < right;
    const row = corner.pointer + r * sourceWidth;
    const start = (row + left) & pointerMask;
    const end = inside ? (row + right) & pointerMask : start;
    rows.push(start, end, (corner.weight + r * rowStep) & 0xffff, time + r * timing.rowPeriod, r === last ? lanes : 0);
  }
}

function startCorner(registers: PassRegisters): Corner {
  const { originX, originY, originPointer, weightBase } = registers;
  return { x: originX, y: originY, pointer: originPointer, weight: weightBase };
}

function readDeltas(words: Uint32Array, table: number): readonly Corner[] {
  return stepLevels.map((_, level) => {
    const values: Record<string, number> = {};
    stepWords.forEach((fields: readonly InstructionField[], i) => {
      const found = unpackFields(fields, words[(table + level * stepWords.length + i) % words.length]!);
      for (const { name, bits } of fields) values[name] = signed(found[name]!, bits);
    });
    return { x: values["x"]!, y: values["y"]!, pointer: values["pointer"]!, weight: values["weight"]! };
  });
}

/** Registers of 12, 10 and at most 16 bits. */
function advance(corner: Corner, delta: Corner): void {
  corner.x = ((corner.x + delta.x) << 20) >> 20;
  corner.y = ((corner.y + delta.y) << 22) >> 22;
  corner.pointer = (corner.pointer + delta.pointer) & 0xffff;
  corner.weight = (corner.weight + delta.weight) & 0xffff;
}

function checkExtents(registers: PassRegisters, visits: number, coreLanes: number): void {
  const { lanesVisit, lanesLast, lanesPosition, kernelRows } = registers;
  const lanesFault = [lanesVisit, lanesLast].some((lanes) => lanes < 1 || lanes > coreLanes) || lanesPosition < 1;
  if (visits === 0 || lanesFault)
    throw passFault(
      "pass-illegal",
      `a pass with ${visits} visits of ${lanesVisit} lanes`,
      `at least 1, at most ${coreLanes} lanes`,
    );
  if (visits * Math.max(1, kernelRows) > maximumRows)
    throw passFault("pass-too-large", `a pass of ${visits} visits`, `at most ${maximumRows} visited rows`);
}

function passFault(code: string, found: string, wanted: string): SpikewrightError {
  return failure({ code, message: `Cannot follow ${found}: wanted ${wanted}`, found, wanted });
}
