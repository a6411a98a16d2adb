import { modulo, testUnit } from "../unit.js";

testUnit({
  module: "snn_counter",
  parameters: [1, 2, 7, 16, 32].map((Width) => ({ Width })),
  *cycles({ Width = 0 }, integer) {
    let value = 0;
    for (let i = 0; i < 1000; i++) {
      const near = integer(0, 1) === 1 ? 2 ** Width - 1 - integer(0, 3) : integer(0, 2 ** Width - 1);
      const inputs = { load_i: +(integer(0, 9) === 0), value_i: modulo(near, Width), count_i: integer(0, 1) };
      yield { inputs, outputs: { value_o: value } };
      value = inputs.load_i ? inputs.value_i : modulo(value + inputs.count_i, Width);
    }
  },
  breaks: [
    ["load_i ? value_i : next", "next"],
    ["1'b1} + {{Width{load_i}}", "count_i} + {{Width{count_i}}"],
  ],
});
