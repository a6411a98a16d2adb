import { type PacketField, resultBytes, resultFields, runFlags, shortResultFields } from "./packet.js";

/** How `run` is asked for; see `operations.run`. */
export interface RunRequest {
  /** Bits of a value: 1, 2, 4 or 8. */
  readonly bits: number;
  readonly long: boolean;
  readonly repeatable: boolean;
  /** Values that the program waits for. */
  readonly wanted: number;
  /** Results wanted. */
  readonly results: number;
  /** Packed values, every sample from a new byte on. */
  readonly data: Uint8Array;
}

/** One result by field name; `operations`, `spikes` and `stalls` are absent in short ones. */
export interface RunResult {
  readonly status: number;
  readonly decision: number;
  readonly cycles: number;
  readonly operations?: number;
  readonly spikes?: number;
  readonly stalls?: number;
}

/** Bytes of the fields before the values. */
export const runFieldBytes = 5;

export function encodeRun(request: RunRequest): Uint8Array {
  const { bits, wanted, data } = request;
  const flags = Math.log2(bits) | (request.long ? runFlags.long : 0) | (request.repeatable ? runFlags.repeatable : 0);
  const length = request.results * resultBytes(request.long);
  const payload = new Uint8Array(runFieldBytes + data.length);
  payload.set([flags, wanted & 0xff, (wanted >> 8) & 0xff, length & 0xff, length >> 8]);
  payload.set(data, runFieldBytes);
  return payload;
}

export function decodeResults(payload: Uint8Array, long: boolean): RunResult[] {
  const fields = long ? resultFields : resultFields.slice(0, shortResultFields);
  const size = resultBytes(long);
  const count = Math.floor(payload.length / size);
  return Array.from(
    { length: count },
    (_, n) => decodeFields(fields, payload.subarray(n * size)) as unknown as RunResult,
  );
}

/** Packs values of `bits` bits (1, 2, 4 or 8), lowest bits of a byte first. Higher bits of a value are cut. */
export function packValues(values: Uint8Array, bits: number): Uint8Array {
  if (bits === 8) return values;
  const bytes = new Uint8Array(packedBytes(values.length, bits));
  const mask = (1 << bits) - 1;
  for (let i = 0, at = 0; i < values.length; i++, at += bits) bytes[at >> 3]! |= (values[i]! & mask) << (at & 7);
  return bytes;
}

/** Bytes of `count` packed values. */
export function packedBytes(count: number, bits: number): number {
  return Math.ceil((count * bits) / 8);
}

function decodeFields(fields: readonly PacketField[], bytes: Uint8Array): Record<string, number> {
  let at = 0;
  return Object.fromEntries(
    fields.map(({ name, bytes: size }) => {
      let value = 0;
      for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
      at += size;
      return [name, value];
    }),
  );
}
