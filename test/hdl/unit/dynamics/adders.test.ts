import { noSynapse } from "../../../../src/arch/dynamics/plasticity.js";
import { side, testUnit } from "../unit.js";

testUnit({
  module: "snn_adders",
  parameters: [
    { Lanes: 8, WeightBits: 8, AccumulatorBits: 18, Learning: 0 },
    { Lanes: 16, WeightBits: 4, AccumulatorBits: 14, Learning: 1 },
    { Lanes: 3, WeightBits: 2, AccumulatorBits: 8, Learning: 2 },
  ],
  *cycles({ Lanes = 0, WeightBits = 0, AccumulatorBits = 0, Learning = 0 }, integer) {
    const half = 2 ** (WeightBits - 1);
    const added = (weight: number) => (Learning && weight === noSynapse(WeightBits) ? 0 : weight);
    let sums = Array<number>(Lanes).fill(0);
    for (let i = 0; i < 4000; i++) {
      const clear_i = +(integer(0, 299) === 0);
      const add_i = clear_i ? 0 : +(integer(0, 3) > 0);
      const weights = sums.map((_, l) => (l === 0 && i < 2000 ? -half + 1 : integer(-half, half - 1)));
      const inputs = { clear_i, add_i, weights_i: side(weights, WeightBits) };
      yield { inputs, outputs: { sums_o: side(sums, AccumulatorBits) } };
      sums = sums.map((sum, l) => (clear_i ? 0 : sum + add_i * added(weights[l]!)));
    }
  },
  breaks: [
    ["{(AccumulatorBits-WeightBits+1){sign}}", "{{(AccumulatorBits-WeightBits){1'b0}}, sign}"],
    ["(Learning == 0 || ", "(1'b0 || "],
    ["(Learning == 0 || ", "(1'b1 || "],
    ["else if (add_i) sum_q", "else sum_q"],
    ["if (clear_i) sum_q <= {AccumulatorBits{1'b0}};\n        else ", ""],
    ["weights_i[l*WeightBits+:WeightBits]", "weights_i[0+:WeightBits]"],
  ],
});
