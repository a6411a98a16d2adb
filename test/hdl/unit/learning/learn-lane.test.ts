import { changeWeight, noSynapse } from "../../../../src/arch/dynamics/plasticity.js";
import { modulo, testUnit } from "../unit.js";

testUnit({
  module: "snn_learn_lane",
  parameters: [{ WeightBits: 2 }, { WeightBits: 4 }, { WeightBits: 8 }],
  *cycles({ WeightBits: bits = 0 }, integer) {
    const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    const after = (weight: number, change: number, min: number, max: number, apply: number) =>
      apply && weight !== noSynapse(bits) ? changeWeight(weight, change, min, max) : weight;
    const one = (weight: number, change: number, min: number, max: number, apply: number) => ({
      inputs: {
        weight_i: modulo(weight, bits),
        change_i: modulo(change, 10),
        apply_i: apply,
        min_i: modulo(min, 8),
        max_i: modulo(max, 8),
      },
      // who has no change does not apply it
      outputs: { weight_o: apply && change === 0 ? undefined : modulo(after(weight, change, min, max, apply), bits) },
    });
    if (bits === 2) {
      for (let min = low; min <= high; min++) {
        for (let max = min; max <= high; max++) {
          for (let weight = low; weight <= high; weight++) {
            for (let change = -512; change < 512; change++) yield one(weight, change, min, max, 1);
          }
        }
      }
    }
    for (let i = 0; i < 20000; i++) {
      const min = integer(0, 1) ? low : integer(low, high);
      const max = integer(0, 1) ? high : integer(min, high);
      const change = integer(0, 1) ? integer(-512, 511) : integer(low, high);
      yield one(integer(low, high), change, min, max, +(integer(0, 3) > 0));
    }
  },
  breaks: [
    ["!(apply_i && synapse) ? weight_i : ", ""],
    ["!(apply_i && synapse)", "!apply_i"],
    ["clips ? bound[WeightBits-1:0] : ", ""],
    ["falls ? min_i : max_i", "max_i"],
    ["{change_i[9], change_i}", "{1'b0, change_i}"],
    ["{4{bound[7]}}", "4'd0"],
    ["past[12] == falls", "past[12]"],
  ],
});
