import type { TensorRecord } from "./model.js";
import type { Range, WireReader } from "./wire.js";

/** A `TensorProto`; its data stays where it is. */
export function decodeTensor(reader: WireReader): TensorRecord {
  let name = "";
  let elementCode = 0;
  let raw: Range | undefined;
  let location = 0;
  const dims: number[] = [];
  const runs: { field: number; range: Range }[] = [];
  const external = new Map<string, string>();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        reader.int64s(dims);
        break;
      case 2:
        elementCode = reader.int64();
        break;
      case 4:
      case 5:
      case 7:
      case 10:
      case 11:
        runs.push({ field: reader.field, range: reader.run() });
        break;
      case 8:
        name = reader.string();
        break;
      case 9:
        raw = reader.range();
        break;
      case 13:
        decodeEntry(reader.message(), external);
        break;
      case 14:
        location = reader.int64();
        break;
      default:
        reader.skip();
    }
  }
  return { name, dims, elementCode, runs, ...(raw ? { raw } : {}), ...(location === 1 ? { external } : {}) };
}

/** One `StringStringEntryProto` into `into`. */
function decodeEntry(reader: WireReader, into: Map<string, string>): void {
  let key = "";
  let value = "";
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value = reader.string();
    else reader.skip();
  }
  into.set(key, value);
}
