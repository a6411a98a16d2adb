import type { AnnNode } from "../../../ann/graph.js";
import type { Shape3 } from "../../graph.js";
import { blocked } from "../blocked.js";
import { type Builder, open } from "../builder.js";
import type { FoldedPool } from "../folded.js";
import { asFeatureMap, type MapPart } from "../layout.js";
import { type Core, featureShape, type LayerCore, type Value } from "../value.js";
import { gain } from "./affine.js";
import { layoutBlocked } from "./linear.js";

/** A pool in explicit numbers over two spatial axes. */
export interface PoolSpec {
  readonly kind: "max" | "average" | "sum";
  readonly window: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number];
}

/**
 * Pools a value. Behind a sum that waits for its staircase a maximum pool waits too: staircases are monotone, so the
 * maximum of the levels is the level of the maximum.
 *
 * @param shape Shape of the result.
 */
export function pooled(node: AnnNode, value: Value, spec: PoolSpec, shape: readonly number[], builder: Builder): Value {
  const map = asFeatureMap(value);
  const outShape = featureShape(spatialShape(shape, value));
  if (map === undefined || outShape === undefined) throw layoutBlocked(node);
  const cores = map.parts.map((part) => {
    const zeros =
      part.top > 0 || part.left > 0 || part.core.shape[0] !== map.shape[0] || part.core.shape[1] !== map.shape[1];
    return poolOfCore(node, part, spec, [outShape[0], outShape[1], part.core.shape[2]], zeros, builder);
  });
  const pixels = outShape[0] * outShape[1];
  const channels = outShape[2];
  const coreOf = new Uint16Array(pixels * channels);
  const element = new Int32Array(pixels * channels).fill(-1);
  map.parts.forEach((part, k) => {
    for (let i = 0; i < element.length; i++) {
      const channel = part.channels[i % channels]!;
      if (channel < 0) continue;
      coreOf[i] = k;
      element[i] = Math.floor(i / channels) * part.core.shape[2] + channel;
    }
  });
  return { shape, cores, coreOf, element };
}

/** The result with as many axes as the value: a global pool may have dropped those of extent 1. */
function spatialShape(shape: readonly number[], value: Value): readonly number[] {
  const missing = value.shape.length - shape.length;
  return [...new Array<number>(Math.max(0, missing)).fill(1), ...shape];
}

function poolOfCore(
  node: AnnNode,
  part: MapPart,
  spec: PoolSpec,
  shape: Shape3,
  zeros: boolean,
  builder: Builder,
): Core {
  const { core } = part;
  const takeMax = spec.kind === "max";
  const padding = [spec.padding[0] + part.top, spec.padding[1] + part.left] as const;
  if (padding[0] >= spec.window[0] || padding[1] >= spec.window[1]) {
    throw blocked(
      node,
      `padding ${padding.join("x")}`,
      "less padding than the window is large",
      "Pad less before this layer",
    );
  }
  const { window, stride } = spec;
  const layer = { kind: "pool", name: node.name, shape, op: takeMax ? "max" : "sum", window, stride, padding } as const;
  const emit = (source: LayerCore): LayerCore => {
    if (takeMax && zeros && !source.nonNegative) {
      throw blocked(
        node,
        "zero padding around values that may be negative",
        "padding inside the pool",
        "Let the pool pad",
      );
    }
    const average = spec.kind === "average" ? 1 / (window[0] * window[1]) : 1;
    const pool: FoldedPool = { ...layer, from: source.name, gain: average };
    return builder.emitPool(pool, source.nonNegative);
  };
  if (core.kind === "layer") return emit(core);
  if (core.affine !== undefined) {
    const { of, scale, offset } = core.affine;
    const inside = !zeros && padding[0] === 0 && padding[1] === 0;
    const passes = takeMax ? !zeros && scale.every((s) => s > 0) : offset.every((o) => o === 0) || inside;
    return passes && (takeMax || spec.kind === "average" || offset.every((o) => o === 0))
      ? gain(core.name, emit(of), scale, offset)
      : emit(builder.materialise(core, open));
  }
  if (takeMax && core.pool === undefined && !zeros) return { ...core, shape, pool: { layer, inner: core.shape } };
  return emit(builder.materialise(core, open));
}
