import { resets } from "../../arch/dynamics/neuron.js";
import { noSynapse } from "../../arch/dynamics/plasticity.js";
import { timing } from "../../arch/timing.js";
import type { DecodedInstruction, FieldValues } from "../instruction.js";
import { passRegister, signed, unpackFields } from "../instruction.js";
import { registerField } from "./register-field.js";

/** Where the pass registers of learning begin. */
const learningRegisters = 23;

/** What an instruction asks of a core with dynamics, against the rules that can be told from its word alone. */
export function instructionFaults(
  { instruction, values }: DecodedInstruction,
  needs: { readonly dynamics: number; readonly learning: number; readonly weightBits: number },
): string[] {
  const { mnemonic } = instruction;
  if (!needs.dynamics) {
    const flags = ["mute", "settled", "winner", ...(mnemonic === "input" ? ["state"] : [])];
    return flags.filter((flag) => values[flag] === 1).map((flag) => `has "${flag}", which wants dynamics`);
  }
  if (mnemonic === "pass") return passFlagFaults(values);
  if (mnemonic === "set") return setFaults(values["register"]!, values["value"]!, needs);
  return [];
}

function passFlagFaults({ merge, ternary, mute, settled, winner, argmax }: FieldValues): string[] {
  const faults: string[] = [];
  if (merge !== 0) faults.push("merges, which neurons with dynamics cannot");
  if (ternary === 1) faults.push('has "ternary", which neurons with dynamics cannot');
  if (mute === 1 && settled === 1) faults.push('has both "mute" and "settled"');
  if (winner === 1 && settled === 0) faults.push('has "winner" without "settled"');
  if (winner === 1 && argmax === 1) faults.push('has both "winner" and "argmax"');
  return faults;
}

function setFaults(number: number, value: number, needs: { learning: number; weightBits: number }): string[] {
  const register = passRegister(number);
  if (!register) return [`sets register ${number}, which does not exist`];
  if (number >= learningRegisters && !needs.learning) return [`sets "${register.name}", which wants learning`];
  const fields = unpackFields(register.fields, value);
  const faults: string[] = [];
  const most = (name: string, limit: number) => {
    if (fields[name]! > limit) faults.push(`sets "${register.name}" ${name} ${fields[name]}, wanted at most ${limit}`);
  };
  switch (register.name) {
    case "current":
      most("loss", 4096);
      break;
    case "behaviour":
      for (const name of ["reset", "gate", "rank"]) most(name, 2);
      if (fields["delayed"] === 1 && resets[fields["reset"]!] !== "none")
        faults.push('sets a delayed reset beside another, wanted reset "none"');
      break;
    case "adaptation":
      most("scale", 4);
      break;
    case "pre-trace":
    case "post-trace":
      most("decay", 2);
      break;
    case "post-rule":
      most("kind", needs.learning === 1 ? 1 : 2);
      break;
    case "pre-rule":
      most("kind", needs.learning === 1 ? 1 : 3);
      break;
    case "weight-bounds": {
      const [min, max] = [signed(fields["min"]!, 8), signed(fields["max"]!, 8)];
      const none = noSynapse(needs.weightBits);
      if (min > max || min <= none || max >= -none)
        faults.push(`sets weight bounds ${min}..${max}, wanted a range within ${none + 1}..${-none - 1}`);
    }
  }
  return faults;
}

/** What a pass asks of a core with dynamics, against the rules about its registers; `values` by register number. */
export function spacingFaults(values: ArrayLike<number>): string[] {
  const field = (register: string, name: string) => registerField(values, register, name);
  const positions = field("grid", "columns") * field("grid", "rows");
  const groups = field("window", "groups");
  const visits = groups * field("window", "columns") * field("window", "rows");
  if (positions * visits <= 1) return [];
  const faults: string[] = [];
  const spacing = field("behaviour", "spacing");
  const lanes = Math.max(groups > 1 ? field("lanes", "visit") : 0, field("lanes", "last"));
  if (spacing < lanes) faults.push(`has spacing ${spacing}, wanted at least its ${lanes} lanes`);
  const revisit = spacing * visits;
  if (field("behaviour", "rewind") === 1 && positions > 1 && revisit < timing.dynamicsRevisit)
    faults.push(`comes back to a neuron after ${revisit} cycles, wanted at least ${timing.dynamicsRevisit}`);
  return faults;
}
