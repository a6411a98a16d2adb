import type { Cycle } from "../bench.js";
import { modulo, testUnit } from "../unit.js";

testUnit({
  module: "snn_divide_stage",
  parameters: [
    { MembraneBits: 6, ThresholdBits: 3, Shift: 0 },
    { MembraneBits: 6, ThresholdBits: 5, Shift: 0 },
    { MembraneBits: 7, ThresholdBits: 3, Shift: 2 },
    { MembraneBits: 9, ThresholdBits: 1, Shift: 7 },
  ],
  // every operand; the registers behind are one cycle late
  *cycles({ MembraneBits = 0, ThresholdBits = 0, Shift = 0 }, integer) {
    let outputs: Cycle["outputs"] = {};
    for (let rest = -(2 ** (MembraneBits - 1)); rest < 2 ** (MembraneBits - 1); rest++) {
      for (let threshold = 0; threshold < 2 ** ThresholdBits; threshold++) {
        for (let flags = 0; flags < 8; flags++) {
          const [allow_i, flip_i, stays] = [flags & 1, (flags >> 1) & 1, flags >> 2];
          const stay_i = Shift > 0 ? 1 : stays!;
          const minus_i = stay_i ? modulo(~threshold, ThresholdBits) : threshold;
          // quotient bits above this one
          const fired_i = modulo(integer(0, 127) << (Shift + 1), 8);
          const rest_i = modulo(rest, MembraneBits);
          yield { inputs: { rest_i, minus_i, flip_i, allow_i, stay_i, fired_i }, outputs };
          const fire = allow_i === 1 && rest >= threshold * 2 ** Shift;
          const next = !stay_i ? rest + threshold : fire ? rest - threshold * 2 ** Shift : rest;
          outputs = {
            rest_o: modulo(next, MembraneBits),
            minus_o: flip_i ? modulo(~minus_i, ThresholdBits) : minus_i,
            fired_o: !stay_i ? 0xff : fire ? fired_i + 2 ** Shift : fired_i,
          };
        }
      }
    }
  },
  breaks: [
    ["{rest, 1'b1}", "{rest, 1'b0}"],
    ["allow_i && ", ""],
    ["!stay_i ? 8'hff", "!stay_i ? 8'h01"],
    ["{rest_i[MembraneBits-1], rest_i[MembraneBits-1:Shift]}", "{1'b0, rest_i[MembraneBits-1:Shift]}"],
    ["^ {ThresholdBits{flip_i}}", ""],
  ],
});
