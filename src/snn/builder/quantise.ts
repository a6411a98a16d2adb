/** Weights as integers, and how they came about. */
export interface QuantisedWeights {
  readonly weights: Int8Array;
  /** Real value of one step of the integers; divide thresholds, biases and reset potentials by it too. */
  readonly scale: number;
  /** Largest difference between a weight and what stands for it. */
  readonly maxError: number;
  /** Root of the mean square of the differences, divided by that of the weights. */
  readonly relativeError: number;
}

/**
 * Rounds weights to integers of so many bits.
 *
 * @param scale Real value of 1; by default the largest weight becomes the largest integer.
 */
export function quantiseWeights(
  values: ArrayLike<number>,
  { bits = 8, scale }: { readonly bits?: number; readonly scale?: number } = {},
): QuantisedWeights {
  const limit = 2 ** (bits - 1) - 1;
  const largest = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = scale ?? (largest > 0 ? largest / limit : 1);
  const weights = new Int8Array(values.length);
  let [maxError, errors, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const weight = Math.min(Math.max(Math.round(value / unit), -limit - 1), limit);
    weights[i] = weight;
    const error = Math.abs(weight * unit - value);
    maxError = Math.max(maxError, error);
    errors += error * error;
    squares += value * value;
  }
  return { weights, scale: unit, maxError, relativeError: squares > 0 ? Math.sqrt(errors / squares) : 0 };
}

/** A threshold, bias or potential in units of `scale`, to the nearest. */
export function quantisePotential(value: number, scale: number): number {
  return Math.round(value / scale);
}
