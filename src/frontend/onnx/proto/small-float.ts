import type { ElementType } from "./element-type.js";

/** How the bits of a small float are laid out and what its special codes mean. */
interface SmallFloat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** `ieee`: top exponent is infinity and NaN; `fn`: only all ones is NaN; `fnuz`: only the code of -0 is NaN; `none`. */
  readonly special: "ieee" | "fn" | "fnuz" | "none";
}

/** See the ONNX notes on float8 and the OCP microscaling formats. */
const formats: Partial<Record<ElementType, SmallFloat>> = {
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, special: "ieee" },
  float8e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, special: "fn" },
  float8e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, special: "fnuz" },
  float8e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, special: "ieee" },
  float8e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, special: "fnuz" },
  float4e2m1: { exponentBits: 2, mantissaBits: 1, bias: 1, special: "none" },
};

function decode(code: number, format: SmallFloat): number {
  const { exponentBits, mantissaBits, bias, special } = format;
  const top = 2 ** exponentBits - 1;
  const ones = 2 ** mantissaBits - 1;
  const negative = code >> (exponentBits + mantissaBits) === 1;
  const exponent = (code >> mantissaBits) & top;
  const mantissa = code & ones;
  if (special === "fnuz" && negative && exponent === 0 && mantissa === 0) return Number.NaN;
  if (special === "fn" && exponent === top && mantissa === ones) return Number.NaN;
  if (special === "ieee" && exponent === top) {
    if (mantissa !== 0) return Number.NaN;
    return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const fraction = mantissa / (ones + 1);
  const magnitude = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  return negative ? -magnitude : magnitude;
}

const tables = new Map<ElementType, Float32Array>();

/** The value of every code of a float type of at most 16 bits, except bfloat16. Every value is exact in float32. */
export function smallFloatTable(type: ElementType): Float32Array {
  const known = tables.get(type);
  if (known) return known;
  let table: Float32Array;
  if (type === "float8e8m0") {
    table = Float32Array.from({ length: 256 }, (_, code) => (code === 255 ? Number.NaN : 2 ** (code - 127)));
  } else {
    const format = formats[type];
    if (!format) throw new Error(`no table for ${type}`);
    const length = 2 ** (1 + format.exponentBits + format.mantissaBits);
    table = Float32Array.from({ length }, (_, code) => decode(code, format));
  }
  tables.set(type, table);
  return table;
}
