import type { AnnGraph } from "../../../ann/graph.js";
import { refuse } from "../refusal.js";
import { arrange, runtimeOf } from "./arrange.js";
import { Builder, type NodeFields } from "./builder.js";
import type { Call } from "./call.js";
import type { Runtime } from "./value.js";

/** Emits nodes from the name of the first input on; gives the names of the results. */
export type SampleBody = (
  emit: (fields: NodeFields, part?: string, count?: number) => string[],
  inputs: readonly string[],
) => readonly string[];

/** One input of the body: the value, its sample axis and the other axes in the order that the body wants. */
export interface SampleInput {
  readonly value: Runtime;
  readonly batch: number;
  readonly axes: readonly number[];
}

/**
 * Convert an operator that works on samples: with a batch axis of one element its nodes go into the graph, else into the
 * body of a `time-distributed` node over that axis.
 *
 * @returns The stored results; with `rows` their first axis is the batch axis.
 */
export function perSample(
  call: Call,
  inputs: readonly SampleInput[],
  body: SampleBody,
): { readonly stored: readonly string[]; readonly rows: boolean } {
  const { build } = call;
  const rows = inputs.some(({ value, batch }) => value.shape[batch] !== 1);
  if (!rows) {
    const names = inputs.map(({ value, axes }) => arrange(build, value, axes));
    return { stored: body((fields, part, count) => build.emit(fields, part, count), names), rows };
  }
  const names = inputs.map(({ value, batch, axes }) => arrange(build, value, [batch, ...axes]));
  const inner = new Builder();
  inner.begin({ name: call.operator, sourceOp: call.operator, outputs: [] });
  const frames = names.map((name, k) => {
    const frame = `frame${k === 0 ? "" : k}`;
    inner.addInput({ name: frame, shape: build.shapeOf(name).slice(1) });
    return frame;
  });
  const outputs = body((fields, part, count) => inner.emit(fields, part, count), frames);
  const graph: AnnGraph = {
    name: call.operator,
    source: { format: "onnx" },
    inputs: inner.inputs,
    nodes: inner.nodes,
    outputs,
  };
  const fields: NodeFields = { op: "time-distributed", inputs: names, body: graph };
  return { stored: build.emit(fields, undefined, outputs.length), rows };
}

/**
 * Convert an operator of a value `[N, C, ...spatial]` to nodes that want `[...spatial, C]` and give the same form.
 *
 * @param spatial Wanted numbers of spatial axes.
 */
export function channelsLast(
  call: Call,
  value: Runtime,
  body: SampleBody,
  spatial: readonly number[] = [1, 2],
): Runtime {
  const rank = value.shape.length;
  if (!spatial.includes(rank - 2)) {
    throw refuse("spatial-axes", `${rank - 2} spatial axes`, `Use ${spatial.join(" or ")} spatial axes`);
  }
  const axes = [...value.shape.keys()].slice(2).concat(1);
  const { stored, rows } = perSample(call, [{ value, batch: 0, axes }], body);
  return runtimeOf(call.build, stored[0]!, rows ? [0, ...axes] : axes, rank, value.type);
}
