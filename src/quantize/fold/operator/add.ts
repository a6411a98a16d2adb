import type { AnnNode } from "../../../ann/graph.js";
import type { Shape3 } from "../../graph.js";
import { blocked } from "../blocked.js";
import type { Builder } from "../builder.js";
import type { FoldedTerm } from "../folded.js";
import { asFeatureMap, type MapPart } from "../layout.js";
import { featureShape, type PendingCore, rearranged, type Value, wholeValue } from "../value.js";
import { affineOf, layoutBlocked } from "./linear.js";

/**
 * `sum gains[k] * values[k]`: all operands feed one membrane. A sum that still waits for its staircase joins with its own
 * terms; a layer joins with one gain a channel.
 */
export function added(node: AnnNode, values: readonly Value[], gains: readonly number[], builder: Builder): Value {
  const shape = values[0]!.shape;
  if (values.some((value) => value.shape.join() !== shape.join())) {
    throw blocked(node, "operands of different shapes", "operands of one shape", "Make the shapes equal in the model");
  }
  const base = values.find(isOpenSum);
  const target = base?.cores[0]?.shape ?? featureShape(shape);
  if (target === undefined) throw layoutBlocked(node);
  const order = base?.element ?? wholeOrder(target);
  const elementOf = new Int32Array(order.length);
  order.forEach((n, i) => {
    elementOf[n] = i;
  });
  const bias = new Float64Array(target[2]);
  const terms = values.flatMap((value, k): readonly FoldedTerm[] => {
    const [core] = value.cores;
    if (isOpenSum(value) && sameOrder(value.element, order) && core!.shape.join() === target.join()) {
      return joined(core as PendingCore, gains[k]!, bias);
    }
    const inOrder = rearranged(builder.settle(value), target, (n) => elementOf[n]!);
    const map = asFeatureMap(inOrder);
    if (map === undefined) throw layoutBlocked(node);
    return map.parts.map((part) => gainTerm(node, part, target, gains[k]!, bias));
  });
  const name = base?.cores[0]?.kind === "pending" ? base.cores[0].name : node.name;
  const core: PendingCore = { kind: "pending", name, shape: target, terms, bias };
  return { ...wholeValue(core, shape), element: order };
}

/** Whether the value is one sum, each element once, that can still take terms. */
function isOpenSum(value: Value): boolean {
  const [core] = value.cores;
  if (value.cores.length !== 1 || core!.kind !== "pending" || core!.pool !== undefined || core!.affine !== undefined)
    return false;
  if (value.element.length !== core!.shape[0] * core!.shape[1] * core!.shape[2]) return false;
  const seen = new Uint8Array(value.element.length);
  for (const e of value.element) {
    if (e < 0 || seen[e] === 1) return false;
    seen[e] = 1;
  }
  return true;
}

function wholeOrder(shape: Shape3): Int32Array {
  return Int32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => i);
}

function sameOrder(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((e, i) => e === b[i]);
}

function joined(core: PendingCore, gain: number, bias: Float64Array): readonly FoldedTerm[] {
  core.bias.forEach((b, c) => {
    bias[c]! += gain * b;
  });
  return gain === 1
    ? core.terms
    : core.terms.map((term) => ({
        ...term,
        weights: term.weights.map((w) => w * gain),
        ...(term.grid === undefined ? {} : { grid: term.grid.map((g) => g * gain) }),
      }));
}

function gainTerm(node: AnnNode, part: MapPart, target: Shape3, gain: number, bias: Float64Array): FoldedTerm {
  const { of, scale, offset } = affineOf(part.core);
  if (of.shape[0] !== target[0] || of.shape[1] !== target[1]) throw layoutBlocked(node);
  const channels = target[2];
  const straight = of.shape[2] === channels && part.channels.every((channel, c) => channel === c);
  const weights = new Float32Array(straight ? channels : of.shape[2] * channels);
  for (let c = 0; c < channels; c++) {
    const channel = part.channels[c]!;
    if (channel < 0) continue;
    weights[straight ? c : channel * channels + c] = gain * scale[channel]!;
    bias[c]! += gain * offset[channel]!;
  }
  return {
    from: of.name,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    groups: straight ? channels : 1,
    weights,
    isGain: true,
  };
}
