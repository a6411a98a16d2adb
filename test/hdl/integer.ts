import { seededRandom } from "../../src/support/random.js";

/** A generator of integers in a closed range. */
export type Integer = (low: number, high: number) => number;

export function integers(seed: number): Integer {
  const random = seededRandom(seed);
  return (low, high) => low + Math.floor(random() * (high - low + 1));
}
