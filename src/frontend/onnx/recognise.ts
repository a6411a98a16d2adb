import { SpikewrightError } from "../../support/diagnostic.js";
import { WireReader } from "./proto/wire.js";

/** Fields of a `ModelProto`. */
const fields = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]);

/** Whether bytes look like an ONNX model: nothing but the fields of one at the top level, and a graph among them. */
export function isOnnx(bytes: Uint8Array): boolean {
  let hasGraph = false;
  try {
    const reader = new WireReader(bytes);
    while (reader.next()) {
      if (!fields.has(reader.field)) return false;
      hasGraph ||= reader.field === 7;
      reader.skip();
    }
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw error;
    // a file that was cut is still better explained by the reader of its format
    return hasGraph || bytes[0] === 0x08;
  }
  return hasGraph;
}
