import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import type { AnnGraph } from "../../../src/ann/graph.js";
import { inferShapes } from "../../../src/ann/shape.js";
import { up5kW4, up5kW8 } from "../../../src/arch/core-config.js";
import { supportedClasses } from "../../../src/frontend/keras/layers/table.js";
import { nirFields } from "../../../src/frontend/nir/fields.js";
import { operators } from "../../../src/frontend/onnx/operators/table.js";
import { tryMapping } from "../../../src/map/map.js";
import { findBlockers, quantize } from "../../../src/quantize/quantize.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import { elements } from "../../../src/support/tensor.js";
import { Model } from "../../../test/quantize/fold/model.js";
import type { LayerRow } from "./row.js";
import { layerRows, refusedNames } from "./rows.js";

/** What can be done with a layer. */
export interface LayerSupport {
  readonly float: boolean;
  /** `end`: at the end of a network only, left to whoever reads the result. */
  readonly converted: "yes" | "end" | "no";
  /** First of the cores that serves it, and the schedule where that is not `graded`; undefined for none. */
  readonly core: string | undefined;
}

const samples = 16;

/** Runs the smallest network with the layer through evaluation, conversion and mapping. */
export async function supportOf(row: LayerRow): Promise<LayerSupport> {
  const inside = network(row, false);
  const end = network(row, true);
  const data = new Float32Array(samples * elements(row.input)).map((_, i) => (i * 7) % 4);
  const float = await runs(inside, data);
  const isInside = findBlockers(inside).length === 0;
  if (!isInside && findBlockers(end).length > 0) return { float, converted: "no", core: undefined };
  const core = await firstCore(isInside ? inside : end, data);
  return { float, converted: isInside ? "yes" : "end", core };
}

/** The first core that runs a network, in its widths. */
async function firstCore(graph: AnnGraph, data: Float32Array): Promise<string | undefined> {
  for (const schedule of ["graded", "unary"] as const) {
    for (const config of [up5kW4, up5kW8]) {
      const widths = { weightBits: config.weightBits, activationBits: 4 };
      const { quant } = await quantize(graph, { data, count: samples }, widths);
      const { faults } = tryMapping(convertToSpiking(quant), config, { schedule });
      if (faults.length === 0) return schedule === "graded" ? config.name : `${config.name}, ${schedule}`;
    }
  }
  return undefined;
}

/** The layer at the end of a network, or with ReLU (so that levels have no sign by accident) and a dense layer behind it. */
function network(row: LayerRow, isEnd: boolean): AnnGraph {
  const m = new Model(row.input, 2);
  const made = row.add(m);
  if (isEnd) return m.graph(made);
  const shape = inferShapes(m.graph(made)).shapes.get(made)!;
  const flat = shape.length === 1 ? made : m.reshape(made, [elements(shape)]);
  return m.graph(m.dense(isSigned(m) ? flat : m.relu(flat), elements(shape), 3));
}

/** A clip that lets values below 0 through, which ReLU would hide. */
function isSigned(m: Model): boolean {
  const last = m.nodes.at(-1)!;
  return last.op === "activation" && last.function.kind === "clip" && last.function.min < 0;
}

async function runs(graph: AnnGraph, data: Float32Array): Promise<boolean> {
  const evaluator = await openEvaluator(graph, { backend: "cpu" });
  try {
    const results = await evaluator.run(data, samples);
    return [...results.values()].every((result) => result.data.every(Number.isFinite));
  } finally {
    evaluator.dispose();
  }
}

/** The table of the README. @throws when the rows and the readers do not name the same layers. */
export async function layerTable(): Promise<string> {
  const differences = nameDifferences(layerRows);
  if (differences.length > 0) throw new Error(`rows of the layer table: ${differences.join("; ")}`);
  const lines = [
    "| layer | Keras, tfjs | ONNX | float | converted | on core |",
    "| --- | --- | --- | :-: | :-: | :-: |",
  ];
  for (const row of layerRows) {
    const { float, converted, core } = await supportOf(row);
    const cells = [
      row.layer,
      names(row.keras),
      names(row.onnx),
      mark(float),
      convertedMarks[converted],
      core === undefined ? "–" : `\`${core}\``,
    ];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  const nodes = Object.keys(nirFields).sort();
  lines.push(
    "",
    `NIR files are read, inspected, checked, simulated and evaluated in float (${names(nodes.join(" "))}, graphs inside graphs); \`import nir\` quantises them for cores with dynamics; \`export nir\` writes a converted network as ${names("Affine Conv2d SumPool2d IF I")}.`,
    "",
    "Converted: yes = neurons, or part of the thresholds and weights of others; end = as the last layer only, left to whoever reads the result; – = a blocker that `check` names. On core: the first core that runs it with 4-bit activations; cores have no spikes below 0.",
  );
  return lines.join("\n");
}

const convertedMarks = { yes: "yes", end: "end", no: "–" } as const;

function mark(holds: boolean): string {
  return holds ? "yes" : "–";
}

function names(list: string): string {
  return split(list)
    .map((name) => `\`${name.replace(/^(qonnx|com\.microsoft):/, "")}\``)
    .join(" ");
}

function split(list: string): readonly string[] {
  return list.split(" ").filter((name) => name !== "");
}

/** Names that only the rows or only the readers have. */
export function nameDifferences(rows: readonly LayerRow[]): readonly string[] {
  const known = {
    keras: new Set(supportedClasses()),
    onnx: new Set([...operators.keys()].map((name) => name.replace(/^:/, ""))),
  };
  return (["keras", "onnx"] as const).flatMap((format) => {
    const listed = new Set<string>([...rows.flatMap((row) => split(row[format])), ...refusedNames[format]]);
    return [
      ...[...known[format]].filter((name) => !listed.has(name)).map((name) => `${format} ${name} is missing`),
      ...[...listed].filter((name) => !known[format].has(name)).map((name) => `${format} ${name} has no reader`),
    ];
  });
}
