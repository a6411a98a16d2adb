import { failure, type SpikewrightError } from "../../support/diagnostic.js";

/** The error for bytes that are not a well-formed model file. Code `damaged-file`. */
export function damaged(what: string, found: string, wanted: string): SpikewrightError {
  return failure({
    code: "damaged-file",
    message: `Cannot read the ONNX model: ${what}: found ${found}, wanted ${wanted}`,
    found,
    wanted,
    hint: "Export the model again, or check that the file was copied whole",
  });
}
