import { loss, roundings } from "../../../../src/arch/dynamics/neuron.js";
import { modulo, testUnit } from "../unit.js";

const borders = [-32768, -32767, -16384, -4097, -4096, -4095, -2, -1, 0, 1, 2, 4095, 4096, 4097, 16384, 32766, 32767];
const losses = [0, 1, 2, 7, 8, 511, 512, 2047, 2048, 2049, 4032, 4094, 4095];

testUnit({
  module: "snn_loss",
  *cycles(_, integer) {
    for (const [rounding_i, rounding] of roundings.entries()) {
      const pairs = borders.flatMap((value) => losses.map((d) => ({ value, d })));
      for (let i = 0; i < 3000; i++) {
        // products around a multiple of 4096 and its half, or anything
        const d = integer(0, 1) ? integer(0, 4095) : 2 ** integer(0, 11);
        const value = integer(0, 1) ? integer(-32768, 32767) : 2048 * integer(-15, 15) + integer(-1, 1);
        pairs.push({ value, d });
      }
      const late: (number | undefined)[] = [undefined, undefined, undefined];
      for (const { value, d } of pairs) {
        const inputs = { value_i: modulo(value, 16), loss_i: d, rounding_i };
        yield { inputs, outputs: { lost_o: late.shift() } };
        late.push(modulo(loss(value, d, rounding), 16));
      }
    }
  },
  breaks: [
    ["!value_i[15])", "value_i[15])"],
    ["rounding_i == 2'd1", "rounding_i != 2'd1"],
    ["{11{up2_q}}", "11'd0"],
    ["{high_q, 6'd0}", "{high_q, 6'd1}"],
    ["four & {19{loss_i[11]}}", "19'd0"],
    ["{value_i[15], value_i, 2'b00}", "{1'b0, value_i, 2'b00}"],
  ],
});
