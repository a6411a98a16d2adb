import type { Frame } from "../../arch/frame.js";
import { headerBytes, type Reason, startOfFrame, storedHeaderBytes, trailerBytes } from "../../arch/packet.js";
import { crc8, crc32 } from "../../support/crc.js";

/**
 * Finds frames in a stream of bytes as `hdl/rtl/snn_link_rx.v` does: the first fault of any kind makes everything void
 * until the line has been silent; then there is one complaint, and the next byte must start a frame.
 */
export class FrameReceiver {
  readonly #limit: number;
  readonly #room: () => number;
  readonly #bytes: Uint8Array;
  #length = 0;
  #fault: Reason | undefined;
  #complaint: Reason | undefined;

  /**
   * @param limit Largest payload.
   * @param room Bytes free in the ring, which complete frames share with the one under way.
   */
  constructor(limit: number, room: () => number) {
    this.#limit = limit;
    this.#room = room;
    this.#bytes = new Uint8Array(headerBytes + limit + trailerBytes);
  }

  /** A faulty transmission has ended and was not complained about yet. */
  get complaint(): Reason | undefined {
    return this.#complaint;
  }

  /** Part of a frame has come, or what comes is being dropped. */
  get pending(): boolean {
    return this.#length > 0 || this.#fault !== undefined;
  }

  takeComplaint(): Reason | undefined {
    const complaint = this.#complaint;
    this.#complaint = undefined;
    return complaint;
  }

  /** Takes a byte; returns the frame that it completes. */
  push(byte: number, damaged: boolean): Frame | undefined {
    if (this.#fault) return undefined;
    this.#bytes[this.#length++] = byte;
    const length = this.#length;
    const size = this.#bytes[3]! | (this.#bytes[4]! << 8);
    if (damaged) this.#fault = "line";
    else if (length === 1 && byte !== startOfFrame) this.#fault = "start";
    else if (this.#needsRoom(size) && this.#storedBytes() > this.#room()) this.#fault = "overflow";
    else if (length === headerBytes && crc8(this.#bytes.subarray(1, headerBytes)) !== 0) this.#fault = "header";
    else if (length === headerBytes && size > this.#limit) this.#fault = "length";
    if (this.#fault || length < headerBytes || length < headerBytes + size + trailerBytes) return undefined;
    const end = headerBytes + size;
    const sum = new DataView(this.#bytes.buffer).getUint32(end, true);
    this.#length = 0;
    if (crc32(this.#bytes.subarray(1, end)) !== sum) {
      this.#fault = "checksum";
      return undefined;
    }
    return { sequence: this.#bytes[1]!, operation: this.#bytes[2]!, payload: this.#bytes.slice(headerBytes, end) };
  }

  /** Says that the line has been silent; `long`: so long that a begun frame is given up. */
  quiet(long: boolean): void {
    if (long && this.#length > 0 && !this.#fault) this.#fault = "timeout";
    if (!this.#fault) return;
    this.#complaint = this.#fault;
    this.#fault = undefined;
    this.#length = 0;
  }

  /** The last byte was one that goes into the ring: not the start, not the sums. */
  #needsRoom(size: number): boolean {
    const at = this.#length - 1;
    return (at >= 1 && at < headerBytes - 1) || (at >= headerBytes && at < headerBytes + size);
  }

  #storedBytes(): number {
    const behindHeader = Math.max(0, this.#length - headerBytes);
    return Math.min(this.#length - 1, storedHeaderBytes) + behindHeader;
  }
}
