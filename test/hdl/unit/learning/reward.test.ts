import { noSynapse, type Reward, rewardWeight } from "../../../../src/arch/dynamics/plasticity.js";
import { rewardCycles } from "../../../../src/arch/timing.js";
import type { Ports } from "../bench.js";
import { modulo, side, testUnit } from "../unit.js";

testUnit({
  module: "snn_reward",
  parameters: [
    { Lanes: 8, WeightBits: 8, IndexBits: 12, WeightAddressBits: 5 },
    { Lanes: 16, WeightBits: 4, IndexBits: 8, WeightAddressBits: 10 },
    { Lanes: 2, WeightBits: 2, IndexBits: 8, WeightAddressBits: 4 },
  ],
  *cycles({ Lanes = 0, WeightBits: bits = 0, WeightAddressBits = 0 }, integer) {
    const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    const any = (): number[] => Array.from({ length: Lanes }, () => integer(low, high));
    for (let call = 0; call < 120; call++) {
      const reward: Reward = { negative: integer(0, 1) === 1, shift: integer(0, 7), decay: integer(0, 7) };
      const [min, max] = integer(0, 1) ? [low, high] : [integer(low, -1), integer(-1, high)];
      // both matrices may wrap at the end of the memory
      const rows = integer(1, integer(0, 5) ? 3 : 2 ** WeightAddressBits / 2);
      const weights = integer(0, 2 ** WeightAddressBits - 1);
      const traces = weights + rows;
      const steady: Ports = {
        ...{ rows_i: rows, weight_base_i: weights, eligibility_i: modulo(traces, WeightAddressBits) },
        ...{ weight_min_i: modulo(min, 8), weight_max_i: modulo(max, 8) },
        reward_i: +reward.negative * 64 + reward.decay * 8 + reward.shift,
      };
      const noise = (): bigint => side(any(), bits);
      const quiet: Ports = { weight_write_o: 0, operations_o: 0, finished_o: 0 };
      const idle = { inputs: { ...steady, weight_data_i: noise() }, outputs: quiet };
      const cycles = [
        { inputs: { ...steady, run_i: 1, start_i: 1, weight_data_i: noise() }, outputs: quiet },
        ...Array.from({ length: rows }, (_, r) => {
          const [w, e] = [any(), any()];
          const after = w.map((weight, l) => {
            const rewarded = rewardWeight(weight, e[l]!, reward, min, max);
            return weight === noSynapse(bits) ? { ...rewarded, weight } : rewarded;
          });
          const row = (base: number): Ports => ({ weight_address_o: modulo(base + r, WeightAddressBits) });
          return Array.from({ length: Lanes + 5 }, (_, step) => ({
            inputs: {
              ...steady,
              run_i: 1,
              weight_data_i: step === 1 ? side(e, bits) : step === 2 ? side(w, bits) : noise(),
            },
            outputs: {
              ...quiet,
              ...(step === 0 && { operations_o: Lanes, ...row(traces) }),
              ...(step === 1 && row(weights)),
              ...(step === Lanes + 3 && {
                ...{ weight_write_o: 1, ...row(traces) },
                weight_data_o: side(
                  after.map(({ eligibility }) => eligibility),
                  bits,
                ),
              }),
              ...(step === Lanes + 4 && {
                ...{ weight_write_o: 1, ...row(weights), finished_o: +(r === rows - 1) },
                weight_data_o: side(
                  after.map(({ weight }) => weight),
                  bits,
                ),
              }),
            },
          }));
        }).flat(),
      ];
      if (cycles.length !== rewardCycles(rows, Lanes)) throw new Error("not the cycles of src/arch/timing.ts");
      // sometimes it is stopped on the way, by a reset or by the end of the instruction
      const stops = integer(0, 4) === 0 ? integer(0, cycles.length - 2) : cycles.length;
      yield* cycles.slice(0, stops);
      if (stops < cycles.length) {
        const cycle = cycles[stops]!;
        const run = integer(0, 1);
        const outputs = run ? cycle.outputs : { weight_write_o: 0 };
        yield { outputs, inputs: { ...cycle.inputs, rst_i: run, run_i: run } };
      }
      for (let i = integer(0, 3 * Lanes); i > 0; i--) yield idle;
    }
  },
  breaks: [
    ["negative ? -e : e", "e"],
    ["magnitude - whole - {{(WeightBits-1){1'b0}}, |part}", "magnitude - whole"],
    ["negative != reward_i[6]", "negative"],
    ["magnitude >> reward_i[2:0]", "magnitude >> reward_i[5:3]"],
    ["negative ? -left : left", "left"],
    ["trace_row_q  <= trace_row_q + ONE_ROW;", ""],
    ["writes_weight && left_q == ONE", "writes_weight"],
    ["operations_o     = active_q && step_q == 6'd0", "operations_o     = step_q == 6'd0"],
    [".apply_i (moved != {WeightBits{1'b0}})", ".apply_i (1'b1)"],
    ["run_i && active_q &&", "active_q &&"],
    ["step_q < LANES + 6'd3", "step_q < LANES + 6'd2"],
    ["if (rst_i || !run_i) active_q <= 1'b0;", "if (rst_i) active_q <= 1'b0;"],
    ["if (rst_i || !run_i) active_q <= 1'b0;", "if (!run_i) active_q <= 1'b0;"],
  ],
});
