/** Extents of a value without batch axis; `OPEN` where the file leaves one open. */
export type Shape = readonly number[];

/** An extent that is known only when samples are there. */
export const OPEN = -1;

/** Shapes of the results of a node from those of its inputs. Throws `shape-mismatch`. */
export type ShapeRule<N> = (node: N, inputs: readonly Shape[]) => readonly Shape[];

/** The extent that both can be, or undefined where they differ. */
export function agree(a: number, b: number): number | undefined {
  if (a === OPEN) return b;
  return b === OPEN || a === b ? a : undefined;
}

/** The shape that both can be, or undefined. */
export function agreeShapes(a: Shape, b: Shape): Shape | undefined {
  if (a.length !== b.length) return undefined;
  const result = a.map((extent, axis) => agree(extent, b[axis]!));
  return result.every((extent) => extent !== undefined) ? (result as number[]) : undefined;
}

/** Shape of an elementwise operation by NumPy rules, or undefined where the shapes do not broadcast. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    const extent = x === 1 ? y : y === 1 ? x : agree(x, y);
    if (extent === undefined) return undefined;
    result.push(extent);
  }
  return result;
}

/** Whether a parameter of shape `parameter` broadcasts to values of shape `shape` without changing it. */
export function broadcastsInto(parameter: Shape, shape: Shape): boolean {
  const result = broadcast(shape, parameter);
  return result?.length === shape.length && result.every((extent, axis) => agree(extent, shape[axis]!) !== undefined);
}

/** Number of elements, or undefined where an extent is open. */
export function knownElements(shape: Shape): number | undefined {
  return shape.includes(OPEN) ? undefined : shape.reduce((product, extent) => product * extent, 1);
}

/** `shape` with the extents of `axes` gone, or 1 when `keepDims`. */
export function reduced(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return shape.filter((_, axis) => !axes.includes(axis));
}
