import { modulo, signed, testUnit } from "../unit.js";

testUnit({
  module: "snn_argmax",
  parameters: [
    { MembraneBits: 2, IndexBits: 3 },
    { MembraneBits: 5, IndexBits: 4 },
    { MembraneBits: 24, IndexBits: 12 },
    { MembraneBits: 40, IndexBits: 16 },
  ],
  *cycles({ MembraneBits = 0, IndexBits = 0 }, integer) {
    let best: number | undefined;
    let best_o: number | undefined;
    let decision: number | undefined;
    for (let i = 0; i < 4000; i++) {
      const start_i = +(i === 0 || integer(0, 19) === 0);
      const valid_i = start_i ? 0 : integer(0, 1);
      // close to the best, and both ends
      const near = [integer(-2, 2) + (best ?? 0), 2 ** (MembraneBits - 1) - 1, -(2 ** (MembraneBits - 1))];
      const any = integer(0, 2 ** Math.min(MembraneBits, 32) - 1);
      const x = signed(integer(0, 2) === 0 ? any : near[integer(0, 2)]!, MembraneBits);
      const better = valid_i === 1 && (best === undefined || x > best);
      const inputs = {
        start_i,
        valid_i,
        x_i: modulo(x, MembraneBits),
        candidate_i: integer(0, 1),
        index_i: integer(0, 2 ** IndexBits - 1),
      };
      yield { inputs, outputs: { better_o: i === 0 ? undefined : +better, best_o, decision_o: decision } };
      if (start_i) best = undefined;
      if (better) {
        best = x;
        best_o = modulo(x, MembraneBits);
      }
      if (inputs.candidate_i) decision = inputs.index_i;
    }
  },
  breaks: [
    ["none_q || ", ""],
    ["= valid_i && (none", "= (none"],
    ["{1'b0, rival_q};", "{1'b0, rival_q} + 1;"],
    ["!x_i[MembraneBits-1]", "x_i[MembraneBits-1]"],
    ["if (candidate_i) decision_q", "decision_q"],
  ],
});
