/** A window whose kernel got rows and columns of zeros around it. */
export interface PaddedWindow {
  readonly kernel: readonly [number, number];
  /** Padding of both sides of each axis. */
  readonly padding: readonly [number, number];
  /** Rows above and columns left of the original kernel. */
  readonly lead: readonly [number, number];
}

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Padding above and left; below and right it is what the results need. */
  readonly padding: readonly [number, number];
}

/** Rows or columns of zeros that are tried. */
const mostZeros = 64;

/**
 * The smallest kernel with zeros around it that gives the same results with equal padding on both sides, as NIR has it.
 * It is square where that can be: the reference reader takes the height of a kernel for its width.
 *
 * @param source Height and width of the input.
 * @param target Height and width of the result.
 */
export function squareKernel(
  window: Window,
  source: readonly [number, number],
  target: readonly [number, number],
): PaddedWindow | undefined {
  const axis = (k: 0 | 1, kernel: number): number | undefined => {
    const zeros = kernel - window.kernel[k];
    for (let lead = 0; lead <= zeros; lead++) {
      const room = source[k] + 2 * (window.padding[k] + lead) - kernel;
      if (room >= 0 && Math.floor(room / window.stride[k]) + 1 === target[k]) return lead;
    }
    return undefined;
  };
  const made = (kernel: readonly [number, number]): PaddedWindow | undefined => {
    const [above, left] = [axis(0, kernel[0]), axis(1, kernel[1])];
    if (above === undefined || left === undefined) return undefined;
    return { kernel, lead: [above, left], padding: [window.padding[0] + above, window.padding[1] + left] };
  };
  const least = Math.max(...window.kernel);
  for (let size = least; size <= least + mostZeros; size++) {
    const found = made([size, size]);
    if (found) return found;
  }
  const alone = ([0, 1] as const).map((k) => {
    let size = window.kernel[k];
    while (size <= window.kernel[k] + mostZeros && axis(k, size) === undefined) size++;
    return size;
  });
  return made([alone[0]!, alone[1]!]);
}
