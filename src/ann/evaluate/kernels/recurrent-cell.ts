import type { Tensor } from "../../../support/tensor.js";
import type { GruCell, LstmCell, RecurrentCell, SimpleCell } from "../../nodes/recurrent.js";
import { unitsOf } from "../../shapes/recurrent.js";
import type { Context, Value } from "../kernel.js";
import { prepareFunction } from "./activation.js";

/** Values `[batch, units]` that a cell carries from frame to frame: `h`, and `c` for LSTM. */
export type State = readonly Value[];

/** One frame of one direction: the frame `[batch, features]` and the state give the new state. */
export type Step = (frame: Value, state: State) => State;

/** `x * weights + bias`. */
type Product = (x: Value) => Value;

/** The part of a matrix (or of a vector) that belongs to one gate: `units` columns. */
function columnsOf(matrix: Tensor, gate: number, units: number): Tensor {
  const width = matrix.shape.at(-1)!;
  const rows = matrix.data.length / width;
  const data = new Float32Array(rows * units);
  for (let row = 0; row < rows; row++) {
    const from = row * width + gate * units;
    data.set(matrix.data.subarray(from, from + units), row * units);
  }
  return { shape: [...matrix.shape.slice(0, -1), units], data };
}

/**
 * One product a gate. Cutting a common product into gates would cost as much as the product: the back-ends cut the last
 * axis row by row.
 */
function prepareGates(weights: Tensor, bias: Tensor | undefined, units: number, context: Context): Product[] {
  const { tf, parameter } = context;
  return Array.from({ length: weights.shape[1]! / units }, (_, gate): Product => {
    const part = columnsOf(weights, gate, units);
    const b = parameter(part.shape, part.data);
    const offset = bias && parameter([units], columnsOf(bias, gate, units).data);
    return (x) => tf.fused.matMul({ a: x, b, ...(offset && { bias: offset }) }) as Value;
  });
}

/** Holds arguments of activations in `[-clip, clip]`. */
function prepareClip(cell: RecurrentCell, { tf }: Context): (x: Value) => Value {
  const { clip } = cell;
  return clip === undefined ? (x) => x : (x) => tf.clipByValue(x, -clip, clip);
}

function prepareSimple(cell: SimpleCell, context: Context): Step {
  const { tf } = context;
  const [input] = prepareGates(cell.kernel, cell.bias, unitsOf(cell), context);
  const [recur] = prepareGates(cell.recurrentKernel, undefined, unitsOf(cell), context);
  const clip = prepareClip(cell, context);
  const activation = prepareFunction(cell.activation, context);
  return (x, [h]) => [activation(clip(tf.add(input!(x), recur!(h!))))];
}

function prepareLstm(cell: LstmCell, context: Context): Step {
  const { tf } = context;
  const units = unitsOf(cell);
  const [wi, wf, wg, wo] = prepareGates(cell.kernel, cell.bias, units, context);
  const [ui, uf, ug, uo] = prepareGates(cell.recurrentKernel, undefined, units, context);
  const clip = prepareClip(cell, context);
  const gate = prepareFunction(cell.recurrentActivation, context);
  const activation = prepareFunction(cell.activation, context);
  const output = prepareFunction(cell.outputActivation ?? cell.activation, context);
  const [seeI, seeF, seeO] = [0, 1, 2].map((row) => {
    const { peepholes } = cell;
    const weights = peepholes && context.parameter([units], peepholes.data.slice(row * units, (row + 1) * units));
    return (a: Value, c: Value): Value => clip(weights ? tf.add(a, tf.mul(c, weights)) : a);
  });
  return (x, [h, c]) => {
    const i = gate(seeI!(tf.add(wi!(x), ui!(h!)), c!));
    const f = cell.coupled ? tf.sub(1, i) : gate(seeF!(tf.add(wf!(x), uf!(h!)), c!));
    const g = activation(clip(tf.add(wg!(x), ug!(h!))));
    const next = tf.add(tf.mul(f, c!), tf.mul(i, g));
    const o = gate(seeO!(tf.add(wo!(x), uo!(h!)), next));
    return [tf.mul(o, output(next)), next];
  };
}

function prepareGru(cell: GruCell, context: Context): Step {
  const { tf } = context;
  const units = unitsOf(cell);
  const [wz, wr, wg] = prepareGates(cell.kernel, cell.bias, units, context);
  const [uz, ur, ug] = prepareGates(cell.recurrentKernel, cell.recurrentBias, units, context);
  const clip = prepareClip(cell, context);
  const gate = prepareFunction(cell.recurrentActivation, context);
  const activation = prepareFunction(cell.activation, context);
  return (x, [h]) => {
    const z = gate(clip(tf.add(wz!(x), uz!(h!))));
    const r = gate(clip(tf.add(wr!(x), ur!(h!))));
    const recurrent = cell.resetAfter ? tf.mul(r, ug!(h!)) : ug!(tf.mul(r, h!));
    const g = activation(clip(tf.add(wg!(x), recurrent)));
    return [tf.add(tf.mul(z, h!), tf.mul(tf.sub(1, z), g))];
  };
}

/** Puts the weights of a cell on the back-end. */
export function prepareStep(cell: RecurrentCell, context: Context): Step {
  switch (cell.kind) {
    case "simple":
      return prepareSimple(cell, context);
    case "lstm":
      return prepareLstm(cell, context);
    case "gru":
      return prepareGru(cell, context);
  }
}
