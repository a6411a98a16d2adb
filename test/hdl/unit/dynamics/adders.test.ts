import { side, testUnit } from "../unit.js";

testUnit({
  module: "snn_adders",
  parameters: [
    { Lanes: 8, WeightBits: 8, AccumulatorBits: 18 },
    { Lanes: 16, WeightBits: 4, AccumulatorBits: 14 },
    { Lanes: 3, WeightBits: 2, AccumulatorBits: 8 },
  ],
  *cycles({ Lanes = 0, WeightBits = 0, AccumulatorBits = 0 }, integer) {
    const half = 2 ** (WeightBits - 1);
    let sums = Array<number>(Lanes).fill(0);
    for (let i = 0; i < 4000; i++) {
      const clear_i = +(integer(0, 299) === 0);
      const add_i = clear_i ? 0 : +(integer(0, 3) > 0);
      const weights = sums.map((_, l) => (l === 0 && i < 2000 ? -half : integer(-half, half - 1)));
      const inputs = { clear_i, add_i, weights_i: side(weights, WeightBits) };
      yield { inputs, outputs: { sums_o: side(sums, AccumulatorBits) } };
      sums = sums.map((sum, l) => (clear_i ? 0 : sum + add_i * weights[l]!));
    }
  },
  breaks: [
    ["{(AccumulatorBits-WeightBits){weights_i[l*WeightBits+WeightBits-1]}}", "{(AccumulatorBits-WeightBits){1'b0}}"],
    ["else if (add_i) sum_q", "else sum_q"],
    ["if (clear_i) sum_q <= {AccumulatorBits{1'b0}};\n        else ", ""],
    ["weights_i[l*WeightBits+:WeightBits]", "weights_i[0+:WeightBits]"],
  ],
});
