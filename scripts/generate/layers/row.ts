import type { Model } from "../../../test/quantize/fold/model.js";

/** A kind of layer: its names in each format, and the smallest network that has one. */
export interface LayerRow {
  readonly layer: string;
  readonly keras: string;
  readonly onnx: string;
  /** Adds the layer behind the input `x` of shape `input`; gives the name of its result. */
  readonly input: readonly number[];
  readonly add: (m: Model) => string;
}
