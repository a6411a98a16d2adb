import type { Operator } from "../import/call.js";
import { refuse } from "../refusal.js";

const control =
  (what: string, hint: string): Operator =>
  (call) => {
    throw refuse("control-flow", `${what} (${call.operator}) chooses or repeats a sub-graph`, hint);
  };

const unrolled = "Export the recurrent layer as RNN, LSTM or GRU, or unroll it";

/** Operators that are known and cannot become a network of fixed size. */
export const refusedOperators: Readonly<Record<string, Operator>> = {
  ":If": control("a branch", "Export with fixed options, so that the exporter can decide the branch"),
  ":Loop": control("a loop", unrolled),
  ":Scan": control("a scan", unrolled),
};
