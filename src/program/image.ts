import { z } from "zod";
import { failure } from "../support/diagnostic.js";
import { crc32, littleEndianBytes } from "./hash.js";
import type { Program } from "./program.js";

const magic = 0x474b5053; // "SPKG", little endian
const version = 1;
/** Bytes before the header text: magic, version, length of the header text. */
const fixedBytes = 12;

const count = z.number().int().min(0).max(65536);
const positive = z.number().int().min(1).max(65536);
const bits = z.number().int().min(1).max(32);
const shape = z.tuple([positive, positive, positive]);

const headerSchema = z.object({
  name: z.string(),
  needs: z.object({
    config: z.string(),
    lanes: z.number().int().min(1).max(63),
    weightBits: z.number().int().min(2).max(8),
    accumulatorBits: bits,
    membraneBits: bits,
    thresholdBits: bits,
    quotientBits: z.number().int().min(0).max(8),
    indexBits: z.number().int().min(1).max(16),
    weightDepth: count,
    listDepth: count,
    pointerDepth: count,
    parameterDepth: count,
    stateDepth: count,
    programDepth: z.number().int().min(0).max(1024),
    dynamics: z.union([z.literal(0), z.literal(1)]).default(0),
    learning: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
    scatter: z.union([z.literal(0), z.literal(1)]).default(0),
  }),
  input: z.object({
    name: z.string(),
    shape,
    max: z.number().int().min(1).max(255),
    bits: z.number().int().min(1).max(8),
    parts: z
      .array(z.object({ values: count, times: count }))
      .max(2 ** 20)
      .optional(),
  }),
  readout: z.object({ population: z.string(), shape, state: count }),
  populations: z.array(z.object({ name: z.string(), shape, kind: z.enum(["spiking", "pool"]) })),
  passes: z.array(
    z.object({
      address: count,
      neurons: z.string().optional(),
      firstRow: count,
      firstGroup: count,
      candidates: z.object({ population: z.string(), first: z.number().int().min(0) }).optional(),
      visit: z.object({
        columns: positive,
        rows: positive,
        windowColumns: positive,
        windowRows: positive,
        groups: positive,
        lanes: positive,
        lastLanes: positive,
        positionLanes: positive,
        rewind: z.boolean().optional(),
      }),
      meaning: z.string(),
    }),
  ),
  worstCaseCycles: z.number().int().min(0),
  sections: z.object({
    words: count,
    parameters: count,
    weights: z
      .number()
      .int()
      .min(0)
      .max(2 ** 22),
  }),
});

/**
 * A program as bytes, to keep in a file or flash: magic, version, header text (JSON), words, thresholds, initial
 * membranes (32 bits each, little endian), weights (one byte each), CRC-32 of everything before it.
 */
export function encodeProgram(program: Program): Uint8Array {
  const { words, thresholds, initials, weights, ...rest } = program;
  const sections = { words: words.length, parameters: thresholds.length, weights: weights.length };
  const header = new TextEncoder().encode(JSON.stringify({ ...rest, sections }));
  const parts = [header, ...[words, thresholds, initials, weights].map(littleEndianBytes)];
  const size = fixedBytes + parts.reduce((sum, part) => sum + part.length, 0) + 4;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, version, true);
  view.setUint32(8, header.length, true);
  let at = fixedBytes;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, crc32(bytes.subarray(0, at)), true);
  return bytes;
}

/**
 * Reads what `encodeProgram` wrote. The program still has to pass `verifyProgram` before it runs.
 *
 * @throws SpikewrightError `program-image`: not a program image, another version, truncated or damaged.
 */
export function decodeProgram(bytes: Uint8Array, file?: string): Program {
  const wrong = (found: string, wanted: string) =>
    failure({
      code: "program-image",
      message: `Cannot read program image: found ${found}, wanted ${wanted}`,
      ...(file === undefined ? {} : { place: { file } }),
      found,
      wanted,
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < fixedBytes + 4) throw wrong(`${bytes.length} bytes`, `at least ${fixedBytes + 4}`);
  if (view.getUint32(0, true) !== magic) throw wrong("other magic bytes", '"SPKG"');
  if (view.getUint32(4, true) !== version) throw wrong(`version ${view.getUint32(4, true)}`, `version ${version}`);
  const end = bytes.length - 4;
  if (crc32(bytes.subarray(0, end)) !== view.getUint32(end, true)) throw wrong("a wrong checksum", "an undamaged file");
  const headerEnd = fixedBytes + view.getUint32(8, true);
  if (headerEnd > end) throw wrong("a header longer than the file", "a complete header");
  const header = headerSchema.safeParse(parseJson(bytes.subarray(fixedBytes, headerEnd)));
  if (!header.success) {
    const issue = header.error.issues[0]!;
    throw wrong(`a header with ${issue.path.join(".")}: ${issue.message}`, "a legal header");
  }
  const { sections, passes, input, ...rest } = header.data;
  const { parts, ...values } = input;
  if (headerEnd + 4 * sections.words + 8 * sections.parameters + sections.weights !== end)
    throw wrong("sections that do not fill the file", "all sections");
  let at = headerEnd;
  const readWords = (length: number) => {
    const words = Uint32Array.from({ length }, (_, i) => view.getUint32(at + 4 * i, true));
    at += 4 * length;
    return words;
  };
  const words = readWords(sections.words);
  const thresholds = readWords(sections.parameters);
  const initials = new Int32Array(readWords(sections.parameters).buffer);
  const weights = Int8Array.from(bytes.subarray(at, end), (byte) => (byte << 24) >> 24);
  const taken = { ...values, ...(parts === undefined ? {} : { parts }) };
  return { ...rest, input: taken, passes: passes.map(withoutUndefined), words, thresholds, initials, weights };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Optional fields that are absent, not undefined. */
function withoutUndefined(note: z.infer<typeof headerSchema>["passes"][number]): Program["passes"][number] {
  const { neurons, candidates, visit, ...rest } = note;
  const { rewind, ...order } = visit;
  return {
    ...rest,
    visit: { ...order, ...(rewind === undefined ? {} : { rewind }) },
    ...(neurons === undefined ? {} : { neurons }),
    ...(candidates === undefined ? {} : { candidates }),
  };
}
