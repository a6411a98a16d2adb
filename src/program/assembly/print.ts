import { type InstructionField, mergeModes, stepLevels, stepWords } from "../../arch/isa.js";
import {
  type DecodedInstruction,
  decodeInstruction,
  type FieldValues,
  instructionWord,
  packFields,
  passRegister,
  signed,
  stepTableWords,
  unpackFields,
} from "../instruction.js";
import type { PassNote, Program, ProgramShape } from "../program.js";
import { reachable } from "../verify.js";
import { needsLimits, visitFields } from "./directives.js";

/** Fields that hold two's complement, in step tables and in most registers. */
const signedFields = new Set(["x", "y", "weight", "pointer", "row"]);
/** Registers whose fields hold it by another name, or do not. */
const signedOf: Readonly<Record<string, ReadonlySet<string>>> = {
  "spike-driven-potential": new Set(["v"]),
  "weight-bounds": new Set(["min", "max"]),
  reward: new Set(),
};
const mergeNames = Object.keys(mergeModes);

export interface PrintOptions {
  /** Print the rows of weights. Without them the text does not assemble to the same program. Default true. */
  readonly weights?: boolean;
}

/**
 * The listing of a program: assembly text that `assemble` turns into the same program, with addresses as comments.
 * Stable, so it serves as golden form.
 */
export function printProgram(program: Program, { weights = true }: PrintOptions = {}): string {
  return [
    ...printHeader(program),
    "",
    ...printCode(program),
    "",
    ...[...program.thresholds].map(
      (threshold, i) => `.parameter threshold=${threshold} initial=${program.initials[i]} ; ${i}`,
    ),
    "",
    ...(weights ? printRows(program) : [`; ${program.weights.length / program.needs.lanes} rows of weights`]),
    "",
  ].join("\n");
}

function printHeader({ name, needs, input, readout, populations, worstCaseCycles }: Program): string[] {
  const fields = (Object.keys(needsLimits) as (keyof typeof needsLimits)[]).map((field) => `${field}=${needs[field]}`);
  return [
    `.program ${quote(name)}`,
    `.core ${quote(needs.config)} ${fields.join(" ")}`,
    `.input ${quote(input.name)} ${shapeText(input.shape)} max=${input.max}${partsText(input.parts)}`,
    `.readout ${quote(readout.population)} ${shapeText(readout.shape)} state=${readout.state}`,
    ...populations.map((p) => `.population ${quote(p.name)} ${p.kind} ${shapeText(p.shape)}`),
    `.worst-case cycles=${worstCaseCycles}`,
  ];
}

function printCode(program: Program): string[] {
  const { words, passes } = program;
  const code = reachable(program);
  const notes = new Map(passes.map((note) => [note.address, note]));
  const tables = tableAddresses(code, words);
  const targets = new Set(
    [...code.values()].filter(({ instruction }) => jumps.has(instruction.mnemonic)).map((d) => d.values["address"]!),
  );
  const name = (address: number) => (tables.has(address) ? `table${address}` : `at${address}`);
  const lines: string[] = [];
  for (let address = 0; address < words.length; ) {
    if (tables.has(address)) {
      lines.push(`${name(address)}:`, ...printTable(words, address));
      address += stepTableWords;
      continue;
    }
    if (targets.has(address)) lines.push(`${name(address)}:`);
    const note = notes.get(address);
    if (note) lines.push(printNote(note));
    const decoded = code.get(address) ?? (note && decodeInstruction(words[address]!));
    const text = decoded ? printInstruction(decoded, name, tables) : `.word 0x${words[address]!.toString(16)}`;
    lines.push(`  ${text} ; ${address}`);
    address++;
  }
  return lines;
}

const jumps = new Set(["jump", "loop", "quiet"]);

/** Step tables that overlap neither code nor each other and have no bits outside their fields. */
function tableAddresses(code: ReadonlyMap<number, DecodedInstruction>, words: Uint32Array): Set<number> {
  const wanted = [...code.values()].filter((d) => d.instruction.mnemonic === "pass").map((d) => d.values["table"]!);
  const tables = new Set<number>();
  let end = 0;
  for (const address of [...new Set(wanted)].sort((a, b) => a - b)) {
    const own = Array.from({ length: stepTableWords }, (_, i) => address + i);
    if (address < end || own.some((a) => code.has(a) || !isStepWord(words, a, address))) continue;
    tables.add(address);
    end = address + stepTableWords;
  }
  return tables;
}

function isStepWord(words: Uint32Array, at: number, table: number): boolean {
  const fields = stepWords[(at - table) % stepWords.length]!;
  return at < words.length && packFields(fields, unpackFields(fields, words[at]!)) === words[at];
}

function printTable(words: Uint32Array, address: number): string[] {
  return stepLevels.map((level, i) => {
    const values = stepWords.map((fields, w) => {
      const word = words[address + i * stepWords.length + w]!;
      return fieldTexts(fields, unpackFields(fields, word));
    });
    return `  .step ${[level, ...values.flat()].join(" ")}`;
  });
}

function printInstruction(
  { instruction, values }: DecodedInstruction,
  name: (address: number) => string,
  tables: ReadonlySet<number>,
): string {
  const { mnemonic, fields } = instruction;
  if (mnemonic === "set") {
    const register = passRegister(values["register"]!);
    const own = register && unpackFields(register.fields, values["value"]!);
    if (!own || packFields(register.fields, own) !== values["value"])
      return `.word 0x${instructionWord(mnemonic, values).toString(16)}`;
    const texts = fieldTexts(register.fields, own, { all: true, signs: signedOf[register.name] });
    return ["set", register.name, ...texts].join(" ");
  }
  const texts = fields.flatMap((field) => {
    const value = values[field.name]!;
    if (field.name === "address") return [name(value)];
    if (field.name === "table") return [`table=${tables.has(value) ? name(value) : value}`];
    if (field.name === "merge") return value === 0 ? [] : [`merge=${mergeNames[value] ?? value}`];
    if (mnemonic === "pass" || field.name === "state") return value === 1 ? [field.name] : [];
    return [`${field.name}=${value}`];
  });
  return [mnemonic, ...texts].join(" ");
}

/** `name=value`, without zeros unless `all`; `signs` names the fields of two's complement. */
function fieldTexts(
  fields: readonly InstructionField[],
  values: FieldValues,
  { all = false, signs = signedFields }: { all?: boolean; signs?: ReadonlySet<string> | undefined } = {},
): string[] {
  return fields
    .filter(({ name }) => all || values[name] !== 0)
    .map(({ name, bits }) => `${name}=${signs.has(name) ? signed(values[name]!, bits) : values[name]}`);
}

function partsText(parts: Program["input"]["parts"]): string {
  return parts ? ` parts=${quote(parts.map(({ values, times }) => `${values}x${times}`).join(" "))}` : "";
}

function printNote(note: PassNote): string {
  const { neurons, candidates, firstRow, firstGroup, visit, meaning } = note;
  return [
    ".note",
    ...(neurons === undefined ? [] : [`neurons=${quote(neurons)}`]),
    ...(firstRow === 0 ? [] : [`row=${firstRow}`]),
    ...(firstGroup === 0 ? [] : [`group=${firstGroup}`]),
    ...(candidates ? [`candidates=${quote(candidates.population)}`, `first=${candidates.first}`] : []),
    ...visitFields.map((field) => `${field}=${visit[field]}`),
    ...(visit.rewind ? ["rewind=1"] : []),
    `meaning=${quote(meaning)}`,
  ].join(" ");
}

function printRows({ weights, needs }: Program): string[] {
  const lines: string[] = [];
  for (let at = 0; at < weights.length; at += needs.lanes) {
    lines.push(`.row ${weights.subarray(at, at + needs.lanes).join(" ")} ; ${at / needs.lanes}`);
  }
  return lines;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function shapeText(shape: ProgramShape): string {
  return `shape=${shape.join("x")}`;
}
