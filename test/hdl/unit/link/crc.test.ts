import { crc8, crc32 } from "../../../../src/support/crc.js";
import type { Cycle } from "../bench.js";
import { testUnit } from "../unit.js";

testUnit({
  module: "snn_crc",
  *cycles(_, integer): Iterable<Cycle> {
    for (let stream = 0; stream < 200; stream++) {
      yield { inputs: { clear_i: 1 }, outputs: {} };
      const bytes = Array.from({ length: integer(0, 6) }, () => integer(0, 255));
      const sum = crc32(Uint8Array.from(bytes));
      const tail = [0, 8, 16, 24].map((shift) => (sum >>> shift) & 0xff);
      const damaged = integer(0, 2) > 0 ? undefined : integer(0, 3);
      // every second stream has the sum of its bytes behind them, as a frame has
      const received = tail.map((byte, k) => (k === damaged ? byte ^ (1 << integer(0, 7)) : byte));
      const loads = stream % 2 === 0 ? [...bytes, ...received] : bytes;
      for (let at = 0; at <= loads.length; at++) {
        const head = crc8(Uint8Array.from(loads.slice(0, at)));
        const behind = at - bytes.length;
        const next = behind > 0 ? tail[behind] : crc32(Uint8Array.from(bytes.slice(0, at))) & 0xff;
        const match = +received.slice(0, Math.max(behind, 0)).every((byte, k) => byte === tail[k]);
        const outputs = { busy_o: 0, head_o: head, head_zero_o: +(head === 0), sum_o: next ?? 0xff, match_o: match };
        for (let pause = integer(0, 2); pause > 0; pause--) yield { inputs: {}, outputs };
        if (at === loads.length) break;
        yield { inputs: { load_i: 1, data_i: loads[at], tail_i: +(behind >= 0) }, outputs };
        for (let bit = 0; bit < 8; bit++) yield { inputs: { data_i: integer(0, 255) }, outputs: { busy_o: 1 } };
      }
    }
  },
  breaks: [
    ["divide8 ? 8'he0", "divide8 ? 8'he1"],
    ["divide32 ? 32'hedb88320", "divide32 ? 32'hedb88321"],
    ["&& !tail_q", ""],
    ["match_q <= 1'b0", "match_q <= 1'b1"],
    ["crc8_q  <= 8'hff;", ""],
  ],
});
