import { gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { failure } from "../../support/diagnostic.js";

const decoders = { gzip: gunzipSync, zlib: inflateSync, raw: inflateRawSync };

/** Bytes that any file may hold, and times its size that it may hold besides: real data shrink 2 to 20 times. */
const [freeBytes, largestRatio] = [12 * 2 ** 20, 64];

/**
 * Decompress at most `largest` bytes, and no more than 12 MiB and 64 times the compressed size: a file of a few bytes can
 * hold a thousand times as many.
 *
 * @param file For messages.
 * @throws `compressed-damaged`, `compressed-too-large`.
 */
export function inflate(bytes: Uint8Array, wrapping: keyof typeof decoders, largest: number, file: string): Uint8Array {
  const most = Math.min(largest, freeBytes + largestRatio * bytes.length);
  try {
    return decoders[wrapping](bytes, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw failure({
      code: isTooLarge ? "compressed-too-large" : "compressed-damaged",
      message: isTooLarge
        ? `Cannot decompress "${file}": it holds more than ${most} bytes`
        : `Cannot decompress "${file}": ${error instanceof Error ? error.message : String(error)}`,
      place: { file },
      hint: isTooLarge
        ? "Split the data, or decompress it first"
        : "Copy or download the file again; it is damaged or incomplete",
    });
  }
}

/** Whether `bytes` start like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}
