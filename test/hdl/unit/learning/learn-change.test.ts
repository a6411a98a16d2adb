import { nextNoise } from "../../../../src/arch/dynamics/noise.js";
import { type PostRule, type PreRule, postChange, preChange } from "../../../../src/arch/dynamics/plasticity.js";
import { modulo, testUnit } from "../unit.js";
import { postRuleWord, preRuleWord, randomPostRule, randomPreRule } from "./rules.js";

/** Whether a rule draws: then the generator goes on. */
const draws = (rule: PreRule | PostRule): number => +(rule.kind === "trace" && rule.stochastic);

testUnit({
  module: "snn_learn_change",
  *cycles(_, integer) {
    for (let i = 0; i < 20000; i++) {
      const noise = integer(1, 2 ** 31 - 1);
      const [pre, post] = [randomPreRule(integer, 2), randomPostRule(integer, 2)];
      const { rule, up_i, down_i, potential_i } = preRuleWord(pre, integer);
      // around the borders of the windows and of the potential, or anywhere
      const edges = pre.kind === "spike-driven" ? [...pre.up, ...pre.down].map((y) => y + integer(-1, 1)) : [0, 0, 255];
      const y = integer(0, 1) ? integer(0, 255) : Math.min(Math.max(edges[integer(0, edges.length - 1)]!, 0), 255);
      const x = integer(0, 3) ? integer(0, 255) : 0;
      const near = pre.kind === "spike-driven" ? pre.vTheta + integer(-1, 1) : 0;
      const v = integer(0, 1) ? integer(-32768, 32767) : Math.min(Math.max(near, -32768), 32767);
      yield {
        inputs: {
          ...{ pre_rule_i: rule, post_rule_i: postRuleWord(post, integer), up_i, down_i, potential_i },
          ...{ draw_i: nextNoise(noise) & 0xff, v_i: modulo(v, 16), y_i: y, x_i: x },
        },
        outputs: {
          pre_draws_o: draws(pre),
          pre_o: modulo(preChange(pre, v, y, noise).change, 10),
          post_draws_o: draws(post),
          post_o: modulo(postChange(post, x, noise).change, 10),
        },
      };
    }
  },
  breaks: [
    ["pre_kind == TRACE && pre_rule_i[13]", "pre_rule_i[13]"],
    ["post_kind == TRACE && post_rule_i[13]", "post_kind == TRACE"],
    ["& {8{pre_draws_o}}", ""],
    ["& ~(8'hff << post_shift)", ""],
    ["$signed(v_i) >= $signed(potential_i)", "v_i >= potential_i"],
    ["$signed(v_i) >= $signed(potential_i)", "$signed(v_i) > $signed(potential_i)"],
    ["{1'b0, y_i} < up_i[16:8]", "{1'b0, y_i} <= up_i[16:8]"],
    ["y_i >= down_i[7:0]", "y_i > down_i[7:0]"],
    ["down ? -pre_amount", "down ? pre_amount"],
    ["y_i != 8'd0 ? -pre_amount", "1'b1 ? -pre_amount"],
    ["post_amount : -offset", "post_amount : 10'd0"],
    ["x_part - offset", "x_part"],
    ["pre = -y_part", "pre = y_part"],
  ],
});
