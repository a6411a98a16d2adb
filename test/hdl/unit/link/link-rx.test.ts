import { encodeFrame } from "../../../../src/arch/frame.js";
import { operations, startOfFrame } from "../../../../src/arch/packet.js";
import { crc8, crc32 } from "../../../../src/support/crc.js";
import type { Integer } from "../../integer.js";
import { testUnit, type Unit } from "../unit.js";

const reasons = { start: 1, line: 2, header: 3, length: 4, checksum: 5, timeout: 6, overflow: 7 } as const;
const bare = 5; // bytes of a header behind the start
const busyCycles = 8; // of a byte that is divided

/** A byte, or a pause of a number of cycles. */
type Item = { readonly byte: number; readonly error: number } | { readonly pause: number };

/** Frames of all kinds, some of them damaged, with and without the silence that ends a fault. */
function* traffic(integer: Integer, maxPayload: number, timeout: number): Iterable<Item> {
  for (let n = 0; n < 220; n++) {
    const length = n === 3 ? maxPayload : n === 5 ? maxPayload + 1 : integer(0, 12);
    const payload = Uint8Array.from({ length }, () => integer(0, 255));
    const operation = integer(0, 2) ? integer(0, 255) : operations.stop.code;
    const bytes = [...encodeFrame({ sequence: integer(0, 255), operation, payload })];
    const kind = n < 8 ? 9 : integer(0, 9);
    const at = integer(0, bytes.length - 1);
    if (kind === 0) bytes[at]! ^= 1 << integer(0, 7);
    if (kind === 1) bytes.splice(at, 1);
    if (kind === 2) bytes.splice(at, 0, integer(0, 255));
    if (kind === 3) bytes[4] = integer(0, 255); // a length that a wrong sum of the header belongs to
    if (kind === 4) {
      bytes[4] = integer(1, 255);
      bytes[5] = crc8(Uint8Array.from(bytes.slice(1, 5)));
    }
    for (const [k, byte] of bytes.entries()) {
      yield { byte, error: +(kind === 5 && k === at) };
      if (kind === 6 && k === at) yield { pause: integer(timeout - 3, timeout + 3) };
      else if (integer(0, 19) === 0) yield { pause: integer(1, 30) };
    }
    yield { pause: integer(0, 3) * (timeout / 8) + integer(0, 1) * timeout };
  }
}

/** What becomes of each byte: see the head of the module. */
const cycles: Unit["cycles"] = function* ({ MaxPayload = 0, TimeoutBits = 0 }, integer) {
  const timeout = 2 ** TimeoutBits;
  let frame: number[] | undefined; // bytes behind the start
  let judge: "header" | "frame" | undefined;
  let dropping = false;
  let [busy, idle, complaint_o, reason] = [0, 0, 0, 0];
  let length = 0;
  const items = traffic(integer, MaxPayload, timeout)[Symbol.iterator]();
  let item = items.next();
  let pause = 0;
  for (let t = 0; !item.done; t++) {
    if (pause === 0 && "pause" in item.value) {
      pause = item.value.pause;
      item = items.next();
      if (item.done) return;
    }
    const offered = pause === 0 && "byte" in item.value ? item.value : undefined;
    if (pause > 0) pause--;
    const full_i = +(integer(0, 400) === 0);
    const complaint_taken_i = +(integer(0, 9) === 0);
    const rst_i = +(t === 0 || integer(0, 4000) === 0);
    const ready = busy === 0 && judge === undefined;
    const take = offered !== undefined && ready;
    const byte = offered?.byte ?? integer(0, 255);
    const at = frame?.length ?? 0;
    // the header's sum and the four bytes behind the payload are not stored
    const stored = frame !== undefined && !judge && (at < 4 || (at >= bare && at < bare + length));
    const late = idle >= timeout;
    const whole = Uint8Array.from(frame ?? []);
    const decided = judge !== undefined && busy === 0 ? judge : undefined;
    const sum = whole.subarray(bare + length).reduce((value, part, k) => value + part * 2 ** (8 * k), 0);
    // the sum covers the header with its own sum
    const good = decided === "frame" && crc32(whole.subarray(0, bare + length)) === sum;
    const overflow = take && stored && full_i === 1;
    let fault = 0;
    if (take && offered.error && !dropping) fault = reasons.line;
    else if (take && !dropping && frame === undefined && byte !== startOfFrame) fault = reasons.start;
    else if (overflow) fault = reasons.overflow;
    else if (frame !== undefined && judge === undefined && late) fault = reasons.timeout;
    else if (decided === "frame" && !good) fault = reasons.checksum;
    else if (decided === "header" && crc8(whole) !== 0) fault = reasons.header;
    else if (decided === "header" && length > MaxPayload) fault = reasons.length;
    const store_o = +(take && stored && !offered.error && !full_i);
    yield {
      inputs: {
        rst_i,
        rx_valid_i: +(offered !== undefined),
        rx_data_i: byte,
        rx_error_i: offered?.error ?? 0,
        full_i,
        complaint_taken_i,
      },
      outputs: {
        rx_ready_o: +ready,
        store_o,
        store_data_o: store_o ? byte : undefined,
        commit_o: +good,
        discard_o: +dropping,
        stop_o: good ? +(whole[1] === operations.stop.code) : undefined,
        complaint_o,
        reason_o: complaint_o ? reason : undefined,
      },
    };
    if (busy > 0) busy--;
    if (take && frame !== undefined) busy = busyCycles;
    if (take) item = items.next();
    const quiet = dropping && idle >= timeout / 8;
    idle = take ? 0 : idle + 1;
    if (complaint_taken_i) complaint_o = 0;
    if (quiet) complaint_o = 1;
    if (quiet) dropping = false;
    else if (fault) {
      [dropping, reason] = [true, fault];
      frame = judge = undefined;
    } else if (decided) {
      judge = undefined;
      if (decided === "frame") frame = undefined;
    } else if (take && !dropping && frame === undefined) frame = [];
    else if (take && frame !== undefined) {
      frame.push(byte);
      if (frame.length === 4) length = frame[2]! + 256 * frame[3]!;
      if (frame.length === bare) judge = "header";
      if (frame.length === bare + length + 4 && frame.length > bare) judge = "frame";
    }
    if (rst_i) {
      dropping = false;
      complaint_o = 0;
      frame = judge = undefined;
    }
  }
};

testUnit({
  module: "snn_link_rx",
  parameters: [
    { MaxPayload: 508, TimeoutBits: 7 },
    { MaxPayload: 1020, TimeoutBits: 9 },
  ],
  cycles,
  breaks: [
    ["(!head_zero || huge_q || too_long)", "(!head_zero || too_long)"],
    ["(!head_zero || huge_q || too_long)", "(!head_zero || huge_q)"],
    ["!crc_busy && match;", "!crc_busy;"],
    ["unleft_q[1:0] != 2'd3", "unleft_q[1:0] != 2'd2"],
    ["late || timer_q[TimeoutBits-3]", "late"],
    ["wire overflow  = take && wanted && full_i;", "wire overflow  = 1'b0;"],
    ["in_frame && late", "1'b0"],
    ["state_q[HUNT] && rx_data_i != START_OF_FRAME", "1'b0"],
    ["stop_q <= rx_data_i == OP_STOP", "stop_q <= 1'b0"],
  ],
});
