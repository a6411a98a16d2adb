import { mergeModes } from "../../arch/isa.js";
import type { FieldValues } from "../../program/instruction.js";
import type { PassPlan } from "../plan/plan.js";

/** Addresses of everything that a pass uses. */
export interface PassAddresses {
  /** Parameter word of group 0, lane 0 of the whole unit. */
  readonly parameters: number;
  /** State word of the unit's first neuron; 0 when it has no state. */
  readonly state: number;
  /** First weight row of the walk. */
  readonly weights: number;
  readonly sourcePointer: number;
  readonly targetList: number;
  readonly targetPointer: number;
}

/** A pass as values of register, step and instruction fields, before packing. */
export interface PassFields {
  /** By register name; registers whose value does not matter are left out. */
  readonly registers: ReadonlyMap<string, FieldValues>;
  /** Deltas of each level of the step table. */
  readonly levels: readonly FieldValues[];
  readonly instruction: FieldValues;
}

const modulo = (value: number): number => ((value % 65536) + 65536) % 65536;

/** Works out the fields of a pass; whether they fit is for the caller to check. */
export function passFields(pass: PassPlan, lanes: number, at: PassAddresses): PassFields {
  const { layout, rows, groups, unit, walk } = pass;
  const { visit } = layout;
  const lastGroup = groups.first + groups.count === visit.groups;
  const firstNeuron = rows.first * layout.rowNeurons + groups.first * visit.lanes;
  const registers = new Map<string, FieldValues>([
    ["grid", { columns: visit.columns, rows: rows.count }],
    ["window", { columns: visit.windowColumns, rows: visit.windowRows, groups: groups.count }],
    ["lanes", { visit: visit.lanes, last: lastGroup ? visit.lastLanes : visit.lanes, position: visit.positionLanes }],
    ["parameters", { address: at.parameters + groups.first * lanes }],
    ["fire", { mask: pass.mask, max: pass.ternary ? tracerMaxOf(pass) : 0 }],
  ]);
  if (pass.store || !pass.fresh) registers.set("state", { address: at.state + firstNeuron });
  if (!walk) registers.set("kernel", { width: 0, rows: 0 });
  const levels = walk ? walkFields(pass, walk, registers, at) : [];
  if (pass.emit) {
    registers.set("list", { address: at.targetList });
    registers.set("pointer", { address: at.targetPointer });
    registers.set("channels", { count: pass.emit.channels });
  }
  if (pass.emit || pass.argmax) registers.set("index", { value: 0 });
  const instruction = {
    fresh: Number(pass.fresh),
    store: Number(pass.store),
    emit: Number(pass.emit !== undefined),
    merge: pass.emit && unit.pool ? mergeModes[unit.pool.op] : mergeModes.none,
    argmax: Number(pass.argmax),
    signed: Number(walk?.list.signed ?? false),
    ternary: Number(pass.ternary),
  };
  return { registers, levels, instruction };
}

/** Fills in the registers of a walk; returns the deltas of the step table. */
function walkFields(
  pass: PassPlan,
  { list, weights, part }: NonNullable<PassPlan["walk"]>,
  registers: Map<string, FieldValues>,
  at: PassAddresses,
): readonly FieldValues[] {
  const { layout, rows, groups } = pass;
  const { window, synapses } = weights;
  const { channels } = window;
  const groupRows = window.rows * window.columns * channels;
  const groupBase = at.weights + groups.first * groupRows;
  const pixels = list.entries / channels;
  if (window.split === 0) {
    // The whole source is one row of pixels, of which the list holds a run.
    const begin = part.column - list.first / channels;
    registers.set("source-size", { width: pixels - begin, height: 1 });
    registers.set("kernel", { width: part.columns, rows: 1 });
    registers.set("origin", { x: 0, y: 0 });
    registers.set("origin-pointer", { address: at.sourcePointer + begin });
    registers.set("weight-base", { row: modulo(groupBase + list.first) });
    registers.set("row-step", { row: 0 });
    return movingLevels(pass, [{}, {}, { weight: modulo(groupRows) }, {}, {}]);
  }
  const width = synapses.sourceShape[1] * window.split;
  const [originY, originX] = synapses.origin;
  const top = originY + rows.first * synapses.positionStride[0] + part.row - list.first / (width * channels);
  const left = originX * window.split;
  registers.set("source-size", { width, height: pixels / width });
  registers.set("kernel", { width: part.columns, rows: part.rows });
  registers.set("origin", { x: left + part.column, y: top });
  registers.set("origin-pointer", { address: modulo(at.sourcePointer + top * width) });
  // row of entry i of pixel (x, y): base + ((y - top + part.row) * columns + x - left) * channels + i mod channels
  const base = groupBase + (part.row * window.columns - left - top * width) * channels;
  registers.set("weight-base", { row: modulo(base) });
  registers.set("row-step", { row: modulo((window.columns - width) * channels) });

  const { windowColumns, windowRows, columns } = layout.visit;
  const move = (x: number, y: number, group: number): FieldValues => ({
    x: x * window.split,
    y,
    pointer: modulo(y * width),
    weight: modulo(group * groupRows - (x * window.split + y * width) * channels),
  });
  const [memberY, memberX] = synapses.memberStride;
  const [positionY, positionX] = synapses.positionStride;
  const backX = -(windowColumns - 1) * memberX;
  const backY = -(windowRows - 1) * memberY;
  const backGroup = -(groups.count - 1);
  return movingLevels(pass, [
    move(memberX, 0, 0),
    move(backX, memberY, 0),
    move(backX, backY, 1),
    move(backX + positionX, backY, backGroup),
    move(backX - (columns - 1) * positionX, backY + positionY, backGroup),
  ]);
}

/** Levels that never advance get no deltas, so that more tables are equal. */
function movingLevels({ layout, rows, groups }: PassPlan, levels: readonly FieldValues[]): readonly FieldValues[] {
  const { windowColumns, windowRows, columns } = layout.visit;
  const extents = [windowColumns, windowRows, groups.count, columns, rows.count];
  return levels.map((level, i) => (extents[i] === 1 ? {} : level));
}

/** Largest tracer of a neuron; the members of a pool's window have the tracers of its source. */
function tracerMaxOf({ unit }: PassPlan): number {
  if (unit.neurons) return unit.neurons.tracerMax;
  const { op, window, tracerMax } = unit.pool!;
  return op === "sum" ? tracerMax / (window[0] * window[1]) : tracerMax;
}
