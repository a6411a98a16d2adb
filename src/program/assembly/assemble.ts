import type { CoreConfig } from "../../arch/core-config.js";
import { instructions, mergeModes, stepLevels, stepWords } from "../../arch/isa.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import { findInstruction, findPassRegister, instructionWord, packFields, setWord } from "../instruction.js";
import type { Program } from "../program.js";
import { finishSections, readDirective, type Sections, startSections } from "./directives.js";
import { readLines, type SourceLine } from "./line.js";
import { literal, Operands, type Report } from "./operands.js";

/** Words that a line puts into the program memory, by its name. */
const lineWords = (name: string | undefined): number =>
  name === undefined ? 0 : name === ".step" ? stepWords.length : name === ".word" || !name.startsWith(".") ? 1 : 0;

export interface AssembleOptions {
  /** Shown in messages. Default `program`. */
  readonly file?: string;
  /** Core of a text without `.core`. */
  readonly core?: CoreConfig;
}

/**
 * Assembles a program. The inverse of `printProgram`; the language is described in `firmware/README.md`.
 *
 * @throws SpikewrightError with every finding and its line: `assembly-syntax`, `assembly-instruction`,
 *   `assembly-operand`, `assembly-range`, `assembly-label`, `assembly-directive`, `assembly-missing`.
 */
export function assemble(text: string, options: AssembleOptions = {}): Program {
  const { file = "program", core } = options;
  const faults: Diagnostic[] = [];
  const lines = readLines(text);
  const reportOn =
    (line: SourceLine | undefined): Report =>
    (code, message) => {
      const where = line === undefined ? file : `${file}:${line.number}`;
      const item = line === undefined ? {} : { item: `line ${line.number}` };
      faults.push({ code, severity: "error", message: `${where}: ${message}`, place: { file, ...item } });
    };

  const symbols = readSymbols(lines, reportOn);
  const words: number[] = [];
  const sections = startSections(core);
  let nextLevel = 0;
  for (const line of lines) {
    const report = reportOn(line);
    if (line.rest !== undefined) report("assembly-syntax", `cannot read "${line.rest}"`);
    if (line.name === undefined || line.rest !== undefined) continue;
    const operands = new Operands(line, symbols, report);
    if (line.name !== ".step" && nextLevel !== 0 && lineWords(line.name) > 0) {
      report("assembly-directive", `the step table before this line lacks level "${stepLevels[nextLevel]}"`);
      nextLevel = 0;
    }
    if (line.name === ".step") {
      nextLevel = readStep(operands, nextLevel, words, report);
    } else if (line.name === ".word") {
      words.push(operands.number(operands.bare() ?? "") >>> 0);
    } else if (line.name.startsWith(".")) {
      readDirective(line.name, operands, sections, report);
    } else {
      words.push(readInstruction(line.name, operands, report));
      attachNote(sections, line.name, words.length - 1, report);
    }
    operands.finish();
  }
  if (nextLevel !== 0) reportOn(undefined)("assembly-directive", "the last step table is incomplete");
  const program = finishSections(sections, Uint32Array.from(words), reportOn(undefined));
  if (faults.length > 0 || program === undefined) throw new SpikewrightError(faults);
  return program;
}

/** Addresses of labels and values of constants. */
function readSymbols(lines: readonly SourceLine[], reportOn: (line: SourceLine) => Report): Map<string, number> {
  const symbols = new Map<string, number>();
  const define = (name: string, value: number, line: SourceLine) => {
    if (symbols.has(name) || literal(name) !== undefined)
      reportOn(line)("assembly-label", `"${name}" is defined twice or is a number`);
    symbols.set(name, value);
  };
  let address = 0;
  for (const line of lines) {
    if (line.label !== undefined) define(line.label, address, line);
    const [name, value] = line.operands;
    if (line.name === ".const" && name && value) define(name.value, literal(value.value) ?? Number.NaN, line);
    address += lineWords(line.name);
  }
  return symbols;
}

function readStep(operands: Operands, expected: number, words: number[], report: Report): number {
  const level = operands.bare();
  if (level !== stepLevels[expected])
    report("assembly-directive", `level "${level ?? ""}", wanted "${stepLevels[expected]}"`);
  for (const fields of stepWords) words.push(packFields(fields, operands.fields(fields)));
  return (expected + 1) % stepLevels.length;
}

function readInstruction(mnemonic: string, operands: Operands, report: Report): number {
  const instruction = findInstruction(mnemonic);
  if (!instruction) {
    const known = instructions.map((i) => i.mnemonic).join(", ");
    report("assembly-instruction", `"${mnemonic}" is no instruction, wanted ${known}`);
    return 0;
  }
  if (mnemonic !== "set") return instructionWord(mnemonic, operands.fields(instruction.fields, { merge: mergeModes }));
  const name = operands.bare() ?? "";
  const register = findPassRegister(name);
  if (!register) report("assembly-instruction", `"${name}" is no pass register`);
  return register ? setWord(name, operands.fields(register.fields)) : 0;
}

function attachNote(sections: Sections, mnemonic: string, address: number, report: Report): void {
  if (sections.note === undefined) return;
  if (mnemonic === "pass") {
    sections.passes.push({ address, ...sections.note });
    sections.note = undefined;
  } else if (mnemonic !== "set") report("assembly-directive", "a note must stand before a pass");
}
