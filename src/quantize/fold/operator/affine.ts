import type { AnnNode } from "../../../ann/graph.js";
import { blocked } from "../blocked.js";
import { type Builder, open } from "../builder.js";
import type { FoldedTerm, Watch } from "../folded.js";
import { type Core, type LayerCore, type PendingCore, type Value, withCores } from "../value.js";

/**
 * `value * scale + offset`, element by element, folded into the sums behind the value: the scale into their weights, so
 * that the quantiser puts it into the thresholds, the offset into their bias.
 *
 * @param scaleAt Factor of element `i` of the value; the same for all elements of a core's channel.
 */
export function scaledAndShifted(
  node: AnnNode,
  value: Value,
  scaleAt: (i: number) => number,
  offsetAt: (i: number) => number,
  builder: Builder,
): Value {
  const scales = value.cores.map((core) => new Float64Array(core.shape[2]).fill(Number.NaN));
  const offsets = value.cores.map((core) => new Float64Array(core.shape[2]));
  for (let i = 0; i < value.element.length; i++) {
    const e = value.element[i]!;
    if (e < 0) {
      if (offsetAt(i) !== 0) throw perPositionBlocked(node);
      continue;
    }
    const k = value.coreOf[i]!;
    const channel = e % value.cores[k]!.shape[2];
    if (Number.isNaN(scales[k]![channel]!)) {
      scales[k]![channel] = scaleAt(i);
      offsets[k]![channel] = offsetAt(i);
    } else if (scales[k]![channel] !== scaleAt(i) || offsets[k]![channel] !== offsetAt(i)) {
      throw perPositionBlocked(node);
    }
  }
  const cores = value.cores.map((core, k): Core => {
    const scale = scales[k]!.map((s) => (Number.isNaN(s) ? 1 : s));
    return changed(node, core, scale, offsets[k]!, builder);
  });
  return { ...value, cores };
}

function changed(node: AnnNode, core: Core, scale: Float64Array, offset: Float64Array, builder: Builder): Core {
  if (core.kind === "layer") return gain(node.name, core, scale, offset);
  const watch = changedWatch(core.watch, scale, offset);
  if (core.affine !== undefined) {
    const { of, scale: inner, offset: shift } = core.affine;
    const both = scale.map((s, c) => s * inner[c]!);
    const shifted = offset.map((o, c) => o + scale[c]! * shift[c]!);
    return { ...gain(node.name, of, both, shifted), ...watch };
  }
  if (core.pool !== undefined && scale.some((s) => s <= 0)) {
    return gain(node.name, builder.materialise(core, open), scale, offset);
  }
  return { ...core, ...scaledSum(core, scale, offset), ...watch };
}

/** A sum that is no more than a gain and offset of a layer. */
export function gain(name: string, of: LayerCore, scale: Float64Array, offset: Float64Array): PendingCore {
  const term: FoldedTerm = {
    from: of.name,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    groups: of.shape[2],
    weights: Float32Array.from(scale),
    isGain: true,
    grid: Float64Array.from(scale),
  };
  const { shape } = of;
  return {
    kind: "pending",
    name,
    shape,
    terms: [term],
    bias: Float64Array.from(offset),
    affine: { of, scale, offset },
  };
}

/** Every output channel scaled and shifted. */
function scaledSum(core: PendingCore, scale: Float64Array, offset: Float64Array): Pick<PendingCore, "terms" | "bias"> {
  const channels = scale.length;
  return {
    terms: core.terms.map((term) => ({
      ...term,
      weights: term.weights.map((w, i) => w * scale[i % channels]!),
      ...(term.grid === undefined ? {} : { grid: term.grid.map((g, c) => g * scale[c]!) }),
    })),
    bias: core.bias.map((b, c) => b * scale[c]! + offset[c]!),
  };
}

/** The value to watch stays the same; what is done to it now comes on top. */
function changedWatch(watch: Watch | undefined, scale: Float64Array, offset: Float64Array): { watch?: Watch } {
  if (watch === undefined) return {};
  const before = watch.scale ?? new Float64Array(scale.length).fill(1);
  const shift = watch.offset ?? new Float64Array(scale.length);
  const both = before.map((s, c) => s * scale[c]!);
  return { watch: { ...watch, scale: both, offset: shift.map((o, c) => o * scale[c]! + offset[c]!) } };
}

/** The value with a sum that passes it on in place of every layer, and every sum told which value to watch for it. */
export function asSums(name: string, watched: string, value: Value): Value {
  const sums = withCores(value, (core) => {
    if (core.kind === "pending") return core;
    const channels = core.shape[2];
    return gain(name, core, new Float64Array(channels).fill(1), new Float64Array(channels));
  });
  return withWatches(watched, sums);
}

/** The value with every sum that has nothing to watch yet told to watch the value `name` of the source model. */
export function withWatches(name: string, value: Value): Value {
  return withCores(value, (core, k) => {
    if (core.kind === "layer" || core.watch !== undefined) return core;
    return { ...core, watch: { value: name, neuronOf: value.element.map((e, i) => (value.coreOf[i] === k ? e : -1)) } };
  });
}

function perPositionBlocked(node: AnnNode): Error {
  return blocked(
    node,
    "a scale or offset that differs between positions of a channel",
    "one number a channel",
    "Move it into the preceding layer's weights, or drop it",
  );
}
