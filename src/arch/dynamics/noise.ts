/**
 * The pseudo-random generator of the core: the sequence of `x^31 + x^28 + 1`, eight bits a draw.
 *
 * The state is a word of 31 bits; each bit shifted in at the low end is bit 30 xor bit 27. A draw is the low eight bits after
 * eight shifts. Neurons with threshold noise draw once each, in visiting order; learning as in `plasticity.ts`.
 */

/** State after `set seed`: `seed` has 22 bits, and one bit above them makes the state nonzero. */
export function seedNoise(seed: number): number {
  return (1 << 22) | (seed & 0x3fffff);
}

/** State after one draw; the draw is its low eight bits. */
export function nextNoise(state: number): number {
  const fresh = ((state >>> 23) ^ (state >>> 20)) & 0xff;
  return ((state << 8) | fresh) & 0x7fffffff;
}
