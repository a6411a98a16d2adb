/**
 * Undo the row filters of a PNG: every row starts with a filter type 0..4 and predicts each byte from the bytes `a` to its
 * left, `b` above it and `c` above that to the left. See the PNG specification, section "Filter algorithms".
 *
 * @param pixelBytes Distance to the byte on the left.
 * @returns The bytes without filter types, or undefined for a filter type that does not exist.
 */
export function unfilter(
  filtered: Uint8Array,
  rows: number,
  rowBytes: number,
  pixelBytes: number,
): Uint8Array | undefined {
  const out = new Uint8Array(rows * rowBytes);
  for (let y = 0; y < rows; y++) {
    const from = y * (rowBytes + 1);
    const to = y * rowBytes;
    const filter = filtered[from]!;
    if (filter > 4) return undefined;
    for (let x = 0; x < rowBytes; x++) {
      const a = x >= pixelBytes ? out[to + x - pixelBytes]! : 0;
      const b = y > 0 ? out[to + x - rowBytes]! : 0;
      const c = x >= pixelBytes && y > 0 ? out[to + x - rowBytes - pixelBytes]! : 0;
      out[to + x] = filtered[from + 1 + x]! + prediction(filter, a, b, c);
    }
  }
  return out;
}

function prediction(filter: number, a: number, b: number, c: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return a;
  if (filter === 2) return b;
  if (filter === 3) return (a + b) >> 1;
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
