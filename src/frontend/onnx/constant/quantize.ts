import type { Grid, Tensor } from "../../../support/tensor.js";
import { type ElementType, elementInfo } from "../proto/element-type.js";
import { refuse } from "../refusal.js";
import { roundHalfEven, spread } from "./arithmetic.js";
import { type Constant, constant, toTensor, type Workspace } from "./constant.js";

/** How a real becomes an integer; the names are those of `Rounding` of the graph. */
export type RoundingRule = "half-even" | "half-away" | "half-zero" | "up" | "down" | "away" | "zero";

/** The rounding functions. */
const roundings: Readonly<Record<RoundingRule, (x: number) => number>> = {
  "half-even": roundHalfEven,
  "half-away": (x) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5),
  "half-zero": (x) => Math.sign(x) * Math.ceil(Math.abs(x) - 0.5),
  up: Math.ceil,
  down: Math.floor,
  away: (x) => Math.sign(x) * Math.ceil(Math.abs(x)),
  zero: Math.trunc,
};

/** Lowest and highest level. */
export function levelRange(bits: number, signed: boolean, narrow: boolean): [low: number, high: number] {
  if (signed) return [-(2 ** (bits - 1)) + (narrow ? 1 : 0), 2 ** (bits - 1) - 1];
  return [0, 2 ** bits - 1 - (narrow ? 1 : 0)];
}

/** Parameters of a staircase, each of which broadcasts to the value. */
export interface Staircase {
  readonly scale: Constant;
  readonly zeroPoint: Constant;
  readonly bits: number;
  readonly signed: boolean;
  readonly narrow: boolean;
  readonly rounding: RoundingRule;
  /** The zero point is added before rounding (QONNX), not after it (ONNX). */
  readonly shiftFirst: boolean;
}

/** Levels of a constant: `clamp(round(x / scale) + zeroPoint)` or, with `shiftFirst`, `clamp(round(x / scale + zeroPoint))`; the quotient in float32 as ONNX has it. */
export function levelsOf(x: Constant, stairs: Staircase, type: ElementType, workspace: Workspace): Constant {
  const [low, high] = levelRange(stairs.bits, stairs.signed, stairs.narrow);
  const round = roundings[stairs.rounding];
  const scale = spread(stairs.scale, x.shape, x.data.length, workspace);
  const zero = spread(stairs.zeroPoint, x.shape, x.data.length, workspace);
  const data = workspace.allocate(type, x.data.length);
  for (let k = 0; k < data.length; k++) {
    const steps = Math.fround(x.data[k]! / scale[k]!);
    const level = stairs.shiftFirst ? round(Math.fround(steps + zero[k]!)) : round(steps) + zero[k]!;
    data[k] = Math.max(low, Math.min(high, level));
  }
  return constant(type, x.shape, data);
}

/** Real values of levels: `(level - zeroPoint) * scale`, with the grid they lie on. */
export function realsOf(
  levels: Constant,
  grid: Omit<Staircase, "rounding" | "shiftFirst">,
  workspace: Workspace,
): Constant {
  const scale = spread(grid.scale, levels.shape, levels.data.length, workspace);
  const zero = spread(grid.zeroPoint, levels.shape, levels.data.length, workspace);
  const data = workspace.allocate("float32", levels.data.length);
  for (let k = 0; k < data.length; k++) data[k] = (levels.data[k]! - zero[k]!) * scale[k]!;
  return constant("float32", levels.shape, data, gridOf(grid));
}

function gridOf(grid: Omit<Staircase, "rounding" | "shiftFirst">): Grid {
  const tensor = (c: Constant): Tensor => {
    const { shape, data } = toTensor(c);
    return data.length === 1 ? { shape: [], data } : { shape, data };
  };
  const { bits, signed, narrow } = grid;
  return { scale: tensor(grid.scale), zeroPoint: tensor(grid.zeroPoint), bits, signed, narrow };
}

/** Width and signedness of an integer element type. */
export function widthOf(type: ElementType): { readonly bits: number; readonly signed: boolean } {
  const { bits, kind } = elementInfo(type);
  if (kind !== "signed" && kind !== "unsigned") throw refuse("element-type", `quantised levels of type ${type}`);
  return { bits, signed: kind === "signed" };
}
