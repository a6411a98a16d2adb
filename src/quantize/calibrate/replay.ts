import { type OpenLayer, openLayer } from "../evaluate/layer.js";
import type { QuantLayer } from "../graph.js";
import type { LevelStore } from "./store.js";

/** Evaluates one layer on the levels of its sources in any calibration sample. */
export interface Replay {
  readonly layer: OpenLayer;
  /** Computes the layer for a sample. */
  run(sample: number): void;
}

/** Prepares the replay of a layer over `samples` samples. */
export function openReplay(layer: QuantLayer, stores: ReadonlyMap<string, LevelStore>, samples: number): Replay {
  const names = new Set(layer.kind === "pool" ? [layer.from] : layer.terms.map((term) => term.from));
  const sources = [...names].map((name) => {
    const { shape, data } = stores.get(name)!;
    return { name, shape, levels: data, data: new Int32Array(data.length / samples) };
  });
  const open = openLayer(layer, (name) => sources.find((source) => source.name === name)!);
  return {
    layer: open,
    run(sample) {
      for (const { levels, data } of sources)
        data.set(levels.subarray(sample * data.length, (sample + 1) * data.length));
      open.run();
    },
  };
}
