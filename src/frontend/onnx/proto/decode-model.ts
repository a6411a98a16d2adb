import { damaged } from "../damaged.js";
import { decodeFunction, decodeNode, decodeOpset } from "./decode-node.js";
import { decodeTensor } from "./decode-tensor.js";
import type { Dim, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, TensorRecord, ValueInfo } from "./model.js";
import { WireReader } from "./wire.js";

/**
 * Decode a serialised `ModelProto`. Tensor data stays in `bytes`; sub-graphs of control flow are not decoded.
 *
 * @throws `damaged-file` where the bytes are not a model.
 * See onnx/onnx `onnx/onnx.proto` for the field numbers.
 */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const reader = new WireReader(bytes);
  let irVersion = 0;
  let name = "";
  let version = "";
  let graph: OnnxGraph | undefined;
  const opsets = new Map<string, number>();
  const functions: OnnxFunction[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        irVersion = reader.int64();
        break;
      case 2:
        name = reader.string();
        break;
      case 3:
        version = reader.string();
        break;
      case 7:
        graph = decodeGraph(reader.message());
        break;
      case 8:
        decodeOpset(reader.message(), opsets);
        break;
      case 25:
        functions.push(decodeFunction(reader.message()));
        break;
      default:
        reader.skip();
    }
  }
  if (!graph) throw damaged("contents", "no graph", "a ModelProto with a graph");
  return { irVersion, producer: `${name} ${version}`.trim(), opsets, graph, functions };
}

function decodeGraph(reader: WireReader): OnnxGraph {
  let name = "";
  const nodes: OnnxNode[] = [];
  const initializers: TensorRecord[] = [];
  const sparse: string[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const values: ValueInfo[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        nodes.push(decodeNode(reader.message()));
        break;
      case 2:
        name = reader.string();
        break;
      case 5:
        initializers.push(decodeTensor(reader.message()));
        break;
      case 11:
        inputs.push(decodeValueInfo(reader.message()));
        break;
      case 12:
        outputs.push(decodeValueInfo(reader.message()));
        break;
      case 13:
        values.push(decodeValueInfo(reader.message()));
        break;
      case 15:
        sparse.push(sparseName(reader.message()));
        break;
      default:
        reader.skip();
    }
  }
  return { name, nodes, initializers, sparse, inputs, outputs, values };
}

/** The name of a `SparseTensorProto`: that of its values. */
function sparseName(reader: WireReader): string {
  let name = "";
  while (reader.next()) {
    if (reader.field === 1) name = decodeTensor(reader.message()).name;
    else reader.skip();
  }
  return name;
}

function decodeValueInfo(reader: WireReader): ValueInfo {
  let name = "";
  let type: Omit<ValueInfo, "name"> = { elementCode: 0 };
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) type = decodeType(reader.message());
    else reader.skip();
  }
  return { name, ...type };
}

/** A `TypeProto`: only its tensor form says something. */
function decodeType(reader: WireReader): Omit<ValueInfo, "name"> {
  let elementCode = 0;
  let dims: Dim[] | undefined;
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const tensor = reader.message();
    while (tensor.next()) {
      if (tensor.field === 1) elementCode = tensor.int64();
      else if (tensor.field === 2) dims = decodeShape(tensor.message());
      else tensor.skip();
    }
  }
  return dims ? { elementCode, dims } : { elementCode };
}

function decodeShape(reader: WireReader): Dim[] {
  const dims: Dim[] = [];
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const dim = reader.message();
    let extent: Dim = "";
    while (dim.next()) {
      if (dim.field === 1) extent = dim.int64();
      else if (dim.field === 2) extent = dim.string();
      else dim.skip();
    }
    dims.push(extent);
  }
  return dims;
}
