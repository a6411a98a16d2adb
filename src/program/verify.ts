import type { CoreConfig } from "../arch/core-config.js";
import { synapseRowBits } from "../arch/dynamics/scatter.js";
import { type Diagnostic, SpikewrightError } from "../support/diagnostic.js";
import { type DecodedInstruction, decodeInstruction, stepTableWords } from "./instruction.js";
import { instructionFaults, spacingFaults } from "./pass/dynamics-rules.js";
import { eachPass, successors } from "./pass/register-paths.js";
import { visitedCount } from "./pass/visit-order.js";
import { type CoreNeeds, type PassNote, type Program, shapeSize } from "./program.js";

/** Values of a population beyond which a program is taken for damaged: no core could count them. */
const largestPopulation = 2 ** 22;

/** Minimums of a program with the field of the configuration that must reach them. */
const minimums = [
  "weightBits",
  "accumulatorBits",
  "membraneBits",
  "thresholdBits",
  "quotientBits",
  "indexBits",
  "weightDepth",
  "listDepth",
  "pointerDepth",
  "parameterDepth",
  "stateDepth",
  "programDepth",
  "learning",
  "scatter",
] as const satisfies readonly (keyof CoreNeeds & keyof CoreConfig)[];

/** Everything that is wrong with a program by itself; empty for a legal one. */
export function programFaults(program: Program): readonly Diagnostic[] {
  const faults: Diagnostic[] = [];
  const fault = (code: string, message: string) => faults.push({ code, severity: "error", message });
  const { needs, words } = program;

  if (words.length > needs.programDepth)
    fault("program-size", `${words.length} words, needs says ${needs.programDepth}`);
  if (program.thresholds.length !== program.initials.length)
    fault("program-size", `${program.thresholds.length} thresholds, but ${program.initials.length} initial membranes`);
  if (program.thresholds.length > needs.parameterDepth)
    fault("program-size", `${program.thresholds.length} parameter words, needs says ${needs.parameterDepth}`);
  if (program.weights.length % needs.lanes !== 0 || program.weights.length > needs.weightDepth * needs.lanes)
    fault("program-size", `${program.weights.length} weights do not fill at most ${needs.weightDepth} rows`);

  const weightLimit = 2 ** (needs.weightBits - 1);
  const badWeight = program.weights.findIndex((w) => w < -weightLimit || w >= weightLimit);
  if (badWeight >= 0)
    fault("program-value", `Weight ${program.weights[badWeight]} at ${badWeight} exceeds ${needs.weightBits} bits`);
  const thresholdLimit = needs.dynamics ? 2 ** 32 : 2 ** needs.thresholdBits;
  const badThreshold = program.thresholds.findIndex((t) => t >= thresholdLimit);
  if (badThreshold >= 0)
    fault("program-value", `Threshold ${program.thresholds[badThreshold]} exceeds ${needs.thresholdBits} bits`);
  const membraneLimit = needs.dynamics ? 2 ** 31 : 2 ** (needs.membraneBits - 1);
  const badInitial = program.initials.findIndex((v) => v < -membraneLimit || v >= membraneLimit);
  if (badInitial >= 0)
    fault("program-value", `Initial membrane ${program.initials[badInitial]} exceeds ${needs.membraneBits} bits`);

  const code = reachable(program, fault);
  for (const [address, decoded] of code) checkTarget(address, decoded, program, fault);
  checkDynamics(code, needs, fault);
  if (shapeSize(program.readout.shape) + program.readout.state > needs.stateDepth)
    fault("program-readout", `The readout ends beyond ${needs.stateDepth} state words`);
  const { parts, shape: inputShape } = program.input;
  const taken = parts?.reduce((sum, { values, times }) => sum + values * times, 0) ?? shapeSize(inputShape);
  if (taken !== shapeSize(inputShape) || parts?.some(({ values, times }) => values < 1 || times < 1))
    fault("program-size", `The parts of a sample have ${taken} values, its shape ${shapeSize(inputShape)}`);
  for (const { name, shape } of [program.input, ...program.populations]) {
    if (shapeSize(shape) > largestPopulation)
      fault("program-size", `"${name}" has ${shapeSize(shape)} values, wanted at most ${largestPopulation}`);
  }
  for (const note of program.passes) checkNote(program, note, fault);
  return faults;
}

function checkNote(
  { words, populations }: Program,
  note: PassNote,
  fault: (code: string, message: string) => void,
): void {
  const word = words[note.address];
  if (word === undefined || decodeInstruction(word)?.instruction.mnemonic !== "pass")
    fault("program-note", `The note at ${note.address} is not on a pass instruction`);
  for (const name of [note.neurons, note.candidates?.population]) {
    if (name !== undefined && !populations.some((p) => p.name === name))
      fault("program-note", `The note at ${note.address} names unknown population "${name}"`);
  }
  if (visitedCount(note.visit) > largestPopulation)
    fault("program-note", `The note at ${note.address} tells of ${visitedCount(note.visit)} visits`);
}

/** What keeps a program from running on a core; empty when it fits. */
export function misfits(program: Program, config: CoreConfig): readonly Diagnostic[] {
  const { needs } = program;
  const faults: Diagnostic[] = [];
  const misfit = (item: string, need: number, have: number, wanted: string) =>
    faults.push({
      code: "program-misfit",
      severity: "error",
      message: `Cannot run "${program.name}" on core ${config.name}: needs ${item} ${need}, the core has ${have}`,
      place: { item },
      found: String(have),
      wanted,
    });
  if (needs.lanes !== config.lanes) misfit("lanes", needs.lanes, config.lanes, String(needs.lanes));
  // lists of synapses lie across the lanes of a row
  if (needs.scatter && config.scatter && needs.weightBits !== config.weightBits)
    misfit("weightBits", needs.weightBits, config.weightBits, String(needs.weightBits));
  if (needs.dynamics !== config.dynamics)
    misfit("dynamics", needs.dynamics, config.dynamics, needs.dynamics ? "a core with dynamics" : "one without");
  for (const item of minimums) {
    if (needs[item] > config[item]) misfit(item, needs[item], config[item], `at least ${needs[item]}`);
  }
  return faults;
}

/**
 * Passes a program on if it is legal and fits `config`.
 *
 * @throws SpikewrightError `program-size`, `program-value`, `program-code`, `program-readout`, `program-note`,
 *   `program-misfit`.
 */
export function verifyProgram(program: Program, config: CoreConfig): Program {
  const faults = [...programFaults(program), ...misfits(program, config)];
  if (faults.length > 0) throw new SpikewrightError(faults);
  return program;
}

/** Instructions that control flow can reach from word 0, by address. */
export function reachable(
  { words }: Pick<Program, "words">,
  fault: (code: string, message: string) => void = () => {},
): ReadonlyMap<number, DecodedInstruction> {
  const found = new Map<number, DecodedInstruction>();
  const open = [0];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    if (found.has(address)) continue;
    const word = words[address];
    const decoded = word === undefined ? undefined : decodeInstruction(word);
    if (!decoded) {
      fault(
        "program-code",
        `Control flow reaches word ${address}, which is ${word === undefined ? "missing" : "no instruction"}`,
      );
      continue;
    }
    found.set(address, decoded);
    open.push(...successors(address, decoded));
  }
  return found;
}

function checkTarget(
  address: number,
  { instruction, values }: DecodedInstruction,
  { words: { length }, needs }: Program,
  fault: (code: string, message: string) => void,
): void {
  if (instruction.mnemonic === "pass" && values["table"]! + stepTableWords > length)
    fault("program-code", `The step table of the pass at ${address} ends beyond ${length} words`);
  if (instruction.mnemonic === "pass" && values["merge"] === 3)
    fault("program-code", `The pass at ${address} has merge 3`);
  if (instruction.mnemonic === "set" && !needs.dynamics && values["register"]! > 15)
    fault("program-code", `Word ${address} sets register ${values["register"]}, which does not exist`);
  if ((instruction.mnemonic === "learn" || instruction.mnemonic === "reward") && !needs.learning)
    fault("program-code", `Word ${address} learns, but needs says that no core has to`);
  if (instruction.mnemonic === "reward" && needs.learning === 1)
    fault("program-code", `Word ${address} rewards, but needs says that no core has to`);
  if (instruction.mnemonic === "scatter" && !needs.scatter)
    fault("program-code", `Word ${address} scatters, but needs says that no core has to`);
}

function checkDynamics(
  code: ReadonlyMap<number, DecodedInstruction>,
  needs: CoreNeeds,
  fault: (code: string, message: string) => void,
): void {
  if (needs.learning && !needs.dynamics) fault("program-code", "The program needs learning without dynamics");
  if (needs.scatter && (!needs.dynamics || needs.learning))
    fault("program-code", `The program needs scatter ${needs.dynamics ? "beside learning" : "without dynamics"}`);
  if (needs.scatter && needs.lanes * needs.weightBits !== synapseRowBits)
    fault(
      "program-code",
      `The program needs scatter with rows of ${needs.lanes * needs.weightBits} bits, wanted ${synapseRowBits}`,
    );
  for (const [address, decoded] of code)
    for (const found of instructionFaults(decoded, needs)) fault("program-code", `Word ${address} ${found}`);
  if (!needs.dynamics) return;
  const found = new Set<string>();
  const followed = eachPass(code, (address, values) => {
    for (const text of spacingFaults(values)) found.add(`The pass at ${address} ${text}`);
  });
  for (const message of found) fault("program-code", message);
  if (!followed) fault("program-code", "The program has too many ways to its passes to be checked");
}
