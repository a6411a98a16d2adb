import type { Ports } from "../bench.js";
import { modulo, signed, testUnit } from "../unit.js";

testUnit({
  module: "snn_writer",
  parameters: [
    { IndexBits: 4, ListAddressBits: 3, ListPointerBits: 4, PointerAddressBits: 3 },
    { IndexBits: 12, ListAddressBits: 11, ListPointerBits: 12, PointerAddressBits: 10 },
  ],
  *cycles({ IndexBits = 0, ListAddressBits = 0, ListPointerBits = 0, PointerAddressBits = 0 }, integer) {
    const silence: Ports = { list_write_o: 0, pointer_write_o: 0, valid_o: 0, done_o: 0 };
    for (let pass = 0; pass < 200; pass++) {
      const [emit_i, ternary_i] = [+(integer(0, 4) > 0), integer(0, 1)];
      const channels_i = integer(1, integer(0, 1) ? 3 : 2 ** IndexBits);
      const steady = { channels_i, emit_i, ternary_i };
      let list = integer(0, 2 ** ListPointerBits - 1);
      let pointer = integer(0, 2 ** PointerAddressBits - 1);
      let index = integer(0, 2 ** IndexBits - 1);
      yield { inputs: { ...steady, start_i: 1, list_i: list, pointer_i: pointer, index_i: index }, outputs: {} };
      const count = integer(0, 20);
      const cut = integer(0, 9) === 0 ? integer(0, count) : -1;
      let outputs = silence;
      let written = 0;
      for (let n = 0; n < count; ) {
        if (n === cut) {
          // a reset forgets the candidate inside and the one that comes
          yield { inputs: { ...steady, rst_i: 1, valid_i: 1, final_i: 1, payload_i: 1 }, outputs };
          break;
        }
        const valid_i = +(integer(0, 3) > 0);
        const payload_i = [0, 1, 127, 128, 255, integer(0, 255)][integer(0, 5)]!;
        const ends = n === count - 1 && (valid_i === 1 || integer(0, 1) === 1);
        yield { inputs: { ...steady, valid_i, payload_i, final_i: +(valid_i && ends) }, outputs };
        outputs = silence;
        if (!valid_i) continue;
        // sign and magnitude of a two's complement payload
        const value = signed(payload_i, 8);
        const stored = ternary_i && value < 0 ? 0x80 | (-value & 0x7f) : payload_i;
        const opens = emit_i && written % channels_i === 0;
        const writes = +(emit_i && payload_i !== 0);
        const entry = { list_address_o: modulo(list, ListAddressBits), list_data_o: stored * 2 ** IndexBits + index };
        outputs = {
          valid_o: 1,
          index_o: index,
          list_write_o: writes,
          pointer_write_o: +opens,
          ...(writes ? entry : {}),
          ...(opens ? { pointer_address_o: pointer, pointer_data_o: list } : {}),
        };
        index = modulo(index + 1, IndexBits);
        list = modulo(list + writes, ListPointerBits);
        pointer = modulo(pointer + +opens, PointerAddressBits);
        written++;
        n++;
      }
      if (cut >= 0 && cut < count) {
        for (let i = 0; i < 3; i++) yield { inputs: steady, outputs: silence };
        continue;
      }
      // the end, also of nothing: the closing pointer
      if (count === 0) yield { inputs: { ...steady, final_i: 1 }, outputs };
      yield { inputs: steady, outputs: count === 0 ? silence : outputs };
      const closing = emit_i ? { pointer_write_o: 1, pointer_address_o: pointer, pointer_data_o: list } : {};
      yield { inputs: steady, outputs: { ...silence, done_o: 1, ...closing } };
      for (let i = integer(0, 2); i > 0; i--) yield { inputs: steady, outputs: silence };
    }
  },
  breaks: [
    ["payload_q[7] || negative_q", "payload_q[7]"],
    ["+ {6'd0, negative_q}", ""],
    ["channel_q == channels_i ? ONE", "1'b0 ? ONE"],
    ["|| done_q)", ")"],
    ["final_q <= 1'b0;", ""],
    [".count_i(list_write_o)", ".count_i(valid_q)"],
  ],
});
