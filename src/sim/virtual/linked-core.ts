/** What the link needs of the core behind it. */
export interface LinkedCore {
  hostRead(select: number, address: number): bigint;
  hostWrite(select: number, address: number, value: bigint): void;
  /** Gives input values, at most `wanted`. */
  push(values: Uint8Array): void;
  /** Values that the program still waits for; 0 when it does not wait. */
  readonly wanted: number;
  /** Memories may be used: the program stands still, or waits and has taken no value yet. */
  readonly idle: boolean;
  /** The program neither waits nor stands still. */
  readonly running: boolean;
  /** Times that the program has executed `done`. */
  readonly samples: number;
  /** Goes on until the program waits or stands still, at most about `cycles` clock cycles. */
  run(cycles: number): void;
}
