import { gradedRule, payload, ternaryRule } from "../../../../src/arch/neuron.js";
import type { Ports } from "../bench.js";
import { modulo, signed, testUnit } from "../unit.js";

testUnit({
  module: "snn_neuron",
  parameters: [
    { MembraneBits: 10, ThresholdBits: 2, QuotientBits: 1, SumBits: 8, TagBits: 1 },
    { MembraneBits: 16, ThresholdBits: 8, QuotientBits: 4, SumBits: 12, TagBits: 4 },
    { MembraneBits: 24, ThresholdBits: 16, QuotientBits: 4, SumBits: 16, TagBits: 4 },
    { MembraneBits: 32, ThresholdBits: 24, QuotientBits: 8, SumBits: 32, TagBits: 2 },
    { MembraneBits: 40, ThresholdBits: 31, QuotientBits: 3, SumBits: 32, TagBits: 8 },
  ],
  *cycles({ MembraneBits: bits = 0, ThresholdBits = 0, QuotientBits = 0, SumBits = 0, TagBits = 0 }, integer) {
    const latency = 1 + Math.max(2, QuotientBits);
    const late: Ports[] = Array.from({ length: latency }, () => ({ valid_o: 0 }));
    let n2: Ports = {};
    let joined: Ports = {};
    let mode = { fresh_i: 0, ternary_i: 0, mask_i: 0, max: 0 };
    for (let i = 0; i < 3000; i++) {
      // a pass: its fields change when nothing is inside
      const settling = i % 100 < latency + 1;
      if (i % 100 === latency) {
        mode = {
          fresh_i: integer(0, 1),
          ternary_i: integer(0, 1),
          mask_i: integer(0, 2 ** QuotientBits - 1),
          max: integer(0, 9),
        };
      }
      const rst_i = +(integer(0, 199) === 0);
      const valid_i = settling ? 0 : integer(0, 1);
      const threshold = integer(0, 1) ? integer(1, 3) : integer(1, 2 ** ThresholdBits - 1);
      const tracer = integer(0, integer(0, 1) ? 3 : 200);
      const sum = integer(-(2 ** (SumBits - 1)), 2 ** (SumBits - 1) - 1) * integer(0, 1);
      // at the threshold, or anywhere; the result fits
      const x = [
        threshold * integer(0, 2 ** QuotientBits) + integer(-1, 1),
        integer(-3, 0),
        integer(-(2 ** 29), 2 ** 29),
      ][integer(0, 2)]!;
      const potential = signed(x, bits);
      const base = modulo(potential - sum, bits);
      const noise = integer(0, 2 ** Math.min(bits, 31) - 1);
      const tag = integer(0, 2 ** TagBits - 1);
      const better_i = integer(0, 1);
      const { fresh_i, ternary_i, mask_i, max } = mode;
      const inputs = {
        rst_i,
        fresh_i,
        ternary_i,
        mask_i,
        max_n_i: 255 - max,
        valid_i,
        tag_i: tag,
        tracer_i: tracer,
        v_i: fresh_i ? noise : base,
        v_init_i: fresh_i ? base : noise,
        threshold_i: threshold,
        sum_i: modulo(sum, SumBits),
        better_i,
      };
      // N2 learns now whether its neuron is better
      Object.assign(joined, { better_o: better_i });
      yield { inputs, outputs: { ...late.shift()!, ...n2 } };
      if (rst_i) for (const ports of late) Object.assign(ports, { valid_o: 0 });

      const s = fresh_i ? 0 : tracer;
      const rule = ternary_i ? { ...ternaryRule, planes: mask_i & 1 } : { ...gradedRule(0, 255), planes: mask_i };
      const silent = ternary_i && (mask_i & 1) === 0;
      // a graded count has no limit but its planes: the tracer wraps
      const o = silent
        ? 0
        : ternary_i
          ? payload(potential, s, threshold, 0, Math.max(max, 0), rule)
          : payload(potential, 0, threshold, 0, 255, rule);
      joined =
        valid_i && !rst_i
          ? {
              valid_o: 1,
              tag_o: tag,
              v_o: modulo(potential - o * threshold, bits),
              tracer_o: s,
              next_o: modulo(s + o, 8),
              fired_o: modulo(o, 8),
              mon_x_o: modulo(potential, bits),
            }
          : { valid_o: 0 };
      late.push(joined);
      n2 = { x_valid_o: valid_i & ~rst_i, x_o: valid_i ? modulo(potential, bits) : undefined };
    }
  },
  breaks: [
    ["fresh_i ? v_init_i : v_i", "v_i"],
    ["fresh_i ? 8'd0 : tracer_i", "tracer_i"],
    ["&& tracer_q != 8'd0", ""],
    ["!(ternary_i && full_sum[9])", "1'b1"],
    ["mask_i[k] && !ternary_i", "mask_i[k]"],
    ["up, !down, better_i", "up, 1'b1, better_i"],
    [".flip_i (k == Stages - 1 && down)", ".flip_i (1'b0)"],
    ["{1'b0, tracer_q, 1'b1}", "{1'b0, tracer_q, 1'b0}"],
    ["x_valid_q <= valid_i && !rst_i", "x_valid_q <= valid_i"],
  ],
});
