import { constant, count, integers, knownIntegers, scalarOf } from "../constant/constant.js";
import { refuse } from "../refusal.js";
import type { Fold } from "./fold-call.js";
import { input } from "./input.js";

/** `Constant`, `ConstantOfShape`, `Range`, and `Size` and `Shape` of constants. */
export const creationFolds: Readonly<Record<string, Fold>> = {
  ":Constant": ({ attributes, payload }) => {
    const tensor = attributes.tensor("value");
    if (tensor) return [payload(tensor)];
    if (attributes.has("value_int")) return [constant("int64", [], Float64Array.of(attributes.int("value_int")))];
    if (attributes.has("value_float"))
      return [constant("float32", [], Float32Array.of(attributes.float("value_float")))];
    const ints = attributes.ints("value_ints");
    if (ints && attributes.has("value_ints")) return [integers(ints)];
    const floats = attributes.floats("value_floats");
    if (floats && attributes.has("value_floats")) {
      return [constant("float32", [floats.length], Float32Array.from(floats))];
    }
    throw refuse("element-type", "a constant of strings or a sparse constant");
  },

  ":ConstantOfShape": (call) => {
    const shape = knownIntegers(input(call, 0), "the shape");
    const record = call.attributes.tensor("value");
    const value = record ? call.payload(record) : constant("float32", [1], new Float32Array(1));
    const data = call.workspace.allocate(value.type, count(shape));
    data.fill(scalarOf(value, "the value"));
    return [constant(value.type, shape, data)];
  },

  ":Range": (call) => {
    const [first, limit, step] = [0, 1, 2].map((k) => scalarOf(input(call, k), "a bound")) as [number, number, number];
    const length = Math.max(0, Math.ceil((limit - first) / step));
    if (!Number.isFinite(length)) throw refuse("open-extent", "a range without known bounds");
    const { type } = input(call, 0);
    const data = call.workspace.allocate(type, count([length]));
    for (let k = 0; k < length; k++) data[k] = first + k * step;
    return [constant(type, [length], data)];
  },

  ":Shape": (call) => [integers(shapeSlice(input(call, 0).shape, call.attributes))],

  ":Size": (call) => [constant("int64", [], Float64Array.of(input(call, 0).data.length))],
};

/** The extents that `Shape` gives, with its `start` and `end`. */
export function shapeSlice(
  shape: readonly number[],
  attributes: { int(name: string, fallback?: number): number },
): readonly number[] {
  const clamp = (at: number) => Math.max(0, Math.min(shape.length, at < 0 ? at + shape.length : at));
  return shape.slice(clamp(attributes.int("start", 0)), clamp(attributes.int("end", shape.length)));
}
