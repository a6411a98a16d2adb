import { nextNoise, seedNoise } from "../../../../src/arch/dynamics/noise.js";
import { testUnit } from "../unit.js";

testUnit({
  module: "snn_noise",
  *cycles(_, integer) {
    // as after configuration
    let state = seedNoise(0);
    for (let i = 0; i < 5000; i++) {
      const seeds = i > 2000 && integer(0, 99) === 0;
      const inputs = { seed_i: +seeds, value_i: integer(0, 2 ** 22 - 1), draw_i: +(integer(0, 3) > 0) };
      yield { inputs, outputs: { draw_o: nextNoise(state) & 0xff } };
      if (inputs.draw_i) state = nextNoise(state);
      if (seeds) state = seedNoise(inputs.value_i);
    }
  },
  breaks: [
    ["state_q[27:20]", "state_q[26:19]"],
    ["31'h00400000", "31'h00000001"],
    ["if (draw_i) state_q", "state_q"],
    ["{9'd1, value_i}", "{9'd0, value_i}"],
    [
      "if (draw_i) state_q <= {state_q[22:0], draw_o};\n    if (seed_i)",
      "if (draw_i) state_q <= {state_q[22:0], draw_o};\n    else if (seed_i)",
    ],
  ],
});
