const table8 = makeTable(0xe0);
const table32 = makeTable(0xedb88320);

/**
 * CRC-8/ROHC: x^8 + x^2 + x + 1, reflected, starting at 0xff. Guards the header of a link frame.
 *
 * @example
 * ```ts
 * crc8(new TextEncoder().encode("123456789")); // 0xd0
 * ```
 */
export function crc8(bytes: Uint8Array): number {
  let crc = 0xff;
  for (let i = 0; i < bytes.length; i++) crc = table8[crc ^ bytes[i]!]!;
  return crc;
}

/**
 * CRC-32 of IEEE 802.3, as in zip and PNG.
 *
 * @param before Sum of the bytes before `bytes`, to go on with.
 *
 * @example
 * ```ts
 * crc32(new TextEncoder().encode("123456789")); // 0xcbf43926
 * ```
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = table32[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** One reflected division step for each byte value. */
function makeTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
}
