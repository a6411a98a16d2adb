/**
 * A seeded generator of uniform numbers: the only source of randomness in the project.
 *
 * Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, period 2^32.
 *
 * @example
 * ```ts
 * const random = seededRandom(1);
 * random(); // 0.6270739405881613
 * ```
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
