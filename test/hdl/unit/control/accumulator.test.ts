import { modulo, testUnit, type Unit } from "../unit.js";

/** Both inputs show in the sum two cycles later. */
const cycles: Unit["cycles"] = function* ({ Width = 24 }, integer) {
  let sum = 0;
  let before = { clear_i: 1, add_i: 0 };
  for (let i = 0; i < 6000; i++) {
    const inputs = { clear_i: +(integer(0, 2999) === 0), add_i: integer(0, 4) ? integer(0, 63) : 0 };
    yield { inputs, outputs: { sum_o: i < 2 ? undefined : sum } };
    sum = before.clear_i ? 0 : modulo(sum + before.add_i, Width);
    before = inputs;
  }
};

testUnit({
  module: "snn_accumulator_generic",
  parameters: [{ Width: 8 }, { Width: 24 }],
  cycles,
  breaks: [
    ["clear_q ? {Width{1'b0}} : ", ""],
    ["sum_q + {{(Width-6){1'b0}}, add_q}", "sum_q + {{(Width-6){1'b0}}, add_i}"],
  ],
});

testUnit({
  module: "snn_accumulator_ice40up",
  parameters: [{ Width: 8 }, { Width: 28 }],
  cycles,
  breaks: [
    [".B_REG                   (1'b1)", ".B_REG                   (1'b0)"],
    [".TOPADDSUB_CARRYSELECT   (2'd2)", ".TOPADDSUB_CARRYSELECT   (2'd0)"],
    [".OLOADTOP  (clear_q)", ".OLOADTOP  (1'b0)"],
    [".OLOADBOT  (clear_q)", ".OLOADBOT  (clear_i)"],
  ],
});

testUnit({
  module: "snn_accumulator",
  parameters: [
    { Technology: 0, Width: 24 },
    { Technology: 1, Width: 24 },
    { Technology: 2, Width: 24 },
  ],
  cycles,
  breaks: [[".add_i  (add_i)", ".add_i  (6'd1)"]],
});
