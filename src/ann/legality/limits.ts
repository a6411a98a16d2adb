/** Most elements a value of one sample may have (256 MiB): more is a mistake or an attack, not a network for these boards. */
export const MAX_ELEMENTS = 2 ** 26;

/** Deepest nesting of time-distributed bodies. */
export const MAX_NESTING = 8;
