/** Element types of ONNX tensors by their name here. */
export type ElementType =
  | "float32"
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "int32"
  | "int64"
  | "string"
  | "bool"
  | "float16"
  | "float64"
  | "uint32"
  | "uint64"
  | "complex64"
  | "complex128"
  | "bfloat16"
  | "float8e4m3fn"
  | "float8e4m3fnuz"
  | "float8e5m2"
  | "float8e5m2fnuz"
  | "uint4"
  | "int4"
  | "float4e2m1"
  | "float8e8m0"
  | "uint2"
  | "int2";

export interface ElementInfo {
  readonly type: ElementType;
  /** Bits of one element in raw data. */
  readonly bits: number;
  readonly kind: "float" | "signed" | "unsigned" | "bool" | "other";
}

/** By the code of `TensorProto.DataType`; 0 is undefined. See onnx/onnx `onnx/onnx.proto`. */
const byCode: readonly (ElementInfo | undefined)[] = [
  undefined,
  { type: "float32", bits: 32, kind: "float" },
  { type: "uint8", bits: 8, kind: "unsigned" },
  { type: "int8", bits: 8, kind: "signed" },
  { type: "uint16", bits: 16, kind: "unsigned" },
  { type: "int16", bits: 16, kind: "signed" },
  { type: "int32", bits: 32, kind: "signed" },
  { type: "int64", bits: 64, kind: "signed" },
  { type: "string", bits: 0, kind: "other" },
  { type: "bool", bits: 8, kind: "bool" },
  { type: "float16", bits: 16, kind: "float" },
  { type: "float64", bits: 64, kind: "float" },
  { type: "uint32", bits: 32, kind: "unsigned" },
  { type: "uint64", bits: 64, kind: "unsigned" },
  { type: "complex64", bits: 64, kind: "other" },
  { type: "complex128", bits: 128, kind: "other" },
  { type: "bfloat16", bits: 16, kind: "float" },
  { type: "float8e4m3fn", bits: 8, kind: "float" },
  { type: "float8e4m3fnuz", bits: 8, kind: "float" },
  { type: "float8e5m2", bits: 8, kind: "float" },
  { type: "float8e5m2fnuz", bits: 8, kind: "float" },
  { type: "uint4", bits: 4, kind: "unsigned" },
  { type: "int4", bits: 4, kind: "signed" },
  { type: "float4e2m1", bits: 4, kind: "float" },
  { type: "float8e8m0", bits: 8, kind: "float" },
  { type: "uint2", bits: 2, kind: "unsigned" },
  { type: "int2", bits: 2, kind: "signed" },
];

const byType = new Map(byCode.flatMap((info) => (info ? [[info.type, info] as const] : [])));

/** The element type with the code of a file, or undefined where the code is not known. */
export function elementOfCode(code: number): ElementInfo | undefined {
  return byCode[code];
}

export function elementInfo(type: ElementType): ElementInfo {
  return byType.get(type)!;
}

/** Signed and unsigned integers; not booleans. */
export function isInteger(type: ElementType): boolean {
  const { kind } = elementInfo(type);
  return kind === "signed" || kind === "unsigned";
}
