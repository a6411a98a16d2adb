import type { NeuronDynamics } from "../../../arch/dynamics/neuron.js";
import { failure, SpikewrightError } from "../../../support/diagnostic.js";
import { packArchive, unpackArchive } from "../../file/archive.js";
import { ParameterReader, writeParameters } from "../../file/parameters.js";
import type { SampleEncoding } from "../encoding.js";
import type { DynamicsGraph, DynamicsPopulation, DynamicsProjection, SynapseMatrix } from "../graph.js";
import { verifyDynamicsGraph } from "../verify/verify.js";
import { type DynamicsManifest, dynamicsManifestSchema, dynamicsVersion } from "./manifest.js";

/** A network with dynamics and how it is used, as NET.spk holds it. */
export interface DynamicsNetwork {
  readonly graph: DynamicsGraph;
  /** How raw values of data become samples. */
  readonly encoding: SampleEncoding;
  /** Class of each neuron of the readout, -1 for none: the decision is the class of the neuron. */
  readonly classes?: readonly number[];
  /** Names of the classes. */
  readonly labels?: readonly string[];
  /** Where it comes from: format, producer and file. */
  readonly source: { readonly format: string; readonly producer?: string; readonly file?: string };
}

const manifestName = "manifest.json";
const parametersName = "parameters.bin";
/** Bytes that each may have. */
const limits = { [manifestName]: 2 ** 24, [parametersName]: 2 ** 28 };
const neuronFields = ["vThreshold", "bias", "vReset", "leak", "refractory"] as const;

/**
 * NET.spk: a zip archive of `manifest.json` and `parameters.bin`. The latter holds, population by population, the fields of
 * the neurons (4 bytes each: all thresholds, all biases, …), then, projection by projection, source and target neurons of
 * sparse synapses (4 bytes each), weights (1 byte), delays and which synapses learn (1 byte each), where there are such.
 * The same network gives the same bytes.
 */
export function writeDynamics({ graph, encoding, classes, labels, source }: DynamicsNetwork): Uint8Array {
  const manifest: DynamicsManifest = {
    ...graph,
    format: "spikewright-dynamics",
    version: dynamicsVersion,
    encoding,
    inputs: [...graph.inputs],
    populations: graph.populations.map((population) => ({ ...population, neurons: population.neurons.length })),
    projections: graph.projections.map(describeProjection),
    ...(classes && { classes: [...classes] }),
    ...(labels && { labels: [...labels] }),
    source,
  };
  // Through the schema, so that key order does not depend on who built the network.
  const checked = dynamicsManifestSchema.parse(manifest);
  const arrays = [
    ...graph.populations.flatMap(({ neurons }) => columnsOf(neurons)),
    ...graph.projections.flatMap(arraysOf),
  ];
  return packArchive({
    [manifestName]: new TextEncoder().encode(`${JSON.stringify(checked, null, 1)}\n`),
    [parametersName]: writeParameters(arrays),
  });
}

/**
 * Reads NET.spk and verifies the network in it.
 *
 * @param file Path for messages.
 * @returns Undefined when the file holds another kind of network.
 * @throws `network-damaged`, and the codes of `verifyDynamicsGraph`.
 */
export function readDynamics(bytes: Uint8Array, file = "network"): DynamicsNetwork | undefined {
  const contents = unpackArchive(bytes, limits);
  if (typeof contents === "string") throw damaged(file, contents);
  const json = parseJson(contents.get(manifestName)!);
  const format = typeof json === "object" && json !== null && "format" in json ? json.format : undefined;
  if (format !== "spikewright-dynamics") return undefined;
  const parsed = dynamicsManifestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(file, `its manifest has ${issue?.path.join(".") || "the wrong form"}: ${issue?.message}`);
  }
  const { name, steps, reset, seed, inputs, readout, encoding, classes, labels, source } = parsed.data;
  const reader = new ParameterReader(contents.get(parametersName)!);
  const read = (count: number, bits: number): Int32Array => {
    const values = reader.read(count, bits);
    if (!values) throw damaged(file, "it has too few parameters");
    return values;
  };
  const populations = parsed.data.populations.map((entry) => readPopulation(entry, read));
  const projections = parsed.data.projections.map((entry) => readProjection(entry, read));
  if (!reader.isAtEnd) throw damaged(file, "it has more parameters than its parts");
  const graph: DynamicsGraph = { name, steps, reset, seed, inputs, populations, projections, readout };
  const findings = verifyDynamicsGraph(graph);
  if (findings.length > 0)
    throw new SpikewrightError(findings.map((finding) => ({ ...finding, place: { file, ...finding.place } })));
  const { format: kind, producer, file: from } = source;
  return {
    graph,
    encoding,
    ...(classes && { classes }),
    ...(labels && { labels }),
    source: { format: kind, ...(producer !== undefined && { producer }), ...(from !== undefined && { file: from }) },
  };
}

type Read = (count: number, bits: number) => Int32Array;

function readPopulation(entry: DynamicsManifest["populations"][number], read: Read): DynamicsPopulation {
  const { name, shape, dynamics, values, winnerTakeAll } = entry;
  const columns = neuronFields.map(() => read(entry.neurons, 32));
  const neurons = Array.from(
    { length: entry.neurons },
    (_, n) => Object.fromEntries(neuronFields.map((field, f) => [field, columns[f]![n]!])) as unknown as NeuronDynamics,
  );
  return { name, shape, neurons, dynamics, ...(values && { values }), ...(winnerTakeAll && { winnerTakeAll }) };
}

function readProjection(entry: DynamicsManifest["projections"][number], read: Read): DynamicsProjection {
  const { name, source, target, delay, delays, plasticity } = entry;
  const synapses = readSynapses(entry.synapses, read);
  const steps = delays && Uint8Array.from(read(delays.steps, 8));
  const plain = { name, source, target, delay, ...(delays && steps && { delays: { of: delays.of, steps } }), synapses };
  if (!plasticity) return plain;
  const { rule, enabled, eligibility } = plasticity;
  const mask = enabled === undefined ? {} : { enabled: Uint8Array.from(read(enabled, 8)) };
  return { ...plain, plasticity: { rule, ...mask, ...(eligibility && { eligibility }) } };
}

function readSynapses(entry: DynamicsManifest["projections"][number]["synapses"], read: Read): SynapseMatrix {
  const isSparse = entry.kind === "sparse";
  const sources = isSparse ? read(entry.weights, 32) : new Int32Array(0);
  const targets = isSparse ? read(entry.weights, 32) : new Int32Array(0);
  const weights = Int8Array.from(read(entry.weights, 8));
  if (entry.kind === "sparse") return { kind: "sparse", sources, targets, weights };
  return { ...entry, weights };
}

function describeProjection(projection: DynamicsProjection): DynamicsManifest["projections"][number] {
  const { delays, plasticity } = projection;
  return {
    ...projection,
    delays: delays && { of: delays.of, steps: delays.steps.length },
    synapses: describe(projection.synapses),
    plasticity: plasticity && { ...plasticity, enabled: plasticity.enabled?.length },
  };
}

function describe(synapses: SynapseMatrix): DynamicsManifest["projections"][number]["synapses"] {
  const weights = synapses.weights.length;
  if (synapses.kind !== "convolution") return { kind: synapses.kind, weights };
  const { kind, kernel, stride, padding } = synapses;
  return { kind, weights, kernel, stride, padding };
}

interface Column {
  readonly values: Int32Array;
  readonly bits: number;
}

function columnsOf(neurons: readonly NeuronDynamics[]): readonly Column[] {
  return neuronFields.map((field) => ({ values: Int32Array.from(neurons, (neuron) => neuron[field]), bits: 32 }));
}

function arraysOf({ synapses, delays, plasticity }: DynamicsProjection): readonly Column[] {
  const bytes = (values: ArrayLike<number> | undefined) =>
    values ? [{ values: Int32Array.from(values), bits: 8 }] : [];
  const ends = synapses.kind === "sparse" ? [synapses.sources, synapses.targets] : [];
  return [
    ...ends.map((values) => ({ values, bits: 32 })),
    ...bytes(synapses.weights),
    ...bytes(delays?.steps),
    ...bytes(plasticity?.enabled),
  ];
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function damaged(file: string, reason: string): SpikewrightError {
  return failure({
    code: "network-damaged",
    message: `Cannot read network "${file}": ${reason}`,
    place: { file },
    found: reason,
  });
}
