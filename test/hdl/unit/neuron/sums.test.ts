import { side, testUnit } from "../unit.js";

testUnit({
  module: "snn_sums",
  parameters: [
    { Lanes: 2, AccumulatorBits: 8 },
    { Lanes: 16, AccumulatorBits: 16 },
    { Lanes: 5, AccumulatorBits: 32 },
  ],
  *cycles({ Lanes = 0, AccumulatorBits: bits = 0 }, integer) {
    let queue: number[] = [];
    for (let i = 0; i < 1000; i++) {
      const sums = Array.from({ length: Lanes }, () => integer(0, 2 ** bits - 1));
      const inputs = { load_i: +(integer(0, 9) === 0), shift_i: integer(0, 1), sums_i: side(sums, bits) };
      yield { inputs, outputs: { sum_o: queue[0] } };
      if (inputs.load_i) queue = sums;
      else if (inputs.shift_i) queue.shift();
    }
  },
  breaks: [
    ["else if (shift_i)", "else"],
    ["sums_q[AccumulatorBits-1:0]", "sums_q[Lanes*AccumulatorBits-1-:AccumulatorBits]"],
  ],
});
