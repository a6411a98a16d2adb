import { nextNoise, seedNoise } from "../../../arch/dynamics/noise.js";

/** The one generator of a core: threshold noise and stochastic rounding draw from it in program order. */
export class NoiseGenerator {
  #state = seedNoise(0);

  /** As `set seed` does. `seed` has 22 bits. */
  seed(seed: number): void {
    this.#state = seedNoise(seed);
  }

  /** The next draw, 0..255. */
  draw(): number {
    this.#state = nextNoise(this.#state);
    return this.#state & 0xff;
  }
}
