import { changeWeight, noSynapse } from "../../../../src/arch/dynamics/plasticity.js";
import { modulo, side, testUnit } from "../unit.js";

testUnit({
  module: "snn_learn_row",
  parameters: [
    { Technology: 0, Lanes: 8, WeightBits: 8, Own: 0 },
    { Technology: 1, Lanes: 8, WeightBits: 8, Own: 1 },
    { Technology: 1, Lanes: 16, WeightBits: 4, Own: 0 },
    { Technology: 0, Lanes: 3, WeightBits: 2, Own: 1 },
  ],
  *cycles({ Lanes = 0, WeightBits: bits = 0, Own = 0 }, integer) {
    const [low, high] = [noSynapse(bits), 2 ** (bits - 1) - 1];
    const random = (bitCount: number): number => integer(0, 2 ** bitCount - 1);
    const any = () =>
      side(
        Array.from({ length: Lanes }, () => random(bits)),
        bits,
      );
    const lanesOf = <T>(one: () => T): T[] => Array.from({ length: Lanes }, one);
    for (let i = 0; i < 3000; i++) {
      const min = integer(0, 1) ? low + 1 : integer(low + 1, high);
      const max = integer(0, 1) ? high : integer(min, high);
      const bounds = { min_i: modulo(min, 8), max_i: modulo(max, 8) };
      const change = () => (integer(0, 1) ? integer(-255, 255) : integer(-2, 2));
      const common = change();
      const changes = Own ? lanesOf(change) : [common];
      // 0 may be taken for either direction
      const rises = changes.map((c) => (c === 0 ? integer(0, 1) : +(c > 0)));
      const weights = lanesOf(() => (integer(0, 7) ? integer(low, high) : low));
      const chosen = lanesOf(() => integer(0, 1));
      const after = weights.map((weight, l) =>
        chosen[l] && weight !== low ? changeWeight(weight, changes[Own ? l : 0]!, min, max) : weight,
      );
      const steady = { ...bounds, rises_i: side(rises, 1), chosen_i: side(chosen, 1) };
      const operand = (of: (change: number, l: number) => number) => ({ operand_i: side(changes.map(of), 10) });
      const nothing = { load_i: 0, row_i: any() };
      yield {
        inputs: {
          ...{ ...steady, rises_i: random(1), chosen_i: 0, changes_i: random(1), operand_i: random(10) },
          ...{ load_i: 1, row_i: side(weights, bits) },
        },
        outputs: {},
      };
      yield {
        inputs: {
          ...{
            ...steady,
            ...nothing,
            changes_i: side(
              changes.map((c) => +(c !== 0)),
              1,
            ),
          },
          ...operand((c, l) => c - (rises[l] ? max : min) - 1),
        },
        outputs: {},
      };
      yield {
        inputs: { ...steady, ...nothing, changes_i: random(1), ...operand((c) => c - 1) },
        outputs: { row_o: side(after, bits) },
      };
      // nobody is chosen: what is loaded comes out
      const other = any();
      yield { inputs: { ...steady, chosen_i: 0, changes_i: 1, load_i: 1, row_i: other }, outputs: {} };
      yield { inputs: { ...steady, ...nothing, chosen_i: 0, changes_i: 1 }, outputs: { row_o: other } };
    }
  },
  breaks: [
    ["chosen_i[l] && synapse", "chosen_i[l]"],
    ["chosen_i[l] && synapse", "synapse"],
    ["clips_q ? bound[WeightBits-1:0] : ", ""],
    ["rises ? max_i : min_i", "min_i"],
    ["&& changes_i[From]", ""],
    ["passes && applies", "passes"],
    ["operand[WeightBits-1] ^ rises", "operand[WeightBits-1]"],
    [".beyond_i (beyond)", ".beyond_i (1'b0)"],
    ["if (load_i) row_q", "row_q"],
    ["Own != 0 ? l : 0", "0"],
  ],
});
