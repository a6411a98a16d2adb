import { encodeFrame } from "../../arch/frame.js";
import { operations, type PacketField, replyBit, resultFields, runFlags } from "../../arch/packet.js";

/** Bytes of a reply frame with so many bytes of payload. */
export function replySize(payload: number): number {
  return encodeFrame({ sequence: 0, operation: replyBit, payload: new Uint8Array(payload) }).length;
}

/** `write`: words of a memory, little endian. */
export function writeFrame(sequence: number, memory: number, address: number, data: Uint8Array): Uint8Array {
  return request(sequence, operations.write, [memory, address], data);
}

/** `read`: `length` bytes of words. */
export function readFrame(sequence: number, memory: number, address: number, length: number): Uint8Array {
  return request(sequence, operations.read, [memory, address, length]);
}

/** `stop`. */
export function stopFrame(sequence: number): Uint8Array {
  return request(sequence, operations.stop, []);
}

/**
 * `run` for one sample or the rest of one, with a long result.
 *
 * @param wanted Values that the program waits for.
 * @param bits Of a value: 1, 2, 4 or 8.
 * @param length Bytes of the reply.
 */
export function runFrame(sequence: number, wanted: number, bits: number, length: number, data: Uint8Array): Uint8Array {
  const flags = Math.log2(bits) | runFlags.long;
  return request(sequence, operations.run, [flags, wanted & 0xffff, length], data);
}

/** Values of a long result by name. */
export function readResult(payload: Uint8Array): Readonly<Record<string, number>> {
  let at = 0;
  return Object.fromEntries(
    resultFields.map(({ name, bytes }) => {
      let value = 0;
      for (let i = bytes - 1; i >= 0; i--) value = value * 256 + payload[at + i]!;
      at += bytes;
      return [name, value];
    }),
  );
}

/** Pack values of `bits` bits, lowest bits first. */
export function packValues(values: Uint8Array, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((values.length * bits) / 8));
  values.forEach((value, i) => {
    bytes[(i * bits) >> 3]! |= value << ((i * bits) & 7);
  });
  return bytes;
}

function request(
  sequence: number,
  operation: { readonly code: number; readonly fields: readonly PacketField[] },
  values: readonly number[],
  data: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const head = operation.fields.flatMap(({ bytes }, i) =>
    Array.from({ length: bytes }, (_, b) => Math.floor(values[i]! / 256 ** b) & 0xff),
  );
  const payload = new Uint8Array(head.length + data.length);
  payload.set(head);
  payload.set(data, head.length);
  return encodeFrame({ sequence, operation: operation.code, payload });
}
