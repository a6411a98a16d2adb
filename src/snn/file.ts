import type { NeuronLayer, QuantGraph, QuantLayer } from "../quantize/graph.js";
import type { LedgerLine } from "../quantize/ledger.js";
import type { LayerReport } from "../quantize/report.js";
import { verifyQuantGraph } from "../quantize/verify.js";
import { failure, SpikewrightError } from "../support/diagnostic.js";
import { convertToSpiking } from "./convert.js";
import { packArchive, unpackArchive } from "./file/archive.js";
import { formatVersion, type Manifest, manifestSchema } from "./file/manifest.js";
import { ParameterReader, writeParameters } from "./file/parameters.js";
import type { Schedule, SnnGraph } from "./graph.js";

/** A converted network with its history, as NET.spk holds it. */
export interface Network {
  readonly quant: QuantGraph;
  /** Follows from `quant`; not stored. */
  readonly snn: SnnGraph;
  /** What engines take unless told otherwise. */
  readonly schedule: Schedule;
  readonly ledger: readonly LedgerLine[];
  readonly report: readonly LayerReport[];
  /** Names of the readout's outputs. */
  readonly labels?: readonly string[];
  /** Format, producer and file of the source model. */
  readonly source: { readonly format: string; readonly producer?: string; readonly file?: string };
}

const manifestName = "manifest.json";
const parametersName = "parameters.bin";
/** Bytes that each may have. */
const limits = { [manifestName]: 2 ** 24, [parametersName]: 2 ** 29 };

/**
 * NET.spk: a zip archive of `manifest.json` and `parameters.bin`. The latter holds, layer by layer, the weights of each
 * term (1 byte up to 8 bits, else 2), then `v0` and, of neurons that fire, `theta` (4 bytes), little endian.
 *
 * The same network gives the same bytes.
 */
export function writeNetwork(network: Omit<Network, "snn">): Uint8Array {
  const { quant, schedule, ledger, report, labels, source } = network;
  const manifest: Manifest = {
    format: "spikewright-network",
    version: formatVersion,
    name: quant.name,
    schedule,
    ...(labels === undefined ? {} : { labels: [...labels] }),
    source,
    input: quant.input,
    layers: quant.layers.map(manifestLayer),
    ledger: [...ledger],
    report: [...report],
  };
  // Through the schema, so that key order does not depend on who built the network.
  const checked = manifestSchema.parse(manifest);
  return packArchive({
    [manifestName]: new TextEncoder().encode(`${JSON.stringify(checked, null, 1)}\n`),
    [parametersName]: writeParameters(quant.layers.flatMap(arraysOf)),
  });
}

/** Whether bytes look like a NET.spk, by its first entry; `readNetwork` says what is wrong with it. */
export function isNetworkFile(bytes: Uint8Array): boolean {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  return isZip && new TextDecoder().decode(bytes.subarray(30, 30 + manifestName.length)) === manifestName;
}

/**
 * Reads NET.spk and verifies the network in it.
 *
 * @param file Path for messages.
 * @throws `network-damaged`: not an archive, cut off, wrong checksum, unknown or missing entries, unreadable manifest;
 * `network-kind`: it holds a network with dynamics; `network-version`: written by another version; and the codes of `verifyQuantGraph`.
 */
export function readNetwork(bytes: Uint8Array, file = "network"): Network {
  const contents = unpackArchive(bytes, limits);
  if (typeof contents === "string") throw damaged(file, contents);
  const manifest = readManifest(contents.get(manifestName)!, file);
  const reader = new ParameterReader(contents.get(parametersName)!);
  const layers = manifest.layers.map(
    (layer): QuantLayer => (layer.kind === "pool" ? layer : readNeurons(layer, reader, file)),
  );
  if (!reader.isAtEnd) throw damaged(file, "it has more parameters than its layers");
  const { name, input, schedule, ledger, report, labels } = manifest;
  const quant: QuantGraph = { name, input, layers };
  const findings = verifyQuantGraph(quant);
  if (findings.length > 0)
    throw new SpikewrightError(findings.map((finding) => ({ ...finding, place: { file, ...finding.place } })));
  const { format, producer, file: model } = manifest.source;
  const source = {
    format,
    ...(producer === undefined ? {} : { producer }),
    ...(model === undefined ? {} : { file: model }),
  };
  const rest = labels === undefined ? {} : { labels };
  return { quant, snn: convertToSpiking(quant), schedule, ledger, report, source, ...rest };
}

function manifestLayer(layer: QuantLayer): Manifest["layers"][number] {
  if (layer.kind === "pool") return layer;
  const { kind, name, shape, membraneBits } = layer;
  const { activation: rule } = layer;
  const activation = rule.kind === "none" ? rule : { kind: rule.kind, min: rule.min, max: rule.max, scale: rule.scale };
  const terms = layer.terms.map((term) => ({ ...term, weights: term.weights.length }));
  return { kind, name, shape, membraneBits, activation, terms };
}

function arraysOf(layer: QuantLayer): readonly { readonly values: Int32Array; readonly bits: number }[] {
  if (layer.kind === "pool") return [];
  const { terms, v0, activation } = layer;
  return [
    ...terms.map(({ weights, weightBits }) => ({ values: weights, bits: weightBits })),
    { values: v0, bits: 32 },
    ...(activation.kind === "none" ? [] : [{ values: activation.theta, bits: 32 }]),
  ];
}

function readManifest(bytes: Uint8Array, file: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw damaged(file, "its manifest is not JSON");
  }
  if (typeof json === "object" && json !== null && "format" in json && json.format === "spikewright-dynamics") {
    throw failure({
      code: "network-kind",
      message: `Cannot use "${file}": it is a network with dynamics, wanted a converted one`,
      place: { file },
      found: "a network with dynamics",
      wanted: "a file made by: spikewright convert",
      hint: "Use evaluate, verify, simulate, load or run",
    });
  }
  const version = typeof json === "object" && json !== null && "version" in json ? json.version : undefined;
  if (typeof version === "number" && version !== formatVersion) {
    throw failure({
      code: "network-version",
      message: `Cannot read "${file}": it is of version ${version}, wanted ${formatVersion}`,
      place: { file },
      found: String(version),
      wanted: String(formatVersion),
      hint: "Convert the model again",
    });
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(file, `its manifest has ${issue?.path.join(".") || "the wrong form"}: ${issue?.message}`);
}

type ManifestNeurons = Extract<Manifest["layers"][number], { kind: "neurons" }>;

function readNeurons(layer: ManifestNeurons, reader: ParameterReader, file: string): NeuronLayer {
  const read = (count: number, bits: number): Int32Array => {
    const values = reader.read(count, bits);
    if (values === undefined) throw damaged(file, `it has too few parameters for layer "${layer.name}"`);
    return values;
  };
  const channels = layer.shape[2];
  const terms = layer.terms.map((term) => ({ ...term, weights: read(term.weights, term.weightBits) }));
  const v0 = read(channels, 32);
  const { activation: rule } = layer;
  const activation = rule.kind === "none" ? rule : { ...rule, theta: read(channels, 32) };
  const { kind, name, shape, membraneBits } = layer;
  return { kind, name, shape, terms, v0, activation, membraneBits };
}

function damaged(file: string, reason: string): SpikewrightError {
  return failure({
    code: "network-damaged",
    message: `Cannot read network "${file}": ${reason}`,
    place: { file },
    found: reason,
    hint: "Convert the model again",
  });
}
