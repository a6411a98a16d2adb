import { type Constant, constant, count, scalarOf } from "./constant/constant.js";
import { levelRange, type RoundingRule } from "./constant/quantize.js";
import { normalAxis } from "./constant/strides.js";
import { type ElementType, elementInfo, elementOfCode, isInteger } from "./proto/element-type.js";
import { refuse } from "./refusal.js";

/** The part of `Attributes` that is needed here. */
interface Options {
  has(name: string): boolean;
  int(name: string, fallback?: number): number;
  flag(name: string, fallback?: boolean): boolean;
  string(name: string, fallback?: string): string;
}

/** QONNX `rounding_mode` by name; the two `HALF` modes say where an exact half goes. */
const roundingModes: Readonly<Record<string, RoundingRule>> = {
  ROUND: "half-even",
  ROUND_HALF_EVEN: "half-even",
  HALF_EVEN: "half-even",
  HALF_UP: "half-away",
  HALF_DOWN: "half-zero",
  UP: "away",
  DOWN: "zero",
  CEIL: "up",
  FLOOR: "down",
};

/** The rounding that `rounding_mode` names. */
export function roundingOf(options: Options, fallback: string): RoundingRule {
  const mode = options.string("rounding_mode", fallback);
  const rule = roundingModes[mode.toUpperCase()];
  if (!rule) throw refuse("rounding", `rounding mode "${mode}"`);
  return rule;
}

/** Width of a QONNX quantiser, which must be one whole number for the whole value. */
export function bitWidthOf(c: Constant): number {
  const first = c.data[0];
  const bits = c.data.every((x) => x === first) ? first : undefined;
  if (bits === undefined || !Number.isInteger(bits) || bits < 1 || bits > 32) {
    throw refuse("bit-width", `bit width [${Array.from(c.data.subarray(0, 4))}], wanted one number in 1..32`);
  }
  return bits;
}

/** Scale or zero point of `QuantizeLinear` and `DequantizeLinear`, shaped so that it broadcasts to the value. */
export function alignParameter(parameter: Constant, shape: readonly number[], options: Options): Constant {
  if (parameter.data.length === 1) return { ...parameter, shape: [] };
  const axis = normalAxis(options.int("axis", 1), shape.length);
  if (parameter.shape.length === shape.length && options.int("block_size", 0) > 0) {
    return inBlocks(parameter, shape, axis, options.int("block_size"));
  }
  if (parameter.shape.length !== 1 || parameter.shape[0] !== shape[axis]) {
    throw refuse("shape", `scales of shape [${parameter.shape}] for axis ${axis} of [${shape}]`);
  }
  return { ...parameter, shape: shape.map((extent, k) => (k === axis ? extent : 1)) };
}

/** A parameter of blocks of `size` elements along `axis`, repeated for every element. */
function inBlocks(parameter: Constant, shape: readonly number[], axis: number, size: number): Constant {
  const wanted = shape.map((extent, k) => (k === axis ? Math.ceil(extent / size) : extent));
  if (parameter.shape.some((extent, k) => extent !== wanted[k])) {
    throw refuse(
      "shape",
      `scales of shape [${parameter.shape}] for blocks of ${size} along axis ${axis} of [${shape}]`,
    );
  }
  const run = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const extent = shape[axis]!;
  const data = Float32Array.from({ length: count(shape) }, (_, k) => {
    const inner = k % run;
    const at = Math.floor(k / run) % extent;
    const outer = Math.floor(k / (run * extent));
    return parameter.data[(outer * wanted[axis]! + Math.floor(at / size)) * run + inner]!;
  });
  return { kind: "constant", type: parameter.type, shape, data };
}

/** The element type of the result of `QuantizeLinear`: of the zero point, else `output_dtype`, else uint8. */
export function quantizedType(zeroPoint: Constant | undefined, options: Options): ElementType {
  const code = options.int("output_dtype", 0);
  const type = zeroPoint?.type ?? (code === 0 ? "uint8" : elementOfCode(code)?.type);
  if (!type || !isInteger(type)) {
    throw refuse("element-type", `quantisation to ${type ?? code}`, "Quantise to integers of at most 16 bits");
  }
  return type;
}

/** Zero point zero. */
export const noZeroPoint: Constant = constant("float32", [], new Float32Array(1));

/** Bits, sign and narrowness of levels in `[low, high]` that are held by a wider integer type, or undefined. */
export function narrowedRange(
  type: ElementType,
  low: number,
  high: number,
): { readonly bits: number; readonly signed: boolean; readonly narrow: boolean } | undefined {
  const signed = low < 0;
  if (signed && elementInfo(type).kind !== "signed") return undefined;
  for (let bits = 1; bits <= elementInfo(type).bits; bits++) {
    for (const narrow of [false, true]) {
      const [first, last] = levelRange(bits, signed, narrow);
      if (first === low && last === high) return { bits, signed, narrow };
    }
  }
  return undefined;
}

/** A scale that must be one positive number. */
export function singleScale(c: Constant, what: string): number {
  const scale = scalarOf(c, what);
  if (!(scale > 0 && Number.isFinite(scale))) throw refuse("scale", `${what} ${scale}, wanted a positive number`);
  return scale;
}

/** Refuses scales that are not positive numbers. */
export function checkScale(scale: Constant): void {
  for (const s of scale.data) {
    if (!(s > 0 && Number.isFinite(s))) throw refuse("scale", `scale ${s}, wanted a positive number`);
  }
}
