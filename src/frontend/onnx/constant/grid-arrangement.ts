import { elements, type Grid, type Tensor } from "../../../support/tensor.js";
import { broadcastStrides, copyStrided, stridesOf } from "./strides.js";

/** The grid of a transposed tensor of rank `rank`. */
export function transposeGrid(grid: Grid, rank: number, permutation: readonly number[]): Grid {
  return mapGrid(grid, (tensor) => {
    if (elements(tensor.shape) === 1) return tensor;
    const shape = [...new Array<number>(rank - tensor.shape.length).fill(1), ...tensor.shape];
    const strides = stridesOf(shape);
    const result = permutation.map((axis) => shape[axis]!);
    const data = new Float32Array(tensor.data.length);
    copyStrided(
      tensor.data,
      0,
      permutation.map((axis) => strides[axis]!),
      result,
      data,
    );
    return { shape: result, data };
  });
}

/** The grid of a tensor of shape `from` that is read as shape `to`. */
export function reshapeGrid(grid: Grid, from: readonly number[], to: readonly number[]): Grid {
  return mapGrid(grid, (tensor) => {
    if (elements(tensor.shape) === 1) return { shape: [], data: tensor.data };
    const moved = moveUnits(tensor, from, to);
    if (moved) return moved;
    const data = new Float32Array(elements(from));
    copyStrided(tensor.data, 0, broadcastStrides(tensor.shape, from), from, data);
    return { shape: to, data };
  });
}

/** The parameter seen from a shape that differs in axes of one element only, or undefined. */
function moveUnits(tensor: Tensor, from: readonly number[], to: readonly number[]): Tensor | undefined {
  const solid = (shape: readonly number[]) => shape.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  const before = solid(from);
  const after = solid(to);
  if (before.length !== after.length || before.some((axis, k) => from[axis] !== to[after[k]!])) return undefined;
  const skip = from.length - tensor.shape.length;
  const shape = to.map(() => 1);
  before.forEach((axis, k) => {
    shape[after[k]!] = axis < skip ? 1 : tensor.shape[axis - skip]!;
  });
  return { shape, data: tensor.data };
}

function mapGrid(grid: Grid, change: (tensor: Tensor) => Tensor): Grid {
  return { ...grid, scale: change(grid.scale), zeroPoint: change(grid.zeroPoint) };
}
