import type { SpikewrightError } from "./diagnostic.js";

/** Two-way stream of bytes to a board, real or virtual. Bytes may be lost, damaged or made up on the way. */
export interface Transport {
  /** What the user calls it, e.g. `/dev/ttyUSB1`. */
  readonly name: string;
  /** Rate of a serial line, bits a second; absent: no line, bytes take no time. */
  readonly baud?: number;
  /** Hands bytes over for sending; rejects when the other side is gone. */
  send(bytes: Uint8Array): Promise<void>;
  /** Sets who gets the bytes that come; one listener at a time. Bytes that come while there is none are lost. */
  onReceive(listener: (bytes: Uint8Array) => void): void;
  /** Sets who is told, once, that the other side has gone; not called after `close`. */
  onLost(listener: (reason: SpikewrightError) => void): void;
  close(): Promise<void>;
}
