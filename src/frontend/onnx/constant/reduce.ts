import { refuse } from "../refusal.js";
import { type Constant, constant, count, isOpen, type Workspace } from "./constant.js";
import { copyStrided, stridesOf } from "./strides.js";

export type Reduction = "mean" | "sum" | "max" | "min" | "product" | "l1" | "l2" | "sum-square" | "log-sum-exp";

/** Fold the elements of `axes` to one number each. */
export function reduceConstant(
  c: Constant,
  kind: Reduction,
  axes: readonly number[],
  keepDims: boolean,
  workspace: Workspace,
): Constant {
  if (isOpen(c)) throw refuse("open-extent", "arithmetic on an extent that the file leaves open");
  const kept = c.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const strides = stridesOf(c.shape);
  const ordered = [...kept, ...axes];
  const arranged = workspace.allocate(c.type, c.data.length);
  copyStrided(
    c.data,
    0,
    ordered.map((axis) => strides[axis]!),
    ordered.map((axis) => c.shape[axis]!),
    arranged,
  );
  const run = axes.reduce((product, axis) => product * c.shape[axis]!, 1);
  const length = count(kept.map((axis) => c.shape[axis]!));
  const data = workspace.allocate(c.type, length);
  for (let k = 0; k < length; k++) {
    let value = start[kind];
    for (let j = k * run; j < (k + 1) * run; j++) value = step[kind](value, arranged[j]!);
    data[k] = finish(kind, value, run);
  }
  const shape = keepDims
    ? c.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    : kept.map((axis) => c.shape[axis]!);
  return constant(c.type, shape, data);
}

const start: Record<Reduction, number> = {
  mean: 0,
  sum: 0,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  product: 1,
  l1: 0,
  l2: 0,
  "sum-square": 0,
  "log-sum-exp": 0,
};

const step: Record<Reduction, (value: number, x: number) => number> = {
  mean: (value, x) => value + x,
  sum: (value, x) => value + x,
  max: (value, x) => Math.max(value, x),
  min: (value, x) => Math.min(value, x),
  product: (value, x) => value * x,
  l1: (value, x) => value + Math.abs(x),
  l2: (value, x) => value + x * x,
  "sum-square": (value, x) => value + x * x,
  "log-sum-exp": (value, x) => value + Math.exp(x),
};

function finish(kind: Reduction, value: number, run: number): number {
  if (kind === "mean") return value / run;
  if (kind === "l2") return Math.sqrt(value);
  return kind === "log-sum-exp" ? Math.log(value) : value;
}
