/** Most elements a value may have (1 GiB of float32): more is a mistake or an attack, not a network for these boards. */
export const MAX_ELEMENTS = 2 ** 28;

/** Deepest nesting of time-distributed bodies. */
export const MAX_NESTING = 8;
