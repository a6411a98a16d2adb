import {
  fires,
  inhibit,
  integrate,
  margin,
  type NeuronDynamics,
  settle,
} from "../../../../src/arch/dynamics/neuron.js";
import { nextNoise, seedNoise } from "../../../../src/arch/dynamics/noise.js";
import { parameterWord, stateWord } from "../../../../src/arch/dynamics/words.js";
import { timing } from "../../../../src/arch/timing.js";
import type { Ports } from "../bench.js";
import { modulo, signed, testUnit } from "../unit.js";
import { blank, near, portsOf, randomPass, randomState, word } from "./pass.js";

testUnit({
  module: "snn_dynamics",
  parameters: [
    { Technology: 0, SumBits: 18, IndexBits: 12, TagBits: 5 },
    { Technology: 1, SumBits: 14, IndexBits: 12, TagBits: 5 },
    { Technology: 0, SumBits: 16, IndexBits: 8, TagBits: 1 },
    { Technology: 2, SumBits: 24, IndexBits: 16, TagBits: 8 },
  ],
  *cycles({ SumBits = 0, IndexBits = 0, TagBits = 0 }, integer) {
    let noise = seedNoise(integer(0, 2 ** 22 - 1));
    for (let pass = 0; pass < 60; pass++) {
      const fields = randomPass(integer);
      const { shared, flags, rank, amount, block } = fields;
      const first = integer(0, 2 ** IndexBits - 1);
      const count = integer(1, 60);
      const winner = { best_negative_i: +(integer(0, 3) === 0), decision_i: modulo(first + integer(0, 40), IndexBits) };
      const steady: Ports = { ...portsOf(fields), ...winner };
      const late: Ports[] = Array.from({ length: timing.dynamicsStages + 1 }, () => ({ valid_o: 0 }));
      const delayed = (cycles: number): bigint[] => new Array<bigint>(cycles).fill(0n);
      const [bias, theta, slowly, vReset] = [delayed(1), delayed(2), delayed(3), delayed(5)];
      const slow: Ports[] = [{ slow_o: 0 }, { slow_o: 0 }];
      yield { inputs: { ...steady, start_i: 1, index_i: first }, outputs: {} };
      // neurons one after the other, some with a gap; then the pipeline runs dry
      for (let done = 0, dry = 0; dry <= late.length; ) {
        const valid_i = done < count ? +(integer(0, 5) > 0) : 0;
        if (done >= count) dry++;
        const rst_i = +(integer(0, 299) === 0);
        const old = randomState(integer);
        const state = flags.fresh_i ? { ...blank } : { ...old };
        const sum = integer(0, 2)
          ? signed(integer(-200, 200), SumBits)
          : integer(-(2 ** (SumBits - 1)), 2 ** (SumBits - 1) - 1);
        const own: NeuronDynamics = {
          vThreshold: integer(0, 3) ? near(state, sum, shared, integer, flags.settled_i) : integer(0, 65535),
          bias: integer(0, 1) * integer(-32768, 32767),
          vReset: integer(-32768, 32767),
          leak: integer(0, 1) * integer(0, 4095),
          refractory: integer(0, 15),
        };
        const draw = nextNoise(noise) & 0xff;
        const drawn_o = valid_i & +shared.noise & ~flags.mute_i & ~flags.winner_i;

        const { postTrace } = state;
        const tag_i = integer(0, 2 ** TagBits - 1);
        const [bits, ownBits] = [word(stateWord(old)), word(parameterWord(own))];
        const part = (value: bigint, low: number, width: number) =>
          (value >> BigInt(low)) & ((1n << BigInt(width)) - 1n);
        // parts of the words come later
        bias.push(part(ownBits, 16, 16));
        theta.push(part(ownBits, 0, 16));
        slowly.push(part(bits, 32, 27));
        vReset.push(part(ownBits, 32, 16));
        yield {
          inputs: {
            ...{ ...steady, index_i: integer(0, 2 ** IndexBits - 1), rst_i, valid_i, tag_i, draw_i: draw },
            ...{ v_i: part(bits, 0, 16), current_i: part(bits, 16, 16), refractory_i: part(bits, 59, 4) },
            ...{ latest_i: part(bits, 63, 1), leak_i: part(ownBits, 48, 12), rest_i: part(ownBits, 60, 4) },
            ...{ bias_i: bias.shift()!, theta_i: theta.shift()!, slow_i: slowly.shift()!, v_reset_i: vReset.shift()! },
            sum_i: modulo(sum, SumBits),
          },
          outputs: { ...late.shift()!, ...slow.shift()!, drawn_o },
        };
        if (!flags.settled_i) integrate(state, sum, own, shared);
        const x = state.v;
        const rankOf = [x, margin(state, own, shared, drawn_o ? draw : 0), postTrace][rank]!;
        const winning = flags.winner_i & ~winner.best_negative_i;
        const mine = +(modulo(first + done, IndexBits) === winner.decision_i);
        let fired = 0;
        if (!flags.mute_i) {
          const alone = fires(state, own, shared, noise);
          fired = flags.winner_i ? winning & mine : alone.fires;
          if (drawn_o) noise = alone.noise;
          settle(state, fired, own, shared);
          if (winning && !mine) inhibit(state, amount, block);
        }
        late.push(
          valid_i
            ? {
                ...{ valid_o: 1, tag_o: tag_i, state_o: word(stateWord(state)), fired_o: fired },
                ...{ mon_x_o: modulo(x, 16), rank_o: modulo(rankOf, 16) },
              }
            : { valid_o: 0 },
        );
        slow.push(valid_i ? { slow_o: 1, slow_tag_o: tag_i } : { slow_o: 0 });
        done += valid_i;
        if (rst_i) {
          late.fill({ valid_o: 0 });
          slow.fill({ slow_o: 0 });
        }
      }
    }
  },
  breaks: [
    ["v_i & {16{!fresh_i}}", "v_i"],
    ["current_i & {16{!fresh_i}}", "current_i"],
    ["refractory_i & {4{!fresh_i}}", "refractory_i"],
    ["latest_i && !fresh_i", "latest_i"],
    ["fresh_i ? 16'd0 : {post_less, pre_less}", "{post_less, pre_less}"],
    ["fresh_i ? 11'd0 : ", ""],
    ["fresh_i ? 8'd0 : y3", "y3"],
    [
      " & {16{!fresh_i}};\n\n  always @(posedge clk_i) begin\n    noisy3_q",
      ";\n\n  always @(posedge clk_i) begin\n    noisy3_q",
    ],
    ["slow_o     = valid_q[2]", "slow_o = valid_q[1]"],
    ["slow_tag_o = tag_q[1*TagBits+:TagBits]", "slow_tag_o = tag_q[0+:TagBits]"],
    ["& {DriveBits{!settled_i}}", ""],
    ["&& !mute_i && !winner_i;", "&& !mute_i;"],
    ["drive_ok ? drive[15:0]", "1'b1 ? drive[15:0]"],
    ["!none1_q && delayed_i && latest_q[1]", "!none1_q && delayed_i"],
    ["!none1_q && delayed_i && latest_q[1]", "delayed_i && latest_q[1]"],
    ["u_ok ? potential[27:12]", "1'b1 ? potential[27:12]"],
    ["settled_i || (resting && gate_i == HOLD)", "settled_i || resting"],
    ["gate_i == IGNORE", "gate_i != IGNORE"],
    ["current_loss_i & {13{!settled_i}}", "current_loss_i"],
    ["none1_q ? 19'd0 : ", ""],
    ["& {12{!v_exact}}", ""],
    ["hold ? WHOLE : ", ""],
    ["leak_rounding_i == AWAY && !v[15]", "leak_rounding_i == AWAY && v[15]"],
    ["{leak_rounding_i != NEAREST, 11'h7ff}", "12'hfff"],
    ["current_rounding_i == AWAY && !negative3_q", "current_rounding_i == AWAY && !negative2_q"],
    ["{current_rounding_i != NEAREST, 11'h7ff}", "12'hfff"],
    ["<< adapt_scale_i", "<< 1"],
    ["+ {9'd0, draw_q[1*8+:8]}", ""],
    ["winner_i && !best_negative_i", "winner_i"],
    ["refractory5 != 4'd0 || !above_ok", "!above_ok"],
    ["refractory5 != 4'd0 || !above_ok", "refractory5 != 4'd0"],
    ["loses4 ? inhibition_i : ", ""],
    ["low_ok ? lowered[15:0] : 16'h8000", "lowered[15:0]"],
    ["mute_i || resting4", "resting4"],
    ["mute_i || resting4", "mute_i"],
    ["winner_i || !above5_q[18]", "!above5_q[18]"],
    ["winner_i || !above5_q[18]", "1'b1"],
    ["!winning || !here_q[4]", "!winning"],
    ["!fires5 ? kept5_q : ", ""],
    ["rank_i == POST_TRACE ?", "rank_i == 2'd3 ?"],
    ["adapt_decay_i == 4'd0 || mute_i", "mute_i"],
    ["risen[11] ? 11'h7ff : ", ""],
    ["loses5_q && block_i > waited", "loses5_q"],
    [".still_i    (mute_i)", ".still_i    (1'b0)"],
    ["trace_i    (y3)", "trace_i    (x3)"],
    ["less_i     (traces4_q[15:8])", "less_i     (traces4_q[7:0])"],
    ["{8'd0, y5_q}", "{8'd0, y4_q}"],
    ["mute_i ? latest_q[5] : ", ""],
    ["mute_i ? refractory5 : ", ""],
    ["fires5 && reset_i == VALUE", "fires5"],
    ["index_q + ONE_INDEX", "index_q"],
    ["rst_i ? 6'd0 : ", ""],
  ],
});
