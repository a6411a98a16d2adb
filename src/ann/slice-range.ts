/**
 * Which elements `x[start : end : step]` takes from an axis of `extent` elements: the first index and how many.
 * Negative starts and ends count from the end; what lies outside is held inside. `count` may be 0.
 */
export function sliceRange(
  extent: number,
  start: number,
  end: number,
  step: number,
): { readonly first: number; readonly count: number } {
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const hold = (index: number): number => Math.min(high, Math.max(low, index < 0 ? index + extent : index));
  const first = hold(start);
  return { first, count: Math.max(0, Math.ceil((hold(end) - first) / step)) };
}
