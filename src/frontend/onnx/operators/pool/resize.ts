import type { UpsampleNode } from "../../../../ann/graph.js";
import { knownIntegers } from "../../constant/constant.js";
import { normalAxes } from "../../constant/strides.js";
import { type Call, type Operator, optionalConstant, runtimeInput } from "../../import/call.js";
import { channelsLast } from "../../import/per-sample.js";
import type { Runtime } from "../../import/value.js";
import { refuse } from "../../refusal.js";

const coordinateModes: Readonly<Record<string, UpsampleNode["coordinates"]>> = {
  asymmetric: "asymmetric",
  half_pixel: "half-pixel",
  pytorch_half_pixel: "pytorch-half-pixel",
  align_corners: "align-corners",
};

const roundingModes: Readonly<Record<string, UpsampleNode["rounding"]>> = {
  round_prefer_floor: "half-down",
  round_prefer_ceil: "half-up",
  floor: "floor",
  ceil: "ceil",
};

function upsample(
  call: Call,
  x: Runtime,
  scales: readonly number[],
  coordinates: UpsampleNode["coordinates"],
  rounding: UpsampleNode["rounding"],
): Runtime {
  const mode = call.attributes.string("mode", "nearest");
  if (mode !== "nearest" && mode !== "linear") throw refuse("attribute", `interpolation "${mode}"`, "Use nearest");
  if (scales.length !== x.shape.length || scales[0] !== 1 || scales[1] !== 1) {
    throw refuse("shape", `scales [${scales}] of a value [${x.shape}]`, "Scale spatial axes only");
  }
  const spatial = scales.slice(2);
  return channelsLast(call, x, (emit, inputs) =>
    emit({ op: "upsample", inputs, mode, scales: spatial, coordinates, rounding }),
  );
}

/** `Upsample` (versions 7 and 9) and `Resize` version 10: asymmetric, rounding down. */
const early =
  (scalesInput: number): Operator =>
  (call) => {
    const scales =
      call.attributes.floats("scales") ?? Array.from(optionalConstant(call, scalesInput, "the scales")?.data ?? []);
    return [upsample(call, runtimeInput(call, 0), scales, "asymmetric", "floor")];
  };

const resize: Operator = (call) => {
  if (call.version < 11) return early(1)(call);
  const { attributes } = call;
  const x = runtimeInput(call, 0);
  const coordinates = coordinateModes[attributes.string("coordinate_transformation_mode", "half_pixel")];
  const rounding = roundingModes[attributes.string("nearest_mode", "round_prefer_floor")];
  if (
    !coordinates ||
    !rounding ||
    attributes.flag("antialias") ||
    attributes.string("keep_aspect_ratio_policy", "stretch") !== "stretch"
  ) {
    throw refuse("attribute", "a coordinate mode, aspect policy or antialiasing that has no counterpart");
  }
  const named = normalAxes(attributes.ints("axes") ?? [...x.shape.keys()], x.shape.length);
  const scales = x.shape.map(() => 1);
  const given = optionalConstant(call, 2, "the scales");
  const sizes = optionalConstant(call, 3, "the sizes");
  if (given && given.data.length > 0) {
    if (given.data.length !== named.length)
      throw refuse("shape", `${given.data.length} scales for ${named.length} axes`);
    named.forEach((axis, k) => {
      scales[axis] = given.data[k]!;
    });
  } else if (sizes) {
    knownIntegers(sizes, "the sizes").forEach((size, k) => {
      const axis = named[k]!;
      scales[axis] = scaleFor(x.shape[axis]!, size);
    });
  } else throw refuse("input", "neither scales nor sizes");
  return [upsample(call, x, scales, coordinates, rounding)];
};

/** The factor from `extent` to `size`, such that `floor(extent * factor)` is `size`. */
function scaleFor(extent: number, size: number): number {
  if (extent < 0) throw refuse("open-extent", "an open extent resized to a given size");
  const scale = size / extent;
  if (Math.floor(extent * scale) !== size) throw refuse("shape", `${extent} elements resized to ${size}`);
  return scale;
}

export const resizeOperators: Readonly<Record<string, Operator>> = { ":Resize": resize, ":Upsample": early(1) };
