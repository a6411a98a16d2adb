import { crc8, crc32 } from "../support/crc.js";
import { headerBytes, startOfFrame, trailerBytes } from "./packet.js";

export interface Frame {
  /** 0..255; a reply has that of its request. */
  readonly sequence: number;
  /** 0..255. */
  readonly operation: number;
  /** At most 65535 bytes. */
  readonly payload: Uint8Array;
}

/** Bytes on the wire. */
export function encodeFrame(frame: Frame): Uint8Array {
  const length = frame.payload.length;
  if (length > 0xffff) throw new Error(`payload of ${length} bytes`);
  const bytes = new Uint8Array(headerBytes + length + trailerBytes);
  bytes.set([startOfFrame, frame.sequence, frame.operation, length & 0xff, length >> 8]);
  bytes[headerBytes - 1] = crc8(bytes.subarray(1, headerBytes - 1));
  bytes.set(frame.payload, headerBytes);
  new DataView(bytes.buffer).setUint32(headerBytes + length, crc32(bytes.subarray(1, headerBytes + length)), true);
  return bytes;
}

/**
 * Finds frames in a stream of bytes that may be damaged anywhere. A candidate with a wrong sum costs its first byte
 * only: the search goes on behind it, so no undamaged frame is lost to a damaged neighbour.
 */
export class FrameScanner {
  readonly #limit: number;
  #bytes = new Uint8Array(1024);
  #length = 0;
  #inDamage = false;

  /** @param limit Largest payload that is believed. */
  constructor(limit = 0xffff) {
    this.#limit = limit;
  }

  /** Bytes since the last frame have turned out to belong to none. */
  get damaged(): boolean {
    return this.#inDamage;
  }

  /** Takes bytes as they come and returns the frames that are complete with them; payloads are the caller's. */
  push(bytes: Uint8Array): Frame[] {
    this.#append(bytes);
    return this.#scan();
  }

  /**
   * Says that nothing more will come for the frame that is under way: it is given up, and what came behind its first
   * byte is searched for frames.
   */
  giveUp(): Frame[] {
    const frames: Frame[] = [];
    while (this.#length > 0) {
      this.#skip(1);
      frames.push(...this.#scan());
    }
    this.#inDamage = false;
    return frames;
  }

  #scan(): Frame[] {
    const frames: Frame[] = [];
    for (;;) {
      const start = this.#bytes.subarray(0, this.#length).indexOf(startOfFrame);
      if (start !== 0) this.#skip(start < 0 ? this.#length : start);
      if (this.#length < headerBytes) return frames;
      const view = this.#bytes.subarray(0, this.#length);
      const size = view[3]! | (view[4]! << 8);
      if (crc8(view.subarray(1, headerBytes - 1)) !== view[headerBytes - 1] || size > this.#limit) {
        this.#skip(1);
        continue;
      }
      const end = headerBytes + size + trailerBytes;
      if (this.#length < end) return frames;
      const sum = new DataView(view.buffer).getUint32(headerBytes + size, true);
      if (crc32(view.subarray(1, headerBytes + size)) !== sum) {
        this.#skip(1);
        continue;
      }
      frames.push({ sequence: view[1]!, operation: view[2]!, payload: view.slice(headerBytes, headerBytes + size) });
      this.#inDamage = false;
      this.#drop(end);
    }
  }

  #append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #skip(count: number): void {
    if (count > 0) this.#inDamage = true;
    this.#drop(count);
  }

  #drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
