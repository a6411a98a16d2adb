import type { BipolarQuantNode, MultiThresholdNode, QuantNode, Rounding } from "../../nodes/staircase.js";
import type { Prepare, Value } from "../kernel.js";
import type { Tensorflow } from "../tensorflow.js";

/** `floor` or `ceil` of magnitudes, with the sign put back. */
function byMagnitude(tf: Tensorflow, x: Value, round: (magnitude: Value) => Value): Value {
  return tf.mul(tf.sign(x), round(tf.abs(x)));
}

/** Floor of x, one more where the fraction is at least one half. `floor(x + 0.5)` would round twice near 2^23. */
function halfUp(tf: Tensorflow, x: Value): Value {
  const down = tf.floor(x);
  return tf.add(down, tf.cast(tf.greaterEqual(tf.sub(x, down), 0.5), "float32"));
}

/** Ceiling of x, one less where the missing fraction is at least one half. */
function halfDown(tf: Tensorflow, x: Value): Value {
  const up = tf.ceil(x);
  return tf.sub(up, tf.cast(tf.greaterEqual(tf.sub(up, x), 0.5), "float32"));
}

const roundings: Readonly<Record<Rounding, (tf: Tensorflow, x: Value) => Value>> = {
  "half-even": (tf, x) => tf.round(x),
  "half-up": halfUp,
  "half-away": (tf, x) => byMagnitude(tf, x, (magnitude) => halfUp(tf, magnitude)),
  "half-zero": (tf, x) => byMagnitude(tf, x, (magnitude) => halfDown(tf, magnitude)),
  up: (tf, x) => tf.ceil(x),
  down: (tf, x) => tf.floor(x),
  away: (tf, x) => byMagnitude(tf, x, (magnitude) => tf.ceil(magnitude)),
  zero: (tf, x) => byMagnitude(tf, x, (magnitude) => tf.floor(magnitude)),
};

/** Smallest and largest level of a staircase of `bits`, 1..32. */
function levelRange(bits: number, signed: boolean, narrow: boolean): readonly [low: number, high: number] {
  if (!signed) return [0, 2 ** bits - (narrow ? 2 : 1)];
  return [-(2 ** (bits - 1)) + (narrow ? 1 : 0), 2 ** (bits - 1) - 1];
}

export const prepareQuant: Prepare<QuantNode> = (node, { tf, parameter }) => {
  const { bitWidth } = node;
  const ranges = [...bitWidth.data].map((bits) => levelRange(bits, node.signed, node.narrow));
  const scale = parameter(node.scale.shape, node.scale.data);
  const zero = parameter(node.zeroPoint.shape, node.zeroPoint.data);
  const low = parameter(
    bitWidth.shape,
    Float32Array.from(ranges, (range) => range[0]),
  );
  const high = parameter(
    bitWidth.shape,
    Float32Array.from(ranges, (range) => range[1]),
  );
  return ([x]) => {
    const round = roundings[node.rounding];
    const steps = tf.div(x!, scale);
    const shifted = node.shiftFirst ? round(tf, tf.add(steps, zero)) : tf.add(round(tf, steps), zero);
    const level = tf.minimum(tf.maximum(shifted, low), high);
    return [node.result === "level" ? level : tf.mul(tf.sub(level, zero), scale)];
  };
};

export const prepareBipolarQuant: Prepare<BipolarQuantNode> = (node, { tf, parameter }) => {
  const scale = parameter(node.scale.shape, node.scale.data);
  return ([x]) => [tf.where(tf.greaterEqual(x!, 0), scale, tf.neg(scale))];
};

/** Number of elements of the ascending `row` (`length` elements from `start`) that are at most `x`. */
function countReached(row: Float32Array, start: number, length: number, x: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[start + middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const prepareMultiThreshold: Prepare<MultiThresholdNode> = (node, { tf }) => {
  const { data, shape } = node.thresholds;
  const [rows, steps] = shape as [number, number];
  return ([x]) => {
    // A search a number beats comparing every number with every threshold, so this runs here and not on the back-end.
    const values = x!.dataSync() as Float32Array;
    const channels = rows === 1 ? 1 : x!.shape.at(-1)!;
    const result = new Float32Array(values.length);
    for (let at = 0; at < values.length; at++) {
      result[at] = node.outScale * countReached(data, (at % channels) * steps, steps, values[at]!) + node.outBias;
    }
    return [tf.tensor(result, x!.shape, "float32")];
  };
};
