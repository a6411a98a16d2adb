import { failure } from "../../support/diagnostic.js";
import { elements } from "../../support/tensor.js";
import { size } from "../evaluate/layer.js";
import type { FoldedGraph } from "../fold/folded.js";

/** Raw samples, one after the other, in the layout of the network's input. */
export interface CalibrationData {
  readonly data: Float32Array;
  readonly count: number;
}

/** Most samples used: more gain nothing. */
const mostSamples = 4096;
/** Numbers that the charges of the largest layer may take. */
const mostCharges = 2 ** 27;

/**
 * The samples that calibration uses: all, or as many as memory allows, evenly spread.
 *
 * @throws `wrong-input-size`, `non-finite-input`.
 */
export function chooseSamples(calibration: CalibrationData, folded: FoldedGraph): CalibrationData {
  const { data, count } = calibration;
  const perSample = elements(folded.input.shape);
  const item = folded.input.name;
  if (!Number.isInteger(count) || count < 1 || data.length !== count * perSample) {
    throw failure({
      code: "wrong-input-size",
      message: `Cannot calibrate on ${count} samples of ${data.length} values, wanted ${perSample} values a sample and at least one sample`,
      place: { item },
      found: String(data.length),
      wanted: `${perSample} values a sample`,
      hint: "Give samples of the shape of the network's input",
    });
  }
  const bad = data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw failure({
      code: "non-finite-input",
      message: `Cannot calibrate: value ${bad % perSample} of sample ${Math.floor(bad / perSample)} is not a finite number`,
      place: { item },
      hint: "Remove NaN and infinities from the data",
    });
  }
  const largest = Math.max(...folded.layers.map((layer) => size(layer.shape)));
  const used = Math.min(count, mostSamples, Math.max(1, Math.floor(mostCharges / largest)));
  if (used === count) return calibration;
  const chosen = new Float32Array(used * perSample);
  for (let k = 0; k < used; k++) {
    const sample = Math.floor((k * count) / used);
    chosen.set(data.subarray(sample * perSample, (sample + 1) * perSample), k * perSample);
  }
  return { data: chosen, count: used };
}
