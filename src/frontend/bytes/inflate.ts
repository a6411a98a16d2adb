import { gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { failure } from "../../support/diagnostic.js";

const decoders = { gzip: gunzipSync, zlib: inflateSync, raw: inflateRawSync };

/**
 * Decompress at most `largest` bytes.
 *
 * @param file For messages.
 * @throws `compressed-damaged`, `compressed-too-large`.
 */
export function inflate(bytes: Uint8Array, wrapping: keyof typeof decoders, largest: number, file: string): Uint8Array {
  try {
    return decoders[wrapping](bytes, { maxOutputLength: Math.max(1, largest) });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw failure({
      code: isTooLarge ? "compressed-too-large" : "compressed-damaged",
      message: isTooLarge
        ? `Cannot decompress "${file}": it holds more than ${largest} bytes`
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
