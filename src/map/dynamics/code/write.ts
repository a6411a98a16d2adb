import type { PassNote } from "../../../program/program.js";
import { CodeBuilder } from "../../encode/code.js";
import { type Operation, operationsOf, ownerOf, registersOf, type Section } from "./operation.js";
import type { ProgramSections } from "./step-sections.js";

/** Registers that an input uses too: they are loaded for it first. */
const writerRegisters = ["list", "pointer", "channels", "index", "state"];

/** Registers of what a host may change while a program waits. */
const settings: ReadonlySet<string> = new Set([
  "current",
  "behaviour",
  "adaptation",
  "pre-trace",
  "post-trace",
  "inhibition",
  "pre-rule",
  "post-rule",
  "spike-driven-up",
  "spike-driven-down",
  "spike-driven-potential",
  "weight-bounds",
]);

/** Instructions and notes of a network. */
export interface WrittenCode {
  /** Words of the program memory. */
  readonly size: number;
  /** Absent when there are more than a program can have. */
  readonly words: Uint32Array | undefined;
  readonly notes: readonly PassNote[];
}

/**
 * Writes the code of a network. Where every sample begins anew, what its first pass needs is loaded before the input: the
 * core is idle then. Otherwise each sample loads all settings behind its first input, so that a host can change the words
 * that load them while the program waits.
 *
 * @param seed Of the noise generator, if there is any use for it.
 * @param reseeds It restarts with every sample.
 */
export function writeSections(
  { once, samples }: ProgramSections,
  seed: number | undefined,
  reseeds: boolean,
): WrittenCode {
  const code = new CodeBuilder();
  const notes: PassNote[] = [];
  const writer = new SectionWriter(code, notes, !reseeds);
  if (seed !== undefined && !reseeds) code.set("seed", { value: seed });
  for (const section of once) writer.write(section);
  const begin = code.here;
  writer.begin(samples.flat());
  for (const sample of samples) {
    writer.beginSample();
    const first = sample.flatMap(operationsOf).find((operation) => operation.kind === "pass");
    if (first && reseeds) code.prepare(first.fields, writerRegisters);
    if (seed !== undefined && reseeds) code.force("seed", { value: seed });
    for (const section of sample) writer.write(section);
    code.add("done");
  }
  code.add("jump", { address: begin });
  return { size: code.size, words: code.finish(), notes };
}

class SectionWriter {
  readonly #code: CodeBuilder;
  readonly #notes: PassNote[];
  readonly #isLive: boolean;
  /** Whose settings the registers hold. */
  readonly #owners = new Map<string, string>();

  /** @param isLive Settings can be changed in place: how many words load them must not depend on what they are. */
  constructor(code: CodeBuilder, notes: PassNote[], isLive: boolean) {
    this.#code = code;
    this.#notes = notes;
    this.#isLive = isLive;
  }

  /** What follows is run over and over. */
  begin(body: readonly Section[]): void {
    this.#code.enterLoop(registersIn(body));
  }

  /** What follows loads all settings that it needs. */
  beginSample(): void {
    this.#owners.clear();
  }

  write(section: Section): void {
    const code = this.#code;
    switch (section.kind) {
      case "loop": {
        code.add("count", { counter: 0, value: section.times });
        if (section.body.some(({ kind }) => kind === "first-turn")) code.add("count", { counter: 1, value: 1 });
        const begin = code.here;
        this.#owners.clear();
        code.enterLoop(registersIn(section.body));
        for (const part of section.body) this.write(part);
        code.add("loop", { counter: 0, address: begin });
        return;
      }
      case "first-turn":
        // The counter falls to 0 in the first turn, and then from 65535 on.
        code.skippable("loop", { counter: 1 }, () => this.#addAll(section.body));
        return;
      case "if-spike":
        code.add("mark");
        this.#add(section.pass);
        code.skippable("quiet", {}, () => this.#addAll(section.body));
        return;
      default:
        this.#add(section);
    }
  }

  #addAll(operations: readonly Operation[]): void {
    for (const operation of operations) this.#add(operation);
  }

  #add(operation: Operation): void {
    const code = this.#code;
    const owner = ownerOf(operation);
    if (this.#isLive)
      for (const [register, values] of registersOf(operation)) {
        if (!settings.has(register) || this.#owners.get(register) === owner) continue;
        code.force(register, values);
        this.#owners.set(register, owner);
      }
    if (operation.kind === "pass") {
      const address = code.pass(operation.fields);
      if (operation.note) this.#notes.push({ address, ...operation.note });
      return;
    }
    for (const [register, values] of operation.registers) code.set(register, values);
    if (operation.kind === "input") code.add("input", { count: operation.count, state: Number(operation.state) });
    else code.add(operation.kind);
  }
}

function registersIn(body: readonly Section[]) {
  return body.flatMap(operationsOf).map((operation) => ({ registers: registersOf(operation) }));
}
