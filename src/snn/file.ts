import { strFromU8, strToU8, type Unzipped, unzipSync, zipSync } from "fflate";
import type { QuantGraph, QuantLayer } from "../quantize/graph.js";
import type { LedgerLine } from "../quantize/ledger.js";
import { verifyQuantGraph } from "../quantize/verify.js";
import { failure, SpikewrightError } from "../support/diagnostic.js";
import { convertToSpiking } from "./convert.js";
import { type ArrayPlace, type NetworkManifest, networkFileVersion, networkManifest } from "./file-schema.js";
import type { Schedule, SnnGraph } from "./graph.js";

/** One row of the per-layer table of a conversion. */
export type ReportRow = Readonly<Record<string, string | number | null>>;

/** A converted network: what NET.spk holds, with the spiking network derived from it. */
export interface Network {
  readonly quant: QuantGraph;
  /** `convertToSpiking(quant)`. */
  readonly snn: SnnGraph;
  /** Schedule that engines take unless told otherwise. */
  readonly schedule: Schedule;
  readonly source: { readonly format: string; readonly producer?: string; readonly file?: string };
  readonly ledger: readonly LedgerLine[];
  readonly report: readonly ReportRow[];
}

const manifestName = "manifest.json";
const arraysName = "arrays.bin";
/** Most bytes that the two entries may unpack to. */
const largestEntry: Readonly<Record<string, number>> = { [manifestName]: 2 ** 25, [arraysName]: 2 ** 30 };

/** The bytes of NET.spk: a zip archive of `manifest.json` and `arrays.bin`. Same network, same bytes. */
export function writeNetwork(network: Omit<Network, "snn">): Uint8Array {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  const place = (values: Int32Array): ArrayPlace => {
    const isNarrow = values.every((v) => v >= -128 && v <= 127);
    const typed = isNarrow ? Int8Array.from(values) : values;
    const bytes = new Uint8Array(typed.length * (isNarrow ? 1 : 4));
    const view = new DataView(bytes.buffer);
    typed.forEach((v, i) => {
      if (isNarrow) view.setInt8(i, v);
      else view.setInt32(i * 4, v, true);
    });
    chunks.push(bytes);
    offset += bytes.length;
    return { type: isNarrow ? "int8" : "int32", offset: offset - bytes.length, length: values.length };
  };
  const { quant, schedule, source, ledger, report } = network;
  const manifest = {
    format: "spikewright-network",
    version: networkFileVersion,
    name: quant.name,
    input: quant.input,
    layers: quant.layers.map((layer) => packLayer(layer, place)),
    schedule,
    source,
    ledger,
    report,
  };
  const arrays = new Uint8Array(offset);
  let at = 0;
  for (const chunk of chunks) {
    arrays.set(chunk, at);
    at += chunk.length;
  }
  const text = strToU8(`${JSON.stringify(manifest, null, 1)}\n`);
  return zipSync({ [manifestName]: text, [arraysName]: arrays }, { level: 9, mtime: new Date(1980, 0, 1) });
}

/**
 * Reads the bytes of NET.spk.
 *
 * @param file Path for messages.
 * @throws `network-format-unknown` when it is no network file, `network-damaged`, `network-version`, and every finding of
 *   `verifyQuantGraph`.
 */
export function readNetwork(bytes: Uint8Array, file: string): Network {
  const manifest = parseManifest(bytes, file);
  const arrays = unpack(bytes, file)[arraysName];
  if (!arrays) throw damaged(file, `entry "${arraysName}" is missing`);
  const view = new DataView(arrays.buffer, arrays.byteOffset, arrays.byteLength);
  const take = ({ type, offset, length }: ArrayPlace): Int32Array => {
    const size = type === "int8" ? 1 : 4;
    if (offset + length * size > arrays.length) throw damaged(file, "an array lies outside of its entry");
    const values = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      values[i] = type === "int8" ? view.getInt8(offset + i) : view.getInt32(offset + 4 * i, true);
    }
    return values;
  };
  const { name, input, schedule, source, ledger, report } = manifest;
  const quant: QuantGraph = { name, input, layers: manifest.layers.map((layer) => unpackLayer(layer, take)) };
  const findings = verifyQuantGraph(quant);
  if (findings.length > 0) throw new SpikewrightError(findings);
  const { format, producer, file: sourceFile } = source;
  return {
    quant,
    snn: convertToSpiking(quant),
    schedule,
    source: {
      format,
      ...(producer === undefined ? {} : { producer }),
      ...(sourceFile === undefined ? {} : { file: sourceFile }),
    },
    ledger,
    report,
  };
}

/** Whether the bytes are a zip archive with the entries of a network file. */
export function isNetworkFile(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  const names = new Set<string>();
  try {
    unzipSync(bytes, {
      filter: (entry) => {
        names.add(entry.name);
        return false;
      },
    });
  } catch {
    return false;
  }
  return names.has(manifestName) && names.has(arraysName);
}

function parseManifest(bytes: Uint8Array, file: string): NetworkManifest {
  if (!isNetworkFile(bytes)) {
    throw failure({
      code: "network-format-unknown",
      message: `Cannot read "${file}": it is no network of spikewright`,
      place: { file },
      wanted: "a file made by: spikewright convert",
      hint: "Convert the model first: spikewright convert MODEL -o NET.spk --calibrate DATA",
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(strFromU8(unpack(bytes, file)[manifestName] ?? new Uint8Array()));
  } catch (error) {
    if (error instanceof SpikewrightError) throw error;
    throw damaged(file, `"${manifestName}" is no JSON`);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version !== networkFileVersion) {
    throw failure({
      code: "network-version",
      message: `Cannot read "${file}": format version ${version}, wanted ${networkFileVersion}`,
      place: { file },
      found: String(version),
      wanted: String(networkFileVersion),
      hint: "Convert the model again with this version of spikewright",
    });
  }
  const parsed = networkManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damaged(file, `"${manifestName}": ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong form"}`);
}

/** Unpacks the two entries, and those only, after looking at the size that they claim. */
function unpack(bytes: Uint8Array, file: string): Unzipped {
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const most = largestEntry[name];
        if (most === undefined) return false;
        if (originalSize > most)
          throw damaged(file, `entry "${name}" claims ${originalSize} bytes, wanted at most ${most}`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof SpikewrightError) throw error;
    throw damaged(file, `the archive is broken (${(error as Error).message})`);
  }
}

function packLayer(layer: QuantLayer, place: (values: Int32Array) => ArrayPlace): NetworkManifest["layers"][number] {
  if (layer.kind === "pool") return layer;
  const { activation } = layer;
  return {
    ...layer,
    terms: layer.terms.map((term) => ({ ...term, weights: place(term.weights) })),
    v0: place(layer.v0),
    activation: activation.kind === "none" ? activation : { ...activation, theta: place(activation.theta) },
  };
}

function unpackLayer(layer: NetworkManifest["layers"][number], take: (place: ArrayPlace) => Int32Array): QuantLayer {
  if (layer.kind === "pool") return layer;
  const { activation } = layer;
  return {
    ...layer,
    terms: layer.terms.map((term) => ({ ...term, weights: take(term.weights) })),
    v0: take(layer.v0),
    activation: activation.kind === "none" ? activation : { ...activation, theta: take(activation.theta) },
  };
}

function damaged(file: string, reason: string): SpikewrightError {
  return failure({
    code: "network-damaged",
    message: `Cannot read "${file}": ${reason}`,
    place: { file },
    hint: "Make the file again with spikewright convert",
  });
}
