import { failure } from "../../../support/diagnostic.js";
import type { KerasLayer, KerasModel } from "./topology.js";

export interface OrderedCall {
  readonly layer: KerasLayer;
  readonly call: number;
}

/**
 * All layer calls of a model, each after the calls it takes its inputs from.
 *
 * @throws `topology-invalid` when calls wait for each other.
 */
export function orderedCalls(model: KerasModel, file: string | undefined): OrderedCall[] {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const all = model.layers.flatMap((layer) =>
    (layer.calls.length === 0 ? [0] : [...layer.calls.keys()]).map((call) => ({ layer, call })),
  );
  const keyOf = (name: string, call: number): string => {
    const layer = layers.get(name)!;
    return `${layer.calls.length <= 1 ? 0 : call} ${name}`;
  };
  const waiting = new Map<string, number>();
  const readers = new Map<string, OrderedCall[]>();
  for (const entry of all) {
    const sources = new Set((entry.layer.calls[entry.call] ?? []).map((ref) => keyOf(ref.layer, ref.call)));
    waiting.set(keyOf(entry.layer.name, entry.call), sources.size);
    for (const source of sources) {
      const known = readers.get(source);
      if (known) known.push(entry);
      else readers.set(source, [entry]);
    }
  }
  const ready = all.filter((entry) => waiting.get(keyOf(entry.layer.name, entry.call)) === 0);
  for (let i = 0; i < ready.length; i++) {
    const next = ready[i]!;
    for (const reader of readers.get(keyOf(next.layer.name, next.call)) ?? []) {
      const key = keyOf(reader.layer.name, reader.call);
      const left = waiting.get(key)! - 1;
      waiting.set(key, left);
      if (left === 0) ready.push(reader);
    }
  }
  if (ready.length === all.length) return ready;
  const done = new Set(ready);
  const stuck = all.find((entry) => !done.has(entry))!;
  throw failure({
    code: "topology-invalid",
    message: `Cannot read the layers of "${file ?? model.name}": layer "${stuck.layer.name}" waits for its own result or for one that is not there`,
    place: { ...(file === undefined ? {} : { file }), item: stuck.layer.name },
    hint: "Save the model again with an unchanged Keras",
  });
}
