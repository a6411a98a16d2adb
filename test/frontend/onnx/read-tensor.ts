import { type Constant, Workspace } from "../../../src/frontend/onnx/constant/constant.js";
import { ExternalData } from "../../../src/frontend/onnx/constant/external-data.js";
import { readPayload } from "../../../src/frontend/onnx/constant/payload.js";
import { decodeTensor } from "../../../src/frontend/onnx/proto/decode-tensor.js";
import { WireReader } from "../../../src/frontend/onnx/proto/wire.js";

/**
 * Read a serialised `TensorProto`, as test data of ONNX models comes.
 *
 * @throws `damaged-file`; a refusal for types without numbers.
 */
export function readOnnxTensor(bytes: Uint8Array): Constant {
  const workspace = new Workspace(64 * bytes.length + 2 ** 20);
  return readPayload(decodeTensor(new WireReader(bytes)), { bytes, external: new ExternalData({}), workspace });
}
