import { type CoreConfig, coreConfigs } from "../../arch/core-config.js";
import { synapseRowBits, synapseRowHalves } from "../../arch/dynamics/scatter.js";
import { writeRowHalves } from "../pass/synapse-lists.js";
import {
  type CoreNeeds,
  type InputPart,
  inputBits,
  type PassNote,
  type Program,
  type ProgramPopulation,
} from "../program.js";
import type { Operands, Report } from "./operands.js";

/** What directives have said so far. */
export interface Sections {
  name?: string;
  needs?: CoreNeeds;
  input?: Program["input"];
  readout?: Program["readout"];
  worstCaseCycles: number;
  readonly populations: ProgramPopulation[];
  readonly thresholds: number[];
  readonly initials: number[];
  readonly weights: number[];
  readonly passes: PassNote[];
  /** Waits for its pass instruction. */
  note: Omit<PassNote, "address"> | undefined;
}

/** Fields of `.core` with their largest value. */
export const needsLimits = {
  lanes: 63,
  weightBits: 8,
  accumulatorBits: 32,
  membraneBits: 32,
  thresholdBits: 32,
  quotientBits: 8,
  indexBits: 16,
  weightDepth: 65536,
  listDepth: 65536,
  pointerDepth: 65536,
  parameterDepth: 65536,
  stateDepth: 65536,
  programDepth: 1024,
  dynamics: 1,
  learning: 2,
  scatter: 1,
} as const satisfies Record<keyof Omit<CoreNeeds, "config">, number>;

/** Fields of the visit order in a `.note`. */
export const visitFields = [
  "columns",
  "rows",
  "windowColumns",
  "windowRows",
  "groups",
  "lanes",
  "lastLanes",
  "positionLanes",
] as const;

/** @param core Core that is meant unless `.core` names another. */
export function startSections(core: CoreConfig | undefined): Sections {
  return {
    ...(core ? { needs: needsOf(core) } : {}),
    worstCaseCycles: 0,
    populations: [],
    thresholds: [],
    initials: [],
    weights: [],
    passes: [],
    note: undefined,
  };
}

function needsOf({ name, technology: _, linkDepth: __, ...fields }: CoreConfig): CoreNeeds {
  return { config: name, ...fields };
}

/** Reads one directive into `sections`. */
export function readDirective(name: string, operands: Operands, sections: Sections, report: Report): void {
  const read = directives[name];
  if (read) read(operands, sections, report);
  else report("assembly-directive", `"${name}" is no directive, wanted ${Object.keys(directives).join(", ")}`);
}

const directives: Record<string, (operands: Operands, sections: Sections, report: Report) => void> = {
  ".program": (operands, sections) => {
    sections.name = operands.bare() ?? "";
  },
  ".core": (operands, sections, report) => {
    const config = operands.bare() ?? "";
    const known = coreConfigs.find((c) => c.name === config);
    const fields = Object.entries(needsLimits).map(([field, limit]) => {
      const fallback = known?.[field as keyof typeof needsLimits];
      return [field, operands.integer(field, 0, limit, fallback)] as const;
    });
    sections.needs = { config, ...(Object.fromEntries(fields) as Omit<CoreNeeds, "config">) };
    if (sections.needs.lanes === 0) report("assembly-range", '"lanes" is 0, wanted at least 1');
  },
  ".input": (operands, sections) => {
    const max = operands.integer("max", 1, 255);
    const parts = operands.text("parts");
    sections.input = {
      name: operands.bare() ?? "",
      shape: operands.shape("shape"),
      max,
      bits: inputBits(max),
      ...(parts === undefined ? {} : { parts: readParts(parts) }),
    };
  },
  ".readout": (operands, sections) => {
    const state = operands.integer("state", 0, 65535);
    sections.readout = { population: operands.bare() ?? "", shape: operands.shape("shape"), state };
  },
  ".population": (operands, sections, report) => {
    const name = operands.bare() ?? "";
    const kind = operands.bare() ?? "";
    if (kind !== "spiking" && kind !== "pool") report("assembly-operand", `kind "${kind}", wanted spiking or pool`);
    else sections.populations.push({ name, shape: operands.shape("shape"), kind });
  },
  ".worst-case": (operands, sections) => {
    sections.worstCaseCycles = operands.integer("cycles", 0, 2 ** 52);
  },
  ".const": (operands) => {
    operands.bare();
    operands.number(operands.bare() ?? "");
  },
  ".parameter": (operands, sections) => {
    sections.thresholds.push(operands.integer("threshold", 0, 2 ** 32 - 1));
    sections.initials.push(operands.integer("initial", -(2 ** 31), 2 ** 31 - 1));
  },
  ".row": (operands, sections, report) => {
    const row: number[] = [];
    for (let text = operands.bare(); text !== undefined; text = operands.bare()) row.push(operands.number(text));
    const lanes = sections.needs?.lanes ?? 0;
    if (row.length > lanes) report("assembly-range", `${row.length} weights in a row, wanted at most ${lanes}`);
    if (row.some((w) => w < -128 || w > 127)) report("assembly-range", "a weight exceeds 8 bits");
    while (row.length < lanes) row.push(0);
    for (const weight of row) sections.weights.push(weight);
  },
  ".synapses": (operands, sections, report) => {
    const numbers: number[] = [];
    for (let text = operands.bare(); text !== undefined; text = operands.bare()) numbers.push(operands.number(text));
    const goesOn = operands.text("next");
    const next = goesOn === undefined ? undefined : operands.number(goesOn);
    const synapses = [0, 2].flatMap((at) => {
      const [target, weight] = [numbers[at], numbers[at + 1]];
      return target === undefined || weight === undefined ? [] : [{ target, weight }];
    });
    const { lanes, weightBits } = sections.needs ?? { lanes: 0, weightBits: 0 };
    if (lanes * weightBits !== synapseRowBits)
      return report("assembly-range", `rows of ${lanes * weightBits} bits hold no synapses, wanted ${synapseRowBits}`);
    if (numbers.length % 2 !== 0 || numbers.length > 4)
      report("assembly-operand", `${numbers.length} numbers, wanted target and weight of at most two synapses`);
    if (synapses.some(({ target, weight }) => target < 0 || target > 65535 || weight < -128 || weight > 127))
      report("assembly-range", "a target exceeds 16 bits, or a weight 8");
    if (next !== undefined && (next < 0 || next > 16383 || synapses.length < 2))
      report("assembly-range", `next is ${next}, wanted a row 0..16383 behind two synapses`);
    const row = new Int8Array(lanes);
    const rows = { weights: row, stride: lanes, config: { lanes, weightBits, weightDepth: 1 } };
    writeRowHalves(rows, 0, synapseRowHalves({ synapses, ...(next !== undefined && { next }) }));
    sections.weights.push(...row);
  },
  ".note": (operands, sections) => {
    const neurons = operands.text("neurons");
    const population = operands.text("candidates");
    const visit = Object.fromEntries(visitFields.map((field) => [field, operands.integer(field, 1, 65535)]));
    const rewind = operands.integer("rewind", 0, 1, 0) === 1 ? { rewind: true } : {};
    sections.note = {
      ...(neurons === undefined ? {} : { neurons }),
      firstRow: operands.integer("row", 0, 65535, 0),
      firstGroup: operands.integer("group", 0, 65535, 0),
      ...(population === undefined
        ? {}
        : { candidates: { population, first: operands.integer("first", 0, 2 ** 31, 0) } }),
      visit: { ...(visit as unknown as PassNote["visit"]), ...rewind },
      meaning: operands.required("meaning"),
    };
  },
};

/** `784x1 10x50`: values and times of each part. */
function readParts(text: string): readonly InputPart[] {
  return text.split(" ").map((part) => {
    const [values = 0, times = 0] = part.split("x").map(Number);
    return { values, times };
  });
}

/** The program, or undefined after reporting what it lacks. */
export function finishSections(sections: Sections, words: Uint32Array, report: Report): Program | undefined {
  const { name, needs, input, readout } = sections;
  for (const [directive, value] of Object.entries({
    ".program": name,
    ".core": needs,
    ".input": input,
    ".readout": readout,
  }))
    if (value === undefined) report("assembly-missing", `directive "${directive}" is missing`);
  if (sections.note) report("assembly-directive", "the last note has no pass");
  if (name === undefined || needs === undefined || input === undefined || readout === undefined) return undefined;
  return {
    name,
    needs,
    words,
    thresholds: Uint32Array.from(sections.thresholds),
    initials: Int32Array.from(sections.initials),
    weights: Int8Array.from(sections.weights),
    input,
    readout,
    populations: sections.populations,
    passes: sections.passes,
    worstCaseCycles: sections.worstCaseCycles,
  };
}
