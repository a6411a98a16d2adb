import type { FieldValues } from "../../../program/instruction.js";
import type { PassNote } from "../../../program/program.js";
import type { PassFields } from "../../encode/pass-fields.js";

/** An instruction with the registers that it needs. */
export type Operation =
  | { readonly kind: "pass"; readonly fields: PassFields; readonly note?: Omit<PassNote, "address"> }
  | { readonly kind: "input"; readonly registers: Registers; readonly count: number; readonly state: boolean }
  | { readonly kind: "learn" | "reward" | "scatter"; readonly registers: Registers; readonly projection: string };

export type Registers = ReadonlyMap<string, FieldValues>;

/** Code in the order in which it is run. */
export type Section =
  | Operation
  | { readonly kind: "loop"; readonly times: number; readonly body: readonly Section[] }
  /** The body runs in the first turn of the loop around it. */
  | { readonly kind: "first-turn"; readonly body: readonly Operation[] }
  /** The body runs when the pass emits a spike. */
  | { readonly kind: "if-spike"; readonly pass: PassOperation; readonly body: readonly Operation[] };

export type PassOperation = Extract<Operation, { kind: "pass" }>;

/** Every instruction in a section. */
export function operationsOf(section: Section): readonly Operation[] {
  if (section.kind === "loop") return section.body.flatMap(operationsOf);
  if (section.kind === "first-turn") return section.body;
  if (section.kind === "if-spike") return [section.pass, ...section.body];
  return [section];
}

export function registersOf(operation: Operation): Registers {
  return operation.kind === "pass" ? operation.fields.registers : operation.registers;
}

/** The population or projection whose settings an operation loads. */
export function ownerOf(operation: Operation): string {
  if (operation.kind === "pass") return operation.note?.neurons ?? "";
  return operation.kind === "input" ? "" : operation.projection;
}
