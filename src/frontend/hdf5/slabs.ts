/** A box of a dataset that is read at once. */
export interface Slab {
  readonly offset: readonly number[];
  readonly count: readonly number[];
}

/**
 * Cut a dataset into slabs of about `block` bytes that follow each other in row-major order and cover it.
 *
 * A chunk is decoded whole whatever part of it is asked for, so a slab of a chunked dataset holds whole chunks: rows of
 * axis 0, and more than `block` bytes where one row of chunks is larger.
 *
 * Runs in a worker thread as source text, so it must not refer to anything outside itself (types aside).
 *
 * @param shape At least one axis; extents of at least 1.
 */
export function slabsOf(
  shape: readonly number[],
  elementBytes: number,
  chunks: readonly number[] | null,
  block: number,
): Slab[] {
  const axes = shape.length;
  // Bytes of one index of each axis.
  const strides = new Array<number>(axes).fill(elementBytes);
  for (let axis = axes - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  let cut = 0;
  if (!chunks) while (cut < axes - 1 && strides[cut]! > block) cut++;
  const unit = chunks?.[0] ?? 1;
  const step = Math.max(1, Math.floor(block / (strides[cut]! * unit))) * unit;
  const slabs: Slab[] = [];
  const index = new Array<number>(axes).fill(0);
  for (;;) {
    const count = shape.map((extent, axis) =>
      axis < cut ? 1 : axis === cut ? Math.min(step, extent - index[axis]!) : extent,
    );
    slabs.push({ offset: [...index], count });
    index[cut]! += step;
    let axis = cut;
    while (index[axis]! >= shape[axis]!) {
      if (axis === 0) return slabs;
      index[axis--] = 0;
      index[axis]!++;
    }
  }
}
