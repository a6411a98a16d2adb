import { modulo, signed, testUnit, type Unit } from "../unit.js";

/** Every weight and operand of few bits, many of eight. */
const cycles: Unit["cycles"] = function* ({ WeightBits: bits = 8 }, integer) {
  const one = (weight: number, operand: number, on_i: number, flip: number, beyond_i: number) => {
    const sum = signed(weight, bits) + signed(operand, bits) + 1;
    return {
      inputs: {
        ...{ weight_i: weight, operand_i: operand, on_i, beyond_i },
        top_i: modulo(+(signed(operand, bits) < 0) + flip, 1),
      },
      outputs: { weight_o: on_i ? modulo(sum, bits) : weight, sign_o: beyond_i | (+(sum < 0) ^ flip) },
    };
  };
  const size = 2 ** bits;
  if (bits <= 4) {
    for (let weight = 0; weight < size; weight++)
      for (let operand = 0; operand < size; operand++)
        for (let flags = 0; flags < 8; flags++) yield one(weight, operand, flags & 1, (flags >> 1) & 1, flags >> 2);
  }
  for (let i = 0; i < 10000; i++)
    yield one(integer(0, size - 1), integer(0, size - 1), integer(0, 1), integer(0, 1), +(integer(0, 3) === 0));
};

const widths = [{ WeightBits: 2 }, { WeightBits: 4 }, { WeightBits: 8 }];

testUnit({
  module: "snn_weight_adder_generic",
  parameters: widths,
  cycles,
  breaks: [
    ["on_i ? sum[WeightBits:1] : weight_i", "sum[WeightBits:1]"],
    [" || beyond_i", ""],
    ["{top_i, operand_i, 1'b1}", "{operand_i[WeightBits-1], operand_i, 1'b1}"],
    ["{weight_i[WeightBits-1], weight_i, 1'b1}", "{weight_i[WeightBits-1], weight_i, 1'b0}"],
  ],
});

testUnit({
  module: "snn_weight_adder_ice40",
  parameters: widths,
  cycles,
  breaks: [
    ["carry[0] = 1'b1", "carry[0] = 1'b0"],
    [".I0(on_i)", ".I0(1'b1)"],
    [".I2(top_i)", ".I2(operand_i[WeightBits-1])"],
    [".I0(beyond_i)", ".I0(1'b0)"],
  ],
});

testUnit({
  module: "snn_weight_adder",
  parameters: [
    { Technology: 0, WeightBits: 8 },
    { Technology: 1, WeightBits: 8 },
  ],
  cycles,
  breaks: [[".on_i     (on_i)", ".on_i     (1'b1)"]],
});
