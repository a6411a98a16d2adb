import { encodeFrame } from "../../../../src/arch/frame.js";
import { crc32 } from "../../../../src/support/crc.js";
import type { Integer } from "../../integer.js";
import type { Cycle } from "../bench.js";
import { testUnit } from "../unit.js";

const header = 6;

/** A frame, byte by byte; 8 cycles of division after each but the start, and `busy` before it. Returns those left behind it. */
function* frame(integer: Integer, busy: number): Generator<Cycle, number> {
  const payload = Uint8Array.from({ length: integer(0, 5) }, () => integer(0, 255));
  const [sequence, operation] = [integer(0, 255), integer(0, 255)];
  const bytes = encodeFrame({ sequence, operation, payload });
  const names = { seq_i: sequence, op_i: operation, length_i: payload.length };
  const end = header + payload.length;
  yield { inputs: { ...names, begin_i: 1 }, outputs: { idle_o: 1, tx_valid_o: 0, byte_ready_o: 0 } };
  let left = Math.max(busy - 1, 0);
  let open = true; // the sender still asks for payload
  for (let at = 0; at < bytes.length; ) {
    const asks = at >= header && open;
    const byte_valid_i = asks && at < end ? integer(0, 1) : 0;
    const tx_ready_i = integer(0, 1);
    // counts only when no byte is offered
    const end_i = at >= end || byte_valid_i ? integer(0, 1) : 0;
    const tx_valid_o = +(left === 0 && (!asks || byte_valid_i === 1));
    const byte_ready_o = +(asks && left === 0 && tx_ready_i);
    yield {
      inputs: { ...names, tx_ready_i, end_i, byte_valid_i, byte_i: bytes[at] },
      outputs: { idle_o: 0, tx_valid_o, tx_data_o: tx_valid_o ? bytes[at] : undefined, byte_ready_o },
    };
    if (left > 0) left--;
    else if (tx_valid_o && tx_ready_i) left = at++ === 0 ? 0 : 8;
    if (asks && end_i && !byte_valid_i) open = false;
  }
  // the sender is idle while the last byte is divided
  for (let i = integer(0, 9); i > 0; i--, left--) yield { inputs: names, outputs: { idle_o: 1, tx_valid_o: 0 } };
  return Math.max(left, 0);
}

/** Bytes that are summed and not sent; then the four bytes of the sum. */
function* digest(integer: Integer, busy: number): Generator<Cycle, number> {
  const bytes = Uint8Array.from({ length: integer(0, 9) }, () => integer(0, 255));
  const sum = crc32(bytes);
  const tail = [0, 8, 16, 24].map((shift) => (sum >>> shift) & 0xff);
  for (let i = busy + 1; i > 0; i--) yield { inputs: {}, outputs: { idle_o: 1, tx_valid_o: 0, byte_ready_o: 0 } };
  for (const [at, byte] of [...bytes, ...tail].entries()) {
    const digest_tail_i = +(at >= bytes.length);
    for (let pause = integer(0, 2); pause > 0; pause--) {
      yield { inputs: { digest_i: 1, digest_tail_i }, outputs: { byte_ready_o: 1, tx_valid_o: 0, idle_o: 1 } };
    }
    const sum_o = digest_tail_i ? byte : undefined;
    const inputs = { digest_i: 1, digest_tail_i, byte_valid_i: 1, byte_i: byte };
    yield { inputs, outputs: { byte_ready_o: 1, tx_valid_o: 0, sum_o } };
    for (let bit = 0; bit < 8; bit++) yield { inputs, outputs: { byte_ready_o: 0, tx_valid_o: 0 } };
  }
  yield { inputs: {}, outputs: { idle_o: 1, byte_ready_o: 0 } };
  return 0;
}

testUnit({
  module: "snn_link_tx",
  *cycles(_, integer) {
    yield { inputs: { rst_i: 1 }, outputs: {} };
    let busy = 0;
    for (let i = 0; i < 60; i++) {
      busy = yield* integer(0, 2) ? frame(integer, busy) : digest(integer, busy);
      if (i % 10 > 0) continue;
      // a reset in the middle
      let left = integer(2, 90);
      for (const cycle of frame(integer, busy)) {
        if (--left === 0) break;
        yield cycle;
      }
      yield { inputs: { rst_i: 1 }, outputs: {} };
      busy = 0;
      for (let k = 0; k < 9; k++) yield { inputs: {}, outputs: { idle_o: 1, tx_valid_o: 0 } };
    }
  },
  breaks: [
    ["part_byte = length_i[15:8]", "part_byte = length_i[7:0]"],
    ["|| part_q == START)", ")"],
    ["if (end_i && !byte_valid_i)", "if (end_i)"],
    ["tail || digest_tail_i", "tail"],
    ["(idle_o && !digest_i) ||", ""],
    ["body_q <= part_q == CHECK", "body_q <= part_q == CHECK && length_i != 16'd0"],
    ["part_q <= IDLE;\n", ""],
  ],
});
