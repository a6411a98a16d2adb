import { failure, type SpikewrightError } from "../../../support/diagnostic.js";
import { isList, isObject, type Json, type JsonObject, member } from "../../bytes/json.js";

/** Checked access to the configuration of one layer. `null` counts as absent, as in Keras. */
export class LayerConfig {
  readonly layer: string;
  readonly fields: JsonObject;

  constructor(layer: string, fields: JsonObject) {
    this.layer = layer;
    this.fields = fields;
  }

  raw(key: string): Json | undefined {
    const value = member(this.fields, key);
    return value === null ? undefined : value;
  }

  boolean(key: string, otherwise: boolean): boolean {
    const value = this.raw(key);
    if (value === undefined) return otherwise;
    if (typeof value === "boolean") return value;
    throw this.invalid(key, "true or false");
  }

  string(key: string, otherwise: string): string {
    const value = this.raw(key);
    if (value === undefined) return otherwise;
    if (typeof value === "string") return value;
    throw this.invalid(key, "a string");
  }

  /** One of `choices`; the first of them is meant when the member is absent. */
  choice<T extends string>(key: string, choices: readonly [T, ...T[]]): T {
    const value = this.string(key, choices[0]);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.invalid(key, choices.map((choice) => `"${choice}"`).join(" or "));
    return found;
  }

  number(key: string, otherwise?: number): number {
    const value = this.raw(key) ?? otherwise;
    // Saved by some versions as an array of one number with its type.
    const plain = isObject(value) ? member(value, "value") : value;
    if (typeof plain === "number" && Number.isFinite(plain)) return plain;
    throw this.invalid(key, "a number");
  }

  /** An integer of `least` or more, below 2^31. */
  integer(key: string, least: number, otherwise?: number): number {
    const value = this.number(key, otherwise);
    if (Number.isSafeInteger(value) && value >= least && value < 2 ** 31) return value;
    throw this.invalid(key, value >= least ? "an integer below 2^31" : `an integer of at least ${least}`);
  }

  /** `count` integers of `least` or more; a single one in the file is meant for all of them. */
  integers(key: string, count: number, least: number, otherwise?: number): number[] {
    const value = this.raw(key) ?? otherwise;
    const list =
      isList(value) && !(value.length === 1 && count > 1) ? value : Array(count).fill(isList(value) ? value[0] : value);
    const isGood = (n: Json): n is number =>
      typeof n === "number" && Number.isSafeInteger(n) && n >= least && n < 2 ** 31;
    if (list.length === count && list.every(isGood)) return list as number[];
    throw this.invalid(key, `${count} integers of at least ${least}`);
  }

  /** `[[before, after], …]` for `count` axes, from one number, one an axis, or one pair an axis. */
  pairs(key: string, count: number, otherwise: number): [number, number][] {
    const value = this.raw(key) ?? otherwise;
    const perAxis: readonly Json[] = isList(value)
      ? isFlatPair(value, count)
        ? [value]
        : value
      : Array(count).fill(value);
    const pairs = perAxis.map((entry) => (isList(entry) ? entry : [entry, entry]));
    const isGood = (n: Json): n is number => typeof n === "number" && Number.isSafeInteger(n) && n >= 0 && n < 2 ** 31;
    if (pairs.length === count && pairs.every((pair) => pair.length === 2 && pair.every(isGood))) {
      return pairs as [number, number][];
    }
    throw this.invalid(key, `${count} pairs of integers of at least 0`);
  }

  invalid(key: string, wanted: string): SpikewrightError {
    const found = JSON.stringify(member(this.fields, key) ?? null).slice(0, 80);
    return failure({
      code: "layer-config-invalid",
      message: `Cannot read layer "${this.layer}": ${key} is ${found}, wanted ${wanted}`,
      place: { item: this.layer },
      found: `${key} ${found}`,
      wanted,
      hint: "Save the model again with an unchanged Keras",
    });
  }
}

/** `[before, after]` of a single axis, without the outer list. */
function isFlatPair(value: readonly Json[], count: number): boolean {
  return count === 1 && value.length === 2 && value.every((entry) => typeof entry === "number");
}
