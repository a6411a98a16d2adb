import type { Ports } from "../bench.js";
import { modulo, testUnit } from "../unit.js";

testUnit({
  module: "snn_sequencer",
  parameters: [
    { Lanes: 4, ParameterAddressBits: 5, StateAddressBits: 4 },
    { Lanes: 16, ParameterAddressBits: 9, StateAddressBits: 10 },
    { Lanes: 32, ParameterAddressBits: 7, StateAddressBits: 12 },
  ],
  *cycles({ Lanes = 0, ParameterAddressBits = 0, StateAddressBits = 0 }, integer) {
    for (let pass = 0; pass < 60; pass++) {
      const lanes_visit_i = integer(1, Lanes);
      const lanes_last_i = integer(1, Lanes);
      const lanes_position_i = integer(1, Lanes);
      const base = {
        parameters_i: integer(0, 2 ** ParameterAddressBits - 1),
        state_i: integer(0, 2 ** StateAddressBits - 1),
      };
      const rewind_i = integer(0, 1);
      const steady = { ...base, rewind_i, lanes_visit_i, lanes_last_i, lanes_position_i };
      let neurons = base.state_i;
      yield { inputs: { ...steady, start_i: 1 }, outputs: {} };
      const groups = integer(1, 3);
      const members = integer(1, 3);
      let flags: Ports = {};
      let outputs: Ports = { valid_o: 0, rewinds_o: 0 };
      for (let position = 0; position < 2; position++) {
        for (let visit = 0; visit < groups * members; visit++) {
          const group = Math.floor(visit / members);
          const [first, last] = [visit % members === 0, visit % members === members - 1];
          const edge = group === groups - 1;
          const final = edge && last && position === 1;
          for (let i = integer(0, 2); i > 0; i--) {
            yield { inputs: steady, outputs };
            outputs = { valid_o: 0, rewinds_o: 0 };
          }
          flags = { first_i: +first, last_i: +last, edge_i: +edge, final_i: +final };
          // may come with the last lane of the visit before
          yield { inputs: { ...steady, visit_i: 1, ...flags }, outputs };
          const lanes = edge ? lanes_last_i : lanes_visit_i;
          const named = (l: number): Ports => ({
            valid_o: 1,
            state_address_o: modulo(neurons + l, StateAddressBits),
            parameter_address_o: modulo(
              base.parameters_i + group * Lanes + (l % lanes_position_i),
              ParameterAddressBits,
            ),
            restart_o: +(l % lanes_position_i === 0),
            first_o: +(first && l < lanes_position_i),
            last_o: +(last && l >= lanes - lanes_position_i),
            final_o: +(final && l === lanes - 1),
            rewinds_o: rewind_i & +(edge && last && l === lanes - 1),
          });
          for (let l = 0; l < lanes - 1; l++) yield { inputs: steady, outputs: named(l) };
          outputs = named(lanes - 1);
          neurons = rewind_i && edge && last ? base.state_i : neurons + lanes;
        }
      }
      // a reset forgets what is left of a visit
      yield { inputs: { ...steady, rst_i: 1, visit_i: pass % 2, ...flags }, outputs };
      yield { inputs: steady, outputs: { valid_o: 0 } };
    }
  },
  breaks: [
    ["edge_i ? lanes_last_i", "edge_i ? lanes_visit_i"],
    ["wrap ? 6'd0 : channel_next", "channel_next"],
    ["last && last_round[7]", "last"],
    ["first && opening_q", "first"],
    ["at_edge ? parameters_i : ", ""],
    ["if (rst_i) run_q <= 1'b0;", ""],
    ["rewind_i && run_q && last_lane", "rewind_i && run_q && last_lane && 1'b0"],
    ["rewind_i && run_q", "run_q"],
    ["last_lane && last && at_edge", "last_lane && at_edge"],
    ["last_lane && last && at_edge", "last_lane && last"],
    ["start_i || rewinds_o", "start_i"],
    [".count_i(run_q)", ".count_i(1'b1)"],
  ],
});
