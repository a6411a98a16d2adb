import { failure } from "../../support/diagnostic.js";

/**
 * Send-on-delta: a signal sampled in every step becomes an event where it has moved by at least `threshold` since the
 * latest one.
 *
 *   on   = value >= reference + threshold
 *   off  = value <= reference - threshold
 *   reference = on or off ? value : reference
 *
 * The reference begins as the first value: a signal that stands still sends nothing. Signal k has two neurons, 2 k for on
 * and 2 k + 1 for off: the two channels of an input of shape `[height, width, 2]`.
 *
 * This runs on the host. A core takes values into whole state words, and what a neuron remembered is lost with them; the
 * other encoders take a value once a sample.
 */
export class DeltaEncoder {
  readonly #signals: number;
  readonly #threshold: number;
  #reference: Float64Array | undefined;

  /**
   * @param signals Number of signals.
   * @param threshold In the unit of the values, above 0.
   * @throws SpikewrightError `value-out-of-range`: a threshold of 0 or less.
   */
  constructor(signals: number, { threshold }: { readonly threshold: number }) {
    this.#signals = signals;
    this.#threshold = threshold;
    if (threshold > 0) return;
    throw failure({
      code: "value-out-of-range",
      message: `Cannot encode changes of ${threshold}: wanted a threshold above 0`,
      found: String(threshold),
      wanted: "above 0",
    });
  }

  /**
   * Takes the values of a step.
   *
   * @returns Two numbers a signal, 0 or 1: on and off.
   * @throws SpikewrightError `wrong-shape`: another number of values than of signals.
   */
  step(values: ArrayLike<number>): Uint8Array {
    if (values.length !== this.#signals)
      throw failure({
        code: "wrong-shape",
        message: `Cannot encode ${values.length} values: wanted one for each of ${this.#signals} signals`,
        found: String(values.length),
        wanted: String(this.#signals),
      });
    this.#reference ??= Float64Array.from(values);
    const events = new Uint8Array(2 * this.#signals);
    for (let k = 0; k < this.#signals; k++) {
      const moved = values[k]! - this.#reference[k]!;
      if (Math.abs(moved) < this.#threshold) continue;
      events[2 * k + (moved > 0 ? 0 : 1)] = 1;
      this.#reference[k] = values[k]!;
    }
    return events;
  }

  /** Begins anew: the next values become the reference. */
  reset(): void {
    this.#reference = undefined;
  }
}
