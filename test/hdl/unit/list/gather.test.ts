import type { Ports } from "../bench.js";
import { modulo, side, testUnit } from "../unit.js";

interface Segment {
  readonly start: number;
  readonly count: number;
  readonly offset: number;
  readonly close: boolean;
  readonly flags: Ports;
}

const flagNames = ["first", "last", "edge", "final"];
/** Flags of a closed visit, the last the lowest. */
const flagsOf = (ports: Ports): number[] => flagNames.map((name) => Number(ports[`${name}_o`])).reverse();

testUnit({
  module: "snn_gather",
  parameters: [
    { IndexBits: 5, ListAddressBits: 4, ListPointerBits: 5, WeightAddressBits: 6 },
    { IndexBits: 12, ListAddressBits: 11, ListPointerBits: 12, WeightAddressBits: 14 },
    { IndexBits: 12, ListAddressBits: 10, ListPointerBits: 11, WeightAddressBits: 7 },
    { IndexBits: 12, ListAddressBits: 10, ListPointerBits: 11, WeightAddressBits: 14, Dynamics: 1 },
  ],
  *cycles({ IndexBits = 0, ListAddressBits = 0, ListPointerBits = 0, WeightAddressBits = 0, Dynamics = 0 }, integer) {
    const random = (): Segment => {
      const close = integer(0, 1) === 1;
      const count = close ? Math.max(0, integer(-2, 4)) : integer(1, integer(0, 9) ? 4 : 2 ** ListPointerBits / 2);
      const flags = Object.fromEntries(flagNames.map((name) => [`${name}_o`, integer(0, 1)]));
      return {
        start: integer(0, 2 ** ListAddressBits - 1),
        count,
        offset: integer(0, 2 ** WeightAddressBits - 1),
        close,
        flags,
      };
    };
    const nothing: Ports = { add_o: 0, close_o: 0 };
    let pass = { signed_i: 0, lanes_visit_i: 1, lanes_last_i: 1, spacing_i: 0 };
    let offered: Segment | undefined;
    let seg: Segment | undefined;
    let read = 0; // entries of the segment
    let tokenAt = 0; // when the next token may go
    let held = 0; // offset of the segment taken in the cycle before
    let [g1, g2, g3]: Ports[] = [nothing, nothing, nothing];
    let g2Address: number | undefined;
    let g1Address: number | undefined;
    let entry = 0;
    for (let t = 0; t < 6000; t++) {
      const rst_i = +(t % 400 === 399 || integer(0, 499) === 0);
      if (t % 400 === 0) {
        pass = {
          signed_i: integer(0, 1),
          lanes_visit_i: integer(1, 32),
          lanes_last_i: integer(1, 5),
          spacing_i: integer(1, integer(0, 1) ? 63 : 4),
        };
      }
      offered ??= integer(0, 2) > 0 ? random() : undefined;
      const reads = seg !== undefined && read < seg.count;
      const token = seg !== undefined && !reads && t >= tokenAt;
      const last = reads && read === seg!.count - 1;
      const take = offered !== undefined && (seg === undefined || (last && !seg.close) || token);
      const lanes = seg?.flags["edge_o"] ? pass.lanes_last_i : pass.lanes_visit_i;
      const s = offered ?? random();
      const flags = Object.fromEntries(flagNames.map((name) => [`segment_${name}_i`, s.flags[`${name}_o`]]));
      const inputs = {
        rst_i,
        ...pass,
        segment_valid_i: +(offered !== undefined),
        segment_start_i: s.start,
        segment_count_i: s.count,
        segment_offset_i: held >= 0 ? held : s.offset,
        segment_some_i: +(s.count > 0),
        segment_close_i: +s.close,
        ...flags,
        list_data_i: entry,
      };
      yield {
        inputs,
        outputs: {
          segment_take_o: +take,
          list_read_o: +reads,
          list_address_o: reads ? modulo(seg!.start + read, ListAddressBits) : undefined,
          lanes_o: reads || token ? lanes : undefined,
          weight_address_o: g2Address,
          ...g3,
          // a cycle ahead
          early_close_o: g2!["close_o"],
          early_flags_o: g2!["close_o"] ? Number(side(flagsOf(g2!), 1)) : undefined,
        },
      };
      // the pipeline behind: an entry, or the token that ends a visit
      g3 = g2!;
      g2 = g1!;
      g2Address = g1Address;
      g1 = nothing;
      g1Address = undefined;
      entry = integer(0, 2 ** Math.min(IndexBits + 8, 31) - 1);
      if (reads) {
        const payload = Math.floor(entry / 2 ** IndexBits) & 0xff;
        const negative_o = pass.signed_i & (payload >> 7);
        g1 = { add_o: 1, close_o: 0, payload_o: pass.signed_i ? payload & 0x7f : payload, negative_o };
        g1Address = modulo(seg!.offset + (entry % 2 ** IndexBits), WeightAddressBits);
        read++;
      }
      if (token) {
        g1 = { add_o: 0, close_o: 1, ...seg!.flags };
        tokenAt = t + (Dynamics ? (seg!.flags["final_o"] ? 1 : pass.spacing_i) : lanes);
      }
      if (token || (last && !seg!.close)) seg = undefined;
      held = -1;
      if (take) {
        seg = offered!;
        read = 0;
        held = offered!.offset;
        offered = undefined;
      }
      if (rst_i) {
        seg = undefined;
        tokenAt = 0;
        [g1, g2, g3] = [nothing, nothing, nothing];
        g1Address = g2Address = undefined;
      }
    }
  },
  breaks: [
    ["list_data_i[IndexBits+:8]", "list_data_i[7:0]"],
    ["space[5:1] == 5'd0", "1'b1"],
    ["Dynamics != 0 ? spacing_i : lanes_o", "lanes_o"],
    ["Dynamics != 0 && flags_q[0]", "1'b0"],
    ["(last_entry && !close_q)", "last_entry"],
    ["space_n == ~6'd2", "space_n == ~6'd3"],
    ["if (taken_q) offset_q", "if (segment_take_o) offset_q"],
    ["payload1[7] && !signed_i", "payload1[7]"],
    ["~segment_count_i == ONE_LEFT", "1'b0"],
    ["token3_q <= 1'b0;", ""],
    ["early_close_o    = token2_q", "early_close_o    = token1_q"],
    ["early_flags_o    = flags2_q", "early_flags_o    = flags3_q"],
  ],
});
