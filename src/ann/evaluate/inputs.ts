import { type Diagnostic, failure, SpikewrightError } from "../../support/diagnostic.js";
import type { Tensor } from "../../support/tensor.js";
import { showShape } from "../finding.js";
import type { AnnGraph, AnnValue } from "../graph.js";
import { agreeShapes, OPEN, type Shape } from "../shapes/extent.js";

/**
 * Samples of one input, one after the other: plain numbers (an open extent follows from their count), or with a shape
 * `[batch, ...]` where more than one extent is open.
 */
export type Samples = Float32Array | Tensor;

/** Samples as they go to the back-end: shape without batch axis. */
export interface BoundInput {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/**
 * Matches samples with the inputs of a graph.
 *
 * @throws `batch-invalid`, `input-missing`, `input-unknown`, `input-size`, `input-not-finite`; all findings at once.
 */
export function bindInputs(
  graph: AnnGraph,
  samples: Samples | Readonly<Record<string, Samples>>,
  batch: number,
): readonly BoundInput[] {
  if (!Number.isInteger(batch) || batch < 1) {
    const found = String(batch);
    throw failure({
      code: "batch-invalid",
      message: `Cannot run a batch of ${found} samples, wanted 1 or more`,
      found,
    });
  }
  const findings: Diagnostic[] = [];
  const named = nameSamples(graph, samples, findings);
  const bound: BoundInput[] = [];
  for (const input of graph.inputs) {
    const given = named.get(input.name);
    if (!given) {
      findings.push(inputFinding("input-missing", input.name, "no samples", `shape ${showShape(input.shape)}`));
      continue;
    }
    const shape = shapeOfSamples(input, given, batch);
    const data = given instanceof Float32Array ? given : given.data;
    if (!shape) {
      const found =
        given instanceof Float32Array
          ? `${data.length} numbers for ${batch} samples`
          : `shape ${showShape(given.shape)} with ${data.length} numbers`;
      findings.push(inputFinding("input-size", input.name, found, `${batch} times ${showShape(input.shape)}`));
    } else if (!allFinite(data)) {
      findings.push(inputFinding("input-not-finite", input.name, "NaN or infinite numbers", "finite numbers"));
    } else bound.push({ name: input.name, shape, data });
  }
  if (findings.length > 0) throw new SpikewrightError(findings);
  return bound;
}

function inputFinding(code: string, name: string, found: string, wanted: string): Diagnostic {
  const message = `Cannot evaluate input ${JSON.stringify(name)}: ${found}, wanted ${wanted}`;
  return { code, severity: "error", message, place: { item: name }, found, wanted };
}

function isSamples(samples: Samples | Readonly<Record<string, Samples>>): samples is Samples {
  return samples instanceof Float32Array || Array.isArray(samples.shape);
}

function nameSamples(
  graph: AnnGraph,
  samples: Samples | Readonly<Record<string, Samples>>,
  findings: Diagnostic[],
): ReadonlyMap<string, Samples> {
  if (isSamples(samples)) return new Map(graph.inputs.slice(0, 1).map((input) => [input.name, samples]));
  const names = graph.inputs.map((input) => input.name);
  for (const name of Object.keys(samples)) {
    if (!names.includes(name)) {
      findings.push(
        inputFinding("input-unknown", name, "no such input", names.map((n) => JSON.stringify(n)).join(", ")),
      );
    }
  }
  return new Map(Object.entries(samples));
}

/** Shape of one sample, or undefined where the numbers do not make up `batch` samples. */
function shapeOfSamples(input: AnnValue, given: Samples, batch: number): Shape | undefined {
  if (!(given instanceof Float32Array)) {
    const shape = agreeShapes([batch, ...input.shape], given.shape);
    const count = given.shape.reduce((product, extent) => product * extent, 1);
    return shape && count > 0 && count === given.data.length ? shape.slice(1) : undefined;
  }
  const known = input.shape.filter((extent) => extent !== OPEN).reduce((product, extent) => product * extent, batch);
  const open = input.shape.filter((extent) => extent === OPEN).length;
  const rest = given.length / known;
  const fits = open === 0 ? rest === 1 : open === 1 && Number.isInteger(rest) && rest >= 1;
  return fits ? input.shape.map((extent) => (extent === OPEN ? rest : extent)) : undefined;
}

function allFinite(data: Float32Array): boolean {
  // A product with zero is 0 for every finite number: one test at the end does for all.
  let sum = 0;
  for (const value of data) sum += value * 0;
  return sum === 0;
}
