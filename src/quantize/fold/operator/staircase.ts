import type { ActivationNode } from "../../../ann/graph.js";
import { elements } from "../../../support/tensor.js";
import type { Builder } from "../builder.js";
import type { Staircase } from "../folded.js";
import type { Value } from "../value.js";
import { asSums, scaledAndShifted } from "./affine.js";

type Clip = Extract<Staircase, { kind: "clip" }>;

/** An activation as gain and offset before a clip; undefined for functions that are not of this form. */
export function clipOf(node: ActivationNode): (Clip & { readonly scale: number; readonly offset: number }) | undefined {
  const clip = (min: number, max: number, scale = 1, offset = 0) =>
    ({ kind: "clip", min, max, scale, offset }) as const;
  const f = node.function;
  switch (f.kind) {
    case "relu":
      return f.negativeSlope === 0 && f.threshold === 0 && (f.maxValue ?? 1) > 0
        ? clip(0, f.maxValue ?? Infinity)
        : undefined;
    case "prelu":
      return f.slope.data.every((slope) => slope === 0) ? clip(0, Infinity) : undefined;
    case "thresholded-relu":
      return f.threshold === 0 ? clip(0, Infinity) : undefined;
    case "clip":
      return f.min <= 0 && f.max > 0 ? clip(f.min, f.max) : undefined;
    case "hard-sigmoid":
      return clip(0, 1, f.slope, f.offset);
    case "affine":
      return clip(-Infinity, Infinity, f.scale, f.offset);
    case "neg":
      return clip(-Infinity, Infinity, -1);
    case "linear":
      return clip(-Infinity, Infinity);
    default:
      return undefined;
  }
}

/** What a blocked activation has in place of a clip. */
export function activationFound(node: ActivationNode): string {
  const f = node.function;
  if (f.kind === "relu" && f.negativeSlope !== 0) return `negative slope ${f.negativeSlope}`;
  if (f.kind === "relu" || f.kind === "thresholded-relu") return `threshold ${f.threshold}`;
  if (f.kind === "clip") return `clip to ${f.min}..${f.max}`;
  return `activation ${f.kind}`;
}

/** Applies an activation that `clipOf` knows: a clip gives every sum its staircase. */
export function activated(node: ActivationNode, value: Value, builder: Builder): Value {
  const { scale, offset, ...clip } = clipOf(node)!;
  if (clip.min === -Infinity && clip.max === Infinity) {
    const same = scale === 1 && offset === 0;
    builder.note(node, "folded", same ? "nothing to do" : "scale and offset in the thresholds and biases");
    return same ? value : scaled(node, value, scale, offset, builder);
  }
  const shifted =
    scale === 1 && offset === 0
      ? value
      : scaled(node, asSums(node.name, node.inputs[0]!, value), scale, offset, builder);
  const idle = clip.min === 0 && clip.max === Infinity;
  const cores = shifted.cores.map((core) => {
    if (core.kind === "layer" && core.nonNegative && idle) return core;
    const sum = core.kind === "pending" ? core : asSums(node.name, node.inputs[0]!, onlyCore(shifted, core)).cores[0]!;
    return sum.kind === "pending" ? builder.materialise(sum, clip) : sum;
  });
  builder.note(node, "folded", clipNote(clip));
  return { ...shifted, cores };
}

/** The scale and offset of an activation whose clip a quantiser behind it takes over. */
export function scaledOnly(node: ActivationNode, value: Value, builder: Builder): Value {
  const { scale, offset } = clipOf(node)!;
  builder.note(node, "folded", "in the levels of the quantiser behind it");
  const same = scale === 1 && offset === 0;
  return same ? value : scaled(node, asSums(node.name, node.inputs[0]!, value), scale, offset, builder);
}

/** The value reduced to one of its cores, other elements 0. */
function onlyCore(value: Value, core: Value["cores"][number]): Value {
  const k = value.cores.indexOf(core);
  const element = value.element.map((e, i) => (value.coreOf[i] === k ? e : -1));
  return { shape: value.shape, cores: [core], coreOf: new Uint16Array(elements(value.shape)), element };
}

function scaled(node: ActivationNode, value: Value, scale: number, offset: number, builder: Builder): Value {
  return scaledAndShifted(
    node,
    value,
    () => scale,
    () => offset,
    builder,
  );
}

function clipNote({ min, max }: Clip): string {
  if (min === 0) return max === Infinity ? "levels begin at 0" : `levels from 0 to ${max}`;
  return `levels from ${min} to ${max}`;
}
