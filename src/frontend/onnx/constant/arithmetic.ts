import { type ElementType, elementInfo, isInteger } from "../proto/element-type.js";
import { refuse } from "../refusal.js";
import { type Constant, constant, count, isOpen, type Workspace } from "./constant.js";
import { broadcastShapes, broadcastStrides, copyStrided } from "./strides.js";

export type Unary = (x: number) => number;
export type Binary = (x: number, y: number) => number;

/** Apply `f` to every element. Float results are rounded to the type of the result. */
export function mapConstant(c: Constant, f: Unary, workspace: Workspace, type: ElementType = c.type): Constant {
  if (isOpen(c)) throw refuse("open-extent", "arithmetic on an extent that the file leaves open");
  const data = workspace.allocate(type, c.data.length);
  for (let k = 0; k < data.length; k++) data[k] = f(c.data[k]!);
  return constant(type, c.shape, data);
}

/** Apply `f` to the pairs of two broadcast constants. */
export function combine(
  a: Constant,
  b: Constant,
  f: Binary,
  workspace: Workspace,
  type: ElementType = a.type,
): Constant {
  const neutral = openOperand(a, b, f);
  if (neutral) return neutral;
  const shape = broadcastShapes([a.shape, b.shape]);
  const length = count(shape);
  const data = workspace.allocate(type, length);
  const left = spread(a, shape, length, workspace);
  const right = spread(b, shape, length, workspace);
  for (let k = 0; k < length; k++) data[k] = f(left[k]!, right[k]!);
  return constant(type, shape, data);
}

/** The elements of `c` broadcast to `shape`. */
export function spread(c: Constant, shape: readonly number[], length: number, workspace: Workspace) {
  if (c.data.length === length) return c.data;
  const data = workspace.allocate(c.type, length);
  copyStrided(c.data, 0, broadcastStrides(c.shape, shape), shape, data);
  return data;
}

/** An open extent survives a product with one and a sum with zero; all else about it is not known. */
function openOperand(a: Constant, b: Constant, f: Binary): Constant | undefined {
  if (!isOpen(a) && !isOpen(b)) return undefined;
  const [open, other] = isOpen(a) ? [a, b] : [b, a];
  const keeps = (x: number) => (open === a ? f(2, x) === 2 && f(3, x) === 3 : f(x, 2) === 2 && f(x, 3) === 3);
  if (!isOpen(other) && other.shape.length <= open.shape.length && other.data.every(keeps)) return open;
  throw refuse("open-extent", "arithmetic on an extent that the file leaves open", "Export with a fixed length");
}

/** Division as ONNX has it: of integers towards zero. */
export function divide(type: ElementType): Binary {
  if (!isInteger(type)) return (x, y) => x / y;
  return (x, y) => {
    if (y === 0) throw refuse("shape", "a division of integers by zero");
    return Math.trunc(x / y);
  };
}

/** Remainder: of integers with the sign of the divisor, or as in C where `truncated`. */
export function remainder(truncated: boolean): Binary {
  if (truncated) return (x, y) => x % y;
  return (x, y) => {
    if (y === 0) throw refuse("shape", "a division of integers by zero");
    return x - Math.floor(x / y) * y;
  };
}

/** Round to the nearest integer, exact halves to the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const fraction = x - floor;
  if (fraction < 0.5) return floor;
  if (fraction > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The Gauss error function, to double precision where it matters for float32 (|error| < 1.2e-7). */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 2) {
    // Maclaurin series: converges to double precision in this range
    let term = z;
    let sum = z;
    for (let n = 1; n < 60 && Math.abs(term) > 1e-18; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  // continued fraction of the complement, evaluated backwards
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (z + fraction);
  const complement = Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction);
  return Math.sign(x) * (1 - complement);
}

/** Convert to another element type: to integers towards zero, wrapping; to booleans by `x != 0`. */
export function cast(c: Constant, type: ElementType, workspace: Workspace): Constant {
  if (c.type === type) return c;
  const info = elementInfo(type);
  if (info.kind === "other" || (info.kind === "float" && info.bits < 16)) {
    throw refuse("element-type", `a conversion to ${type}`);
  }
  if (isOpen(c)) {
    if (info.kind === "signed" || info.kind === "unsigned") return c;
    throw refuse("open-extent", "arithmetic on an extent that the file leaves open");
  }
  const result = mapConstant(c, converter(type), workspace, type);
  return c.grid && info.kind === "float" ? { ...result, grid: c.grid } : result;
}

function converter(type: ElementType): Unary {
  const info = elementInfo(type);
  if (info.kind === "bool") return (x) => (x === 0 ? 0 : 1);
  if (type === "float16") return roundMantissa(10, -24);
  if (type === "bfloat16") return roundMantissa(7, -133);
  if (info.kind === "float") return (x) => x;
  if (info.bits >= 32) return Math.trunc;
  const modulus = 2 ** info.bits;
  const low = info.kind === "signed" ? -modulus / 2 : 0;
  return (x) => {
    const whole = Math.trunc(x) - low;
    return whole - Math.floor(whole / modulus) * modulus + low;
  };
}

/** Rounding to `bits` bits of mantissa, half to even, with steps of at least `2^lowest`. */
function roundMantissa(bits: number, lowest: number): Unary {
  const limit = bits === 10 ? 65520 : Number.POSITIVE_INFINITY;
  return (x) => {
    if (x === 0 || !Number.isFinite(x)) return x;
    if (Math.abs(x) >= limit) return Math.sign(x) * Number.POSITIVE_INFINITY;
    const exponent = Math.floor(Math.log2(Math.abs(x)));
    const step = 2 ** Math.max(exponent - bits, lowest);
    return roundHalfEven(x / step) * step;
  };
}
