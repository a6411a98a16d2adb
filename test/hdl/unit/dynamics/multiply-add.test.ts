import { testUnit, type Unit } from "../unit.js";

/** a * b + c, where c comes two cycles after a and b, and the sum four. */
const cycles: Unit["cycles"] = function* (_, integer) {
  const borders = {
    a: [-32768, -1, 0, 1, 32767],
    b: [0, 1, 4095, 4096, 65535],
    c: [-(2 ** 31), -1, 0, 4095, 2 ** 31 - 1],
  };
  const any = (list: readonly number[], low: number, high: number): number =>
    integer(0, 2) ? integer(low, high) : list[integer(0, list.length - 1)]!;
  const products: number[] = [];
  const sums: number[] = [];
  for (let i = 0; i < 4000; i++) {
    const a = any(borders.a, -32768, 32767);
    const b = any(borders.b, 0, 65535);
    const c = any(borders.c, -(2 ** 31), 2 ** 31 - 1);
    yield {
      inputs: { a_i: a & 0xffff, b_i: b, c_i: c >>> 0 },
      outputs: { sum_o: i < 4 ? undefined : sums.at(-2) },
    };
    products.push(a * b);
    sums.push(i < 2 ? 0 : (products.at(-3)! + c) >>> 0);
  }
};

testUnit({
  module: "snn_multiply_add_generic",
  cycles,
  breaks: [
    ["{{16{a_q[15]}}, a_q}", "{16'd0, a_q}"],
    ["sum_q      <= product2_q + c_q", "sum_q      <= product2_q + c_i"],
    ["product2_q <= product_q;", "product2_q <= product_q + 32'd1;"],
  ],
});

testUnit({
  module: "snn_multiply_add_ice40up",
  cycles,
  breaks: [
    [".A_SIGNED                (1'b1)", ".A_SIGNED                (1'b0)"],
    [".B_SIGNED                (1'b0)", ".B_SIGNED                (1'b1)"],
    [".C_REG                   (1'b1)", ".C_REG                   (1'b0)"],
    [".TOPADDSUB_CARRYSELECT   (2'd3)", ".TOPADDSUB_CARRYSELECT   (2'd0)"],
    [".PIPELINE_16x16_MULT_REG2(1'b1)", ".PIPELINE_16x16_MULT_REG2(1'b0)"],
  ],
});

testUnit({
  module: "snn_multiply_add",
  parameters: [{ Technology: 0 }, { Technology: 1 }, { Technology: 2 }],
  cycles,
  breaks: [[".a_i  (a_i)", ".a_i  (b_i)"]],
});
