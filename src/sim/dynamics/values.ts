import { failure, type SpikewrightError } from "../../support/diagnostic.js";

/** Values by name of an input or encoder, neurons by index. What is left out is 0. */
export type ValuesByName = Readonly<Record<string, ArrayLike<number>>>;

/** @throws SpikewrightError `wrong-shape`, `value-out-of-range`: not a whole number 0..max. */
export function checkedValues(name: string, values: ArrayLike<number>, size: number, max: number): ArrayLike<number> {
  if (values.length !== size) throw wrongCount(name, values.length, size);
  for (let i = 0; i < size; i++) {
    const value = values[i]!;
    if (value >= 0 && value <= max && Number.isInteger(value)) continue;
    throw failure({
      code: "value-out-of-range",
      message: `Cannot run the network: "${name}" got ${value} for neuron ${i}, wanted a whole number 0..${max}`,
      place: { item: name },
      found: String(value),
      wanted: `0..${max}`,
    });
  }
  return values;
}

/** Another number of values than wanted. */
export function wrongCount(item: string, found: number, wanted: number): SpikewrightError {
  return failure({
    code: "wrong-shape",
    message: `Cannot run the network: "${item}" got ${found} values, wanted ${wanted}`,
    place: { item },
    found: String(found),
    wanted: String(wanted),
  });
}
