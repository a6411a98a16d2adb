import type { Cycle, Ports } from "../bench.js";
import { modulo, testUnit } from "../unit.js";

const nothing: Ports = { valid_o: 0, final_o: 0 };

testUnit({
  module: "snn_merge",
  parameters: [2, 5, 16, 32].map((Lanes) => ({ Lanes })),
  *cycles({ Lanes = 0 }, integer) {
    const late: Ports[] = [nothing, nothing];
    function* play(inputs: Ports, candidate = nothing): Iterable<Cycle> {
      late.push(candidate);
      yield { inputs, outputs: late.shift()! };
    }
    for (let pass = 0; pass < 90; pass++) {
      const mode = { max_i: +(pass % 3 === 1), sum_i: +(pass % 3 === 2) };
      const merges = pass % 3 > 0;
      const position = pass % 5 === 0 ? 1 : integer(1, Lanes);
      const neurons = (merges ? integer(1, 4) : 1) * position;
      const windows = 3;
      const before = new Map<number, number[]>();
      for (let n = 0; n < windows * neurons; ) {
        const at = n % neurons;
        const tracer = integer(0, 200);
        const fired = integer(-1, 15);
        const next = modulo(tracer + fired, 8);
        const [first_i, last_i] = [+(at < position), +(at >= neurons - position)];
        const better_i = integer(0, 1);
        const valid_i = +(integer(0, 3) > 0);
        const final_i = +(n === windows * neurons - 1);
        const lane = { valid_i, restart_i: +(at % position === 0), first_i, last_i, final_i, better_i };
        const inputs = { ...mode, ...lane, tracer_i: tracer, next_i: next, fired_i: modulo(fired, 8) };
        if (!valid_i) {
          yield* play(inputs);
          continue;
        }
        // what the window has of this channel: the sum of o, or the largest s and s'
        const [low, high] = first_i ? [0, 0] : before.get(at % position)!;
        const window = mode.max_i ? [Math.max(low!, tracer), Math.max(high!, next)] : [0, high! + fired];
        before.set(at % position, window);
        const payload_o = last_i ? modulo(window[1]! - window[0]!, 8) : undefined;
        yield* play(inputs, { valid_o: last_i, final_o: final_i, better_o: better_i, payload_o });
        n++;
      }
      // the pass is cut short, or its last candidates come out
      yield* play({ ...mode, rst_i: pass % 2, valid_i: pass % 2, final_i: 1 });
      if (pass % 2) late.fill(nothing);
      for (let i = 0; i < 2; i++) yield* play(mode);
    }
  },
  breaks: [
    ["low_sum[8] ? low : ~tracer1_q", "low"],
    ["max_i && !high_sum[8]", "max_i && high_sum[8]"],
    ["same1_q ? high2_q", "1'b0 ? high2_q"],
    ["final1_q <= 1'b0;", ""],
    ["first_i || !(max_i || sum_i)", "first_i && (max_i || sum_i)"],
    ["fired_i & {8{!max_i}}", "fired_i"],
  ],
});
