/** A test of an attribute, with the words for what it wants. */
export interface Demand<T> {
  readonly wanted: string;
  readonly holds: (value: T) => boolean;
}

const LARGEST = 2 ** 31 - 1;

/** A whole number in a range. */
export function whole(least: number, most = LARGEST): Demand<number> {
  return {
    wanted: most === LARGEST ? `a whole number of at least ${least}` : `a whole number in ${least}..${most}`,
    holds: (value) => Number.isInteger(value) && value >= least && value <= most,
  };
}

/** Every element is a whole number in a range. */
export function wholes(least: number, most = LARGEST): Demand<readonly number[]> {
  return { wanted: `whole numbers of at least ${least}`, holds: (values) => values.every(whole(least, most).holds) };
}

export const finite: Demand<number> = { wanted: "a finite number", holds: Number.isFinite };

export const positive: Demand<number> = {
  wanted: "a finite number above 0",
  holds: (value) => Number.isFinite(value) && value > 0,
};

export const notNegative: Demand<number> = {
  wanted: "a finite number of at least 0",
  holds: (value) => Number.isFinite(value) && value >= 0,
};

/** A bound may be infinite. */
export const bound: Demand<number> = { wanted: "a number", holds: (value) => !Number.isNaN(value) };

/** Axes: not negative, none twice. */
export const distinctAxes: Demand<readonly number[]> = {
  wanted: "axes that are not negative, none twice",
  holds: (axes) => axes.every(whole(0).holds) && new Set(axes).size === axes.length,
};
