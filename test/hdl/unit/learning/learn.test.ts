import { seedNoise } from "../../../../src/arch/dynamics/noise.js";
import { learnCycles } from "../../../../src/arch/timing.js";
import type { Integer } from "../../integer.js";
import type { Parameters, Ports } from "../bench.js";
import { modulo, testUnit } from "../unit.js";
import { postRuleWord, preRuleWord, randomPostRule, randomPreRule } from "./rules.js";
import { type Learn, type Neuron, type Places, schedule } from "./schedule.js";

/** A projection of any shape and its rules; weights within what fits a lane. */
function randomLearn({ Rules = 0, Lanes = 0, WeightBits = 0 }: Parameters, integer: Integer): Learn {
  const [low, high] = [-(2 ** (WeightBits - 1)), 2 ** (WeightBits - 1) - 1];
  const list = <T>(length: number, one: () => T): T[] => Array.from({ length }, one);
  const calm = integer(0, 2) === 0;
  const neuron = (): Neuron => ({
    v: integer(-32768, 32767),
    x: integer(0, 1) * integer(0, 255),
    y: integer(0, 1) * integer(0, 255),
    fired: calm ? 0 : integer(0, 1),
  });
  const source = list(integer(0, 9), neuron);
  const visit = integer(1, Lanes);
  const last = integer(1, Lanes);
  const groups = list(integer(1, 3), () => visit).fill(last, -1);
  const events = source.flatMap((_, i) => (integer(0, 2) ? [] : [i]));
  return {
    pre: randomPreRule(integer, Rules),
    post: randomPostRule(integer, Rules),
    ...(integer(0, 1) ? { min: low, max: high } : { min: integer(low, -1), max: integer(-1, high) }),
    groups: groups.map((lanes) => list(lanes, neuron)),
    source,
    events: integer(0, 3) ? events : [],
    rows: groups.map(() => source.map(() => list(Lanes, () => integer(low, high)))),
  };
}

testUnit({
  module: "snn_learn",
  parameters: [
    {
      ...{
        Rules: 2,
        Lanes: 8,
        WeightBits: 8,
        IndexBits: 12,
        ListAddressBits: 5,
        ListPointerBits: 6,
        PointerAddressBits: 4,
      },
      ...{ StateAddressBits: 6, WeightAddressBits: 8 },
    },
    {
      ...{
        Technology: 1,
        Rules: 1,
        Lanes: 16,
        WeightBits: 4,
        IndexBits: 8,
        ListAddressBits: 10,
        ListPointerBits: 11,
        PointerAddressBits: 8,
      },
      ...{ StateAddressBits: 10, WeightAddressBits: 14 },
    },
    {
      ...{
        Rules: 2,
        Lanes: 2,
        WeightBits: 2,
        IndexBits: 8,
        ListAddressBits: 4,
        ListPointerBits: 5,
        PointerAddressBits: 4,
      },
      ...{ StateAddressBits: 4, WeightAddressBits: 5 },
    },
  ],
  *cycles(parameters, integer) {
    const width = (name: string): number => parameters[name]!;
    const word = (): bigint => (BigInt(integer(0, 2 ** 32 - 1)) << 32n) | BigInt(integer(0, 2 ** 32 - 1));
    const any = (bits: number): bigint => BigInt.asUintN(bits, word() | (word() << 64n));
    const address = (memory: string): number => integer(0, 2 ** width(`${memory}AddressBits`) - 1);
    let noise = seedNoise(integer(0, 2 ** 22 - 1));
    for (let call = 0; call < 60; call++) {
      const learn = randomLearn(parameters, integer);
      const places: Places = {
        ...{ pointer: address("Pointer"), list: integer(0, 2 ** width("ListAddressBits") - learn.events.length) },
        ...{ state: address("State"), source: address("State") },
        ...{ weight: address("Weight"), step: learn.source.length + integer(0, 3) },
      };
      const bits = width("WeightBits");
      const done = schedule(learn, places, bits, noise, word);
      const { slots } = done;
      const { rule, ...windows } = preRuleWord(learn.pre, integer);
      const wanted = learnCycles(
        learn.groups.map((neurons) => ({
          lanes: neurons.length,
          events: learn.events.length,
          rows: learn.post.kind !== "none" && neurons.some(({ fired }) => fired) ? learn.source.length : 0,
        })),
      );
      if (slots.length !== wanted) throw new Error(`${slots.length} cycles, wanted ${wanted}`);
      const { groups } = learn;
      const steady: Ports = {
        ...{ origin_pointer_i: places.pointer, state_i: places.state, source_state_i: places.source },
        ...{ weight_base_i: places.weight, row_step_i: places.step, rows_i: learn.source.length },
        ...{ groups_i: groups.length, lanes_visit_i: groups[0]!.length, lanes_last_i: groups.at(-1)!.length },
        ...{ pre_rule_i: rule, up_window_i: windows.up_i, down_window_i: windows.down_i },
        ...{ potential_i: windows.potential_i, post_rule_i: postRuleWord(learn.post, integer) },
        ...{ weight_min_i: modulo(learn.min, 8), weight_max_i: modulo(learn.max, 8) },
      };
      // what is read when nothing was asked for
      const random = (): Ports => ({
        ...{
          pointer_data_i: any(width("ListPointerBits")),
          list_index_i: any(width("IndexBits")),
          state_data_i: any(64),
        },
        ...{ weight_data_i: any(width("Lanes") * bits), draw_i: any(8), host_row_i: any(width("Lanes") * bits) },
      });
      const wrap = (outputs: Ports): Ports =>
        Object.fromEntries(
          Object.entries(outputs).map(([name, value]) => {
            const memory = /^(\w)(\w+)_address_o$/.exec(name);
            const size = memory ? width(`${memory[1]!.toUpperCase()}${memory[2]}AddressBits`) : undefined;
            return [name, size === undefined ? value : modulo(Number(value), size)];
          }),
        );
      // sometimes it is stopped on the way
      const stops = integer(0, 6) === 0 ? integer(0, slots.length - 2) : slots.length;
      for (const [i, slot] of slots.slice(0, stops).entries()) {
        const inputs = { ...steady, ...random(), ...slot.inputs, run_i: 1, start_i: +(i === 0) };
        yield { inputs, outputs: wrap(slot.outputs) };
      }
      if (stops < slots.length) yield { inputs: { ...steady, ...random(), rst_i: 1 }, outputs: { weight_write_o: 0 } };
      else noise = done.noise;
      const quiet = { weight_write_o: 0, drawn_o: 0, operations_o: 0, finished_o: 0 };
      let host: bigint | undefined;
      for (let i = integer(0, 9); i > 0; i--) {
        const inputs = { ...steady, ...random() };
        yield { inputs, outputs: host === undefined ? quiet : { ...quiet, weight_data_o: host } };
        host = BigInt(inputs["host_row_i"]!);
      }
    }
  },
  breaks: [
    ["scan_q ? post2_q : changes_q[l*10+:10]", "changes_q[l*10+:10]"],
    ["rises ? post_rule_i[9:2] : loss_q", "loss_q"],
    ["scan_q ? post_rule_i[21:14] : pre_rule_i[9:2]", "pre_rule_i[9:2]"],
    ["changes_q <= amount != 8'd0", "changes_q <= 1'b1"],
    ["change_here != 10'd0", "1'b1"],
    ["if (to_scan) chosen_q[l] <= fired_q[l];", ""],
    ["chosen_q[l] <= used;", "chosen_q[l] <= 1'b1;"],
    ["chosen_q[l] <= 1'b0;", ""],
    ["live2_q ? rises1_q : rises2_q", "rises1_q"],
    ["& {10{live2_q}}", ""],
    ["& {10{live3_q}}", ""],
    ["run_i ? weight_data_i : host_row_i", "weight_data_i"],
    [".load_i   (live2_q || !run_i)", ".load_i   (1'b1)"],
    ["(there_q && pre_draws) || ", ""],
    ["scan_q && here && post_draws", "scan_q && post_draws"],
    ["events_q ? lanes : fired_count_q", "lanes"],
    ["any_fired_q && may_scan_q", "may_scan_q"],
    ["any_fired_q && may_scan_q", "any_fired_q"],
    ["some_q  <= pointer_data_i != start_q", "some_q <= 1'b1"],
    ["&& rows_i != 11'd0", ""],
    ["post_rule_i[1:0] != 2'd0 && ", ""],
    ["<= base_q + row_step_i;", "<= base_q;"],
    ["to_events ? first_entry : first_source", "first_entry"],
    ["find_q[2] ? last_group_q : last_next", "last_group_q"],
    ["if (find_q[2] || group_ends) begin\n      fired_count_q", "if (find_q[2]) begin\n      fired_count_q"],
    ["fired_q[l]  <= 1'b0;", ""],
    ["drain_q[0] || (drain_q[1] && pausing)", "drain_q[0]"],
    ["live4_q && run_i", "live4_q"],
    ["if (live2_q) row2_q", "if (live1_q) row2_q"],
    ["count_q <= pointer_data_i - start_q", "count_q <= pointer_data_i"],
    [".value_i({RowBits{1'b0}})", ".value_i(scan_row)"],
    ["events_q <= 1'b0;\n      scan_q   <= 1'b0;\n      there_q", "there_q"],
  ],
});
