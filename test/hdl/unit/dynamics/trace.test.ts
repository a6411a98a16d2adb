import { traceDecays } from "../../../../src/arch/dynamics/registers.js";
import { stepTrace } from "../../../../src/arch/dynamics/trace.js";
import { testUnit } from "../unit.js";

/** Every decay with its shifts; those of a timer and of a count do not matter. */
type Decay = (typeof traceDecays)[number];
const decays: readonly (readonly [decay: Decay, shift?: number])[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((shift) => ["exponential", shift] as const),
  ["timer"],
  ["count"],
];

testUnit({
  module: "snn_trace",
  *cycles(_, integer) {
    for (const [decay, wanted] of decays) {
      for (let trace = 0; trace < 256; trace++) {
        const shift = wanted ?? integer(0, 7);
        const kept = stepTrace(trace, 0, { decay, shift, increment: 0, sets: false });
        // without a spike the rise does not matter; with one, all around the largest trace
        const rises = [0, 1, 255, 255 - kept, Math.min(256 - kept, 255), integer(0, 255)];
        const steps = [0, 1].flatMap((fired) => rises.map((increment) => ({ fired, increment })));
        for (const { fired, increment } of steps) {
          for (const sets of [false, true]) {
            // both halves of one step, or none of the decay
            const still_i = +(integer(0, 3) === 0);
            const rule = { decay, shift, increment, sets };
            const code = traceDecays.indexOf(decay);
            const less = still_i || decay === "count" ? trace : Math.max(trace - 1, 0);
            yield {
              inputs: {
                trace_i: trace,
                still_i,
                less_i: less,
                kept_i: kept,
                fired_i: fired,
                increment_i: increment,
                shift_i: shift,
                timer_i: code & 1,
                count_i: code >> 1,
                sets_i: +sets,
              },
              outputs: { less_o: less, kept_o: still_i ? trace : kept, trace_o: stepTrace(trace, fired, rule) },
            };
          }
        }
      }
    }
  },
  breaks: [
    ["trace_i != 8'd0", "1'b1"],
    ["!still_i && !count_i", "!still_i"],
    ["!still_i && !count_i", "!count_i"],
    ["decays && !timer_i", "decays"],
    ["less_i >> shift_i", "less_i >> 1"],
    ["sets_i ? increment_i : ", ""],
    ["risen[8] ? 8'hff : ", ""],
    ["!fired_i ? kept_i : ", ""],
  ],
});
