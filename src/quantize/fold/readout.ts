import type { AnnGraph } from "../../ann/graph.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import { elements } from "../../support/tensor.js";
import type { Builder } from "./builder.js";
import { asSums, withWatches } from "./operator/affine.js";
import { outputBlocker } from "./reach.js";
import { isWhole, type PendingCore, type Value, wholeValue } from "./value.js";

/** Emits the readout; the blockers if the result has no fitting form. */
export function emitReadout(graph: AnnGraph, result: Value, builder: Builder): readonly Diagnostic[] | undefined {
  const name = graph.outputs[0]!;
  const [core] = result.cores;
  const open = result.cores.length === 1 && core!.kind === "pending" && core!.pool === undefined && isWhole(result);
  if (open) {
    builder.materialise(core as PendingCore, { kind: "none" });
    return undefined;
  }
  const settled = builder.settleAll(result);
  const last =
    settled.cores.length === 1 && isWhole(settled) ? asSums("readout", name, settled) : selection(settled, name);
  if (last === undefined) return [outputBlocker(graph, "a result gathered from several layers")];
  builder.materialise(last.cores[0] as PendingCore, { kind: "none" });
  return undefined;
}

/** A dense layer that passes on the elements of a value, in its order. */
function selection(value: Value, name: string): Value | undefined {
  const outputs = value.element.length;
  const sources = value.cores.map((core) => elements(core.shape));
  if (Math.max(...sources) * outputs > 2 ** 24) return undefined;
  const terms = value.cores.map((core, k) => {
    const weights = new Float32Array(sources[k]! * outputs);
    value.element.forEach((e, i) => {
      if (e >= 0 && value.coreOf[i] === k) weights[e * outputs + i] = 1;
    });
    const from = core.kind === "layer" ? core.name : "";
    const kernel = [core.shape[0], core.shape[1]] as const;
    return { from, kernel, stride: [1, 1], padding: [0, 0], groups: 1, weights, isGain: true } as const;
  });
  const sum: PendingCore = {
    kind: "pending",
    name: "readout",
    shape: [1, 1, outputs],
    terms,
    bias: new Float64Array(outputs),
  };
  return withWatches(name, wholeValue(sum, value.shape));
}
