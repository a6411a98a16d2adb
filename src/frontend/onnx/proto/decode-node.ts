import { decodeTensor } from "./decode-tensor.js";
import type { OnnxAttribute, OnnxFunction, OnnxNode, TensorRecord } from "./model.js";
import type { WireReader } from "./wire.js";

/** A `NodeProto`. The domain `ai.onnx` is the standard domain "". */
export function decodeNode(reader: WireReader): OnnxNode {
  let name = "";
  let operator = "";
  let domain = "";
  let overload = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        inputs.push(reader.string());
        break;
      case 2:
        outputs.push(reader.string());
        break;
      case 3:
        name = reader.string();
        break;
      case 4:
        operator = reader.string();
        break;
      case 5: {
        const attribute = decodeAttribute(reader.message());
        attributes.set(attribute.name, attribute);
        break;
      }
      case 7:
        domain = standardDomain(reader.string());
        break;
      case 8:
        overload = reader.string();
        break;
      default:
        reader.skip();
    }
  }
  return { name, operator, domain, overload, inputs, outputs, attributes };
}

/** A `FunctionProto`. */
export function decodeFunction(reader: WireReader): OnnxFunction {
  let name = "";
  let domain = "";
  let overload = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const defaults = new Map<string, OnnxAttribute>();
  const opsets = new Map<string, number>();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        name = reader.string();
        break;
      case 4:
        inputs.push(reader.string());
        break;
      case 5:
        outputs.push(reader.string());
        break;
      case 7:
        nodes.push(decodeNode(reader.message()));
        break;
      case 9:
        decodeOpset(reader.message(), opsets);
        break;
      case 10:
        domain = standardDomain(reader.string());
        break;
      case 11: {
        const attribute = decodeAttribute(reader.message());
        defaults.set(attribute.name, attribute);
        break;
      }
      case 13:
        overload = reader.string();
        break;
      default:
        reader.skip();
    }
  }
  return { name, domain, overload, inputs, outputs, defaults, nodes, opsets };
}

/** An `OperatorSetIdProto` into `into`. */
export function decodeOpset(reader: WireReader, into: Map<string, number>): void {
  let domain = "";
  let version = 0;
  while (reader.next()) {
    if (reader.field === 1) domain = standardDomain(reader.string());
    else if (reader.field === 2) version = reader.int64();
    else reader.skip();
  }
  into.set(domain, version);
}

function standardDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

function decodeAttribute(reader: WireReader): OnnxAttribute {
  let name = "";
  let float: number | undefined;
  let int: number | undefined;
  let string: string | undefined;
  let tensor: TensorRecord | undefined;
  let other = false;
  let reference = "";
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        name = reader.string();
        break;
      case 2:
        float = reader.float();
        break;
      case 3:
        int = reader.int64();
        break;
      case 4:
        string = reader.string();
        break;
      case 5:
        tensor = decodeTensor(reader.message());
        break;
      case 7:
        reader.floats(floats);
        break;
      case 8:
        reader.int64s(ints);
        break;
      case 9:
        strings.push(reader.string());
        break;
      case 6:
      case 10:
      case 11:
      case 14:
      case 15:
      case 22:
      case 23:
        other = true;
        reader.skip();
        break;
      case 20: {
        // a writer of the third protobuf version leaves out a value of zero
        const type = reader.int64();
        if (type === 1) float ??= 0;
        else if (type === 2) int ??= 0;
        else if (type === 3) string ??= "";
        break;
      }
      case 21:
        reference = reader.string();
        break;
      default:
        reader.skip();
    }
  }
  return {
    name,
    floats,
    ints,
    strings,
    other,
    reference,
    ...(float === undefined ? {} : { float }),
    ...(int === undefined ? {} : { int }),
    ...(string === undefined ? {} : { string }),
    ...(tensor === undefined ? {} : { tensor }),
  };
}
