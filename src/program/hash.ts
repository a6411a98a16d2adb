import type { Program } from "./program.js";

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 (reflected 0x04c11db7, as in zip and Ethernet) of `bytes`, continued from `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

/**
 * Hash of what a program puts into the core's memories: value for the `hash` register, never 0.
 * Names and notes do not count.
 */
export function programHash(program: Program): number {
  const parts = [
    Uint32Array.of(program.needs.lanes, program.words.length, program.thresholds.length),
    program.words,
    program.thresholds,
    program.initials,
    program.weights,
  ];
  const crc = parts.reduce((sum, part) => crc32(littleEndianBytes(part), sum), 0);
  return crc === 0 ? 1 : crc;
}

/** Bytes of an array, least significant first on every machine. */
export function littleEndianBytes(array: Uint32Array | Int32Array | Int8Array): Uint8Array {
  if (array instanceof Int8Array) return new Uint8Array(array.buffer, array.byteOffset, array.length);
  const view = new DataView(new ArrayBuffer(array.length * 4));
  for (let i = 0; i < array.length; i++) view.setUint32(i * 4, array[i]! >>> 0, true);
  return new Uint8Array(view.buffer);
}
