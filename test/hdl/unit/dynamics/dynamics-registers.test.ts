import { dynamicsRegisters } from "../../../../src/arch/dynamics/registers.js";
import { modulo, testUnit } from "../unit.js";

/** The ports that show a register, lowest bits first: each so many of its fields. */
const ports: Readonly<Record<string, readonly (readonly [port: string, fields: number])[]>> = {
  current: [
    ["current_loss_o", 1],
    ["current_rounding_o", 1],
    ["leak_rounding_o", 1],
  ],
  behaviour: ["reset", "delayed", "gate", "rank", "noise", "rewind", "spacing"].map((name) => [`${name}_o`, 1]),
  adaptation: ["increment", "decay", "scale"].map((name) => [`adapt_${name}_o`, 1]),
  "pre-trace": [["pre_trace_o", 4]],
  "post-trace": [["post_trace_o", 4]],
  inhibition: [
    ["inhibition_o", 1],
    ["block_o", 1],
  ],
  seed: [],
  "learn-source": [
    ["learn_state_o", 1],
    ["learn_rows_o", 1],
  ],
  "pre-rule": [["pre_rule_o", 4]],
  "post-rule": [["post_rule_o", 5]],
  "spike-driven-up": [["up_window_o", 2]],
  "spike-driven-down": [["down_window_o", 2]],
  "spike-driven-potential": [["learn_potential_o", 1]],
  "weight-bounds": [
    ["weight_min_o", 1],
    ["weight_max_o", 1],
  ],
  reward: [
    ["reward_o", 3],
    ["eligibility_o", 1],
  ],
};

testUnit({
  module: "snn_dynamics_registers",
  parameters: [
    { StateAddressBits: 10, WeightAddressBits: 14 },
    { StateAddressBits: 8, WeightAddressBits: 10 },
    { StateAddressBits: 11, WeightAddressBits: 4 },
  ],
  *cycles({ StateAddressBits = 0, WeightAddressBits = 0 }, integer) {
    // what points into a memory is kept modulo its size
    const kept: Readonly<Record<string, number>> = {
      learn_state_o: StateAddressBits,
      eligibility_o: WeightAddressBits,
    };
    const seed = dynamicsRegisters.find(({ name }) => name === "seed")!.index;
    let outputs: Record<string, number> = {};
    for (let i = 0; i < 2000; i++) {
      const inputs = { set_i: integer(0, 1), register_i: integer(0, 15), value_i: integer(0, 2 ** 22 - 1) };
      const index = 16 + inputs.register_i;
      yield { inputs, outputs: { ...outputs, seed_o: inputs.set_i & +(index === seed) } };
      const register = dynamicsRegisters.find((found) => found.index === index);
      if (!inputs.set_i || register === undefined) continue;
      outputs = { ...outputs };
      let at = 0;
      for (const [port, count] of ports[register.name]!) {
        const fields = register.fields.slice(at, at + count);
        const bits = fields.reduce((sum, field) => sum + field.bits, 0);
        outputs[port] = modulo(inputs.value_i >>> fields[0]!.lsb, kept[port] ?? bits);
        at += count;
      }
      if (at !== register.fields.length && register.name !== "seed")
        throw new Error(`no port for all of ${register.name}`);
    }
  },
  breaks: [
    ["if (set_i) begin", "begin"],
    ["set_i && register_i == 4'd6", "register_i == 4'd6"],
    ["{spacing_o, rewind_o, noise_o,", "{spacing_o, noise_o, rewind_o,"],
    ["value_i[21:11]", "value_i[20:10]"],
    ["{weight_max_o, weight_min_o}", "{weight_min_o, weight_max_o}"],
    ["4'd10:   up_window_o", "4'd10:   down_window_o"],
    ["4'd4:    post_trace_o", "4'd15:   post_trace_o"],
  ],
});
