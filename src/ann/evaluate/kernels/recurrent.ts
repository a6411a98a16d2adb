import type { RecurrentCell, RecurrentNode } from "../../nodes/recurrent.js";
import { statesOf, unitsOf } from "../../shapes/recurrent.js";
import { type Context, type Prepare, sameBatch, type Value } from "../kernel.js";
import { prepareStep, type State } from "./recurrent-cell.js";

/** What one direction makes: `h` of every frame in time order (or of the last frame alone), and the final state. */
interface DirectionResult {
  readonly result: Value;
  readonly state: State;
}

type Direction = (x: Value, initial: State | undefined) => DirectionResult;

function prepareDirection(cell: RecurrentCell, backward: boolean, sequences: boolean, context: Context): Direction {
  const { tf } = context;
  const units = unitsOf(cell);
  const step = prepareStep(cell, context);
  const features = cell.kernel.shape[0]!;
  return (x, initial) => {
    const [batch, time] = x.shape as [number, number];
    // Cutting a frame off on the WebAssembly back-end copies all of them, so they are cut here. Time goes first: a frame
    // then lies in one piece.
    const numbers = tf.transpose(x, [1, 0, 2]).dataSync() as Float32Array;
    const size = batch * features;
    let state: State = initial ?? Array.from({ length: statesOf(cell) }, () => tf.zeros([batch, units]));
    const outputs: Value[] = [];
    for (let at = 0; at < time; at++) {
      const frame = backward ? time - 1 - at : at;
      const next = tf.tidy(() => {
        const piece = numbers.subarray(frame * size, (frame + 1) * size);
        return [...step(tf.tensor2d(piece, [batch, features]), state)];
      });
      // States are let go as soon as they are used, or long sequences would fill the memory.
      if (at > 0) for (const value of sequences ? state.slice(1) : state) value.dispose();
      state = next;
      if (sequences) outputs.push(state[0]!);
    }
    if (backward) outputs.reverse();
    return { result: sequences ? tf.transpose(tf.stack(outputs), [1, 0, 2]) : state[0]!, state };
  };
}

/** One result of both directions; the second one is absent where there is one direction. */
function merge(node: RecurrentNode, a: Value, b: Value | undefined, { tf }: Context): readonly Value[] {
  if (!b) return [a];
  switch (node.merge) {
    case "concat":
      return [tf.concat([a, b], a.rank - 1)];
    case "sum":
      return [tf.add(a, b)];
    case "multiply":
      return [tf.mul(a, b)];
    case "average":
      return [tf.div(tf.add(a, b), 2)];
    case "none":
      return [a, b];
  }
}

export const prepareRecurrent: Prepare<RecurrentNode> = (node, context) => {
  const { tf } = context;
  const sides = [
    ...(node.forward ? [{ cell: node.forward, backward: false }] : []),
    ...(node.backward ? [{ cell: node.backward, backward: true }] : []),
  ].map(({ cell, backward }) => ({
    states: statesOf(cell),
    run: prepareDirection(cell, backward, node.returnSequences, context),
  }));
  return (inputs) => {
    const [x, ...initial] = sameBatch(tf, inputs);
    const results = sides.map(({ run, states }, at) => {
      const given = initial.length > 0 ? initial.slice(at * states, (at + 1) * states) : undefined;
      return run(x!, given);
    });
    const merged = merge(node, results[0]!.result, results[1]?.result, context);
    const states = node.returnState ? results.flatMap(({ state }) => state) : [];
    return [...merged, ...states];
  };
};
