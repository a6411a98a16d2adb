import { damaged } from "../damaged.js";
import { type ElementInfo, elementOfCode } from "../proto/element-type.js";
import type { TensorRecord } from "../proto/model.js";
import { smallFloatTable } from "../proto/small-float.js";
import { type Range, varintAt, varintEnd } from "../proto/wire.js";
import { refuse } from "../refusal.js";
import { type Constant, constant, count, type NumberArray, storage, type Workspace } from "./constant.js";
import type { ExternalData } from "./external-data.js";

/** What is needed to read the numbers of a tensor. */
export interface PayloadSource {
  readonly bytes: Uint8Array;
  readonly external: ExternalData;
  readonly workspace: Workspace;
}

/**
 * The numbers of a tensor of the file. Little-endian raw data of float32 and of integers up to 32 bits is a view of the
 * file where its alignment allows it.
 *
 * @throws `damaged-file` where the data does not match the shape; the codes of `ExternalData`; a refusal for strings,
 * complex and unknown types.
 */
export function readPayload(record: TensorRecord, source: PayloadSource): Constant {
  const info = elementOfCode(record.elementCode);
  if (!info || info.kind === "other") {
    throw refuse("element-type", `tensor "${record.name}" has elements of type ${info?.type ?? record.elementCode}`);
  }
  for (const dim of record.dims) {
    if (dim < 0) throw damaged(`shape of tensor "${record.name}"`, String(dim), "extents from 0 on");
  }
  const length = count(record.dims);
  const size = Math.ceil((length * info.bits) / 8);
  let data: NumberArray;
  if (record.external) {
    data = decodeRaw(source.external.read(record.name, record.external, size), info, length, source.workspace);
  } else if (record.raw) {
    const { start, end } = record.raw;
    if (end - start !== size) throw wrongSize(record, `${end - start} bytes`, `${size}`);
    data = decodeRaw(source.bytes.subarray(start, end), info, length, source.workspace);
  } else {
    data = decodeRuns(record, source, info, length);
  }
  return constant(info.type, record.dims, data);
}

function wrongSize(record: TensorRecord, found: string, wanted: string) {
  return damaged(`data of tensor "${record.name}" of shape [${record.dims}]`, found, wanted);
}

function decodeRaw(raw: Uint8Array, info: ElementInfo, length: number, workspace: Workspace): NumberArray {
  const store = storage(info.type);
  if (info.bits >= 8 && store.BYTES_PER_ELEMENT * 8 === info.bits && info.kind !== "float" && info.bits < 64) {
    return viewOf(raw, store as typeof Int32Array, length);
  }
  if (info.type === "float32" || info.type === "float64") return viewOf(raw, store as typeof Int32Array, length);
  const data = workspace.allocate(info.type, length);
  if (info.bits === 64) {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    const signed = info.kind === "signed";
    for (let k = 0; k < length; k++) {
      const high = signed ? view.getInt32(8 * k + 4, true) : view.getUint32(8 * k + 4, true);
      data[k] = high * 2 ** 32 + view.getUint32(8 * k, true);
    }
  } else if (info.bits === 16) {
    for (let k = 0; k < length; k++) data[k] = raw[2 * k]! | (raw[2 * k + 1]! << 8);
    decodeCodes(data, info);
  } else {
    const perByte = 8 / info.bits;
    const mask = 2 ** info.bits - 1;
    for (let k = 0; k < length; k++) {
      data[k] = (raw[Math.floor(k / perByte)]! >> ((k % perByte) * info.bits)) & mask;
    }
    decodeCodes(data, info);
  }
  return data;
}

/** A typed view of little-endian bytes, or a copy where they are not aligned. */
function viewOf(raw: Uint8Array, store: typeof Int32Array, length: number): NumberArray {
  const aligned = raw.byteOffset % store.BYTES_PER_ELEMENT === 0;
  if (aligned) return new store(raw.buffer as ArrayBuffer, raw.byteOffset, length);
  return new store(new Uint8Array(raw).buffer, 0, length);
}

const floatBits = new DataView(new ArrayBuffer(4));

/** Bit patterns to numbers, in place, for types that JavaScript has no array for. */
function decodeCodes(data: NumberArray, info: ElementInfo): void {
  if (info.type === "bfloat16") {
    for (let k = 0; k < data.length; k++) {
      floatBits.setUint32(0, (data[k]! & 0xffff) << 16);
      data[k] = floatBits.getFloat32(0);
    }
  } else if (info.kind === "float") {
    const table = smallFloatTable(info.type);
    for (let k = 0; k < data.length; k++) data[k] = table[data[k]! & (table.length - 1)]!;
  } else if (info.kind === "signed" && info.bits < 8) {
    const half = 2 ** (info.bits - 1);
    for (let k = 0; k < data.length; k++) data[k] = ((data[k]! & (2 * half - 1)) ^ half) - half;
  } else if (info.bits < 8) {
    for (let k = 0; k < data.length; k++) data[k] = data[k]! & (2 ** info.bits - 1);
  }
}

/** Bytes of one element of a fixed-size typed field; 0 for variable-length integers. */
const fieldSize: Readonly<Record<number, number>> = { 4: 4, 5: 0, 7: 0, 10: 8, 11: 0 };

function decodeRuns(record: TensorRecord, source: PayloadSource, info: ElementInfo, length: number): NumberArray {
  const field = fieldOf(info);
  const packed = field === 5 && info.bits < 8 ? 8 / info.bits : 1;
  const items = Math.ceil(length / packed);
  let found = 0;
  for (const run of record.runs) if (run.field === field) found += itemsOf(source.bytes, run.range, field);
  if (found !== items) throw wrongSize(record, `${found} numbers in field ${field}`, `${items}`);
  const data = source.workspace.allocate(info.type, length);
  let at = 0;
  for (const run of record.runs) {
    if (run.field === field) at = decodeRun(source.bytes, run.range, field, packed, info.bits, data, at);
  }
  if (field === 5 && (info.bits < 8 || info.kind === "float")) decodeCodes(data, info);
  return data;
}

/** The typed field that holds elements of a type. See the comments of `TensorProto` in `onnx.proto`. */
function fieldOf(info: ElementInfo): number {
  if (info.type === "float32") return 4;
  if (info.type === "float64") return 10;
  if (info.type === "int64") return 7;
  if (info.type === "uint64" || info.type === "uint32") return 11;
  return 5;
}

function itemsOf(bytes: Uint8Array, range: Range, field: number): number {
  const size = fieldSize[field]!;
  if (size > 0) return (range.end - range.start) / size;
  let items = 0;
  for (let at = range.start; at < range.end; at++) if (bytes[at]! < 0x80) items++;
  return items;
}

function decodeRun(
  bytes: Uint8Array,
  range: Range,
  field: number,
  packed: number,
  bits: number,
  data: NumberArray,
  start: number,
): number {
  let at = start;
  if (field === 4 || field === 10) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = fieldSize[field]!;
    for (let k = range.start; k < range.end; k += size) {
      data[at++] = size === 4 ? view.getFloat32(k, true) : view.getFloat64(k, true);
    }
    return at;
  }
  let position = range.start;
  while (position < range.end) {
    const value = varintAt(bytes, position, range.end);
    position = varintEnd;
    if (packed === 1) data[at++] = field === 11 && value < 0 ? value + 2 ** 64 : value;
    else for (let k = 0; k < packed && at < data.length; k++) data[at++] = (value >> (k * bits)) & (2 ** bits - 1);
  }
  return at;
}
