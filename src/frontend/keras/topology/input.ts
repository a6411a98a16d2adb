import { failure } from "../../../support/diagnostic.js";
import { isList, type Json, member } from "../../bytes/json.js";
import type { KerasLayer } from "./topology.js";

/**
 * Batchless shape of an InputLayer (or of a model whose first layer states it), -1 for open extents.
 *
 * @throws `input-shape-missing`.
 */
export function inputExtents(layer: KerasLayer, file: string | undefined): number[] {
  const stated = member(layer.config, "batch_input_shape") ?? member(layer.config, "batch_shape");
  const batchless = isList(stated) ? stated.slice(1) : member(layer.config, "shape");
  const isExtent = (n: Json): boolean =>
    n === null || (typeof n === "number" && Number.isSafeInteger(n) && n > 0 && n < 2 ** 31);
  if (isList(batchless) && batchless.length <= 8 && batchless.every(isExtent))
    return batchless.map((n) => (n === null ? -1 : Number(n)));
  throw failure({
    code: "input-shape-missing",
    message: `Cannot read input "${layer.name}": its shape is ${JSON.stringify(stated ?? null).slice(0, 60)}`,
    place: { ...(file === undefined ? {} : { file }), item: layer.name },
    wanted: "a list of extents with the batch first",
    hint: "Build or call the model once before saving it, so that the file holds its input shape",
  });
}
