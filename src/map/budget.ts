import type { CoreConfig } from "../arch/core-config.js";
import { passRegisters, stepWords } from "../arch/isa.js";
import { fitsField } from "../program/instruction.js";
import type { Diagnostic } from "../support/diagnostic.js";
import type { PassFields } from "./encode/pass-fields.js";
import type { Blueprint } from "./plan/blueprint.js";
import type { PassPlan } from "./plan/plan.js";
import { layOut } from "./shape/layout.js";
import type { Network, Unit } from "./shape/network.js";

/** One memory of the core: words that a program uses, and words that there are. */
export interface ResourceUse {
  readonly resource: "weights" | "list" | "pointers" | "parameters" | "state" | "program";
  readonly used: number;
  readonly available: number;
  /** What needs most of it, with how much. */
  readonly largest: { readonly item: string; readonly words: number } | undefined;
}

/** What each memory has to hold. `programWords` is the length of the code, if it could be written. */
export function resourceUse(blueprint: Blueprint, programWords: number | undefined): readonly ResourceUse[] {
  const { workshop, lists, pointers, states, weights, parameters, lifetimes } = blueprint;
  const { config } = workshop;
  const rows = [...weights.addresses.keys()].map(
    (plan) => [targetOf(blueprint, plan), plan.weights.length / config.lanes] as const,
  );
  const listWords = [...lifetimes.lists].map(([list, need]) => [list.source, need.words] as const);
  const pointerWords = [...lifetimes.pointers].map(([list, need]) => [list.source, need.words] as const);
  const stateWords = [...lifetimes.states].map(([unit, need]) => [unit.name, need.words] as const);
  const channels = workshop.network.units.map((u) => [u.name, workshop.layouts.get(u)!.channels] as const);
  return [
    { resource: "weights", used: weights.used, available: config.weightDepth, largest: largestOf(rows) },
    { resource: "list", used: lists.used, available: config.listDepth, largest: largestOf(listWords) },
    { resource: "pointers", used: pointers.used, available: config.pointerDepth, largest: largestOf(pointerWords) },
    { resource: "parameters", used: parameters.used, available: config.parameterDepth, largest: largestOf(channels) },
    { resource: "state", used: states.used, available: config.stateDepth, largest: largestOf(stateWords) },
    { resource: "program", used: programWords ?? 0, available: config.programDepth, largest: undefined },
  ];
}

/** Rows of weights that the 16-bit addresses of any core reach. */
const addressableRows = 65536;

/**
 * Rows of weights and parameter words of a network that is too large for any core, counted without making a plan;
 * undefined for a network that may fit some core.
 */
export function hopelessUse(network: Network, config: CoreConfig): readonly ResourceUse[] | undefined {
  const rows = network.units.map((unit) => [unit.name, weightRows(network, unit, config.lanes)] as const);
  const channels = network.units.map((unit) => [unit.name, (unit.neurons ?? unit.pool!).shape[2]] as const);
  const used = sum(rows);
  if (used <= addressableRows) return undefined;
  return [
    { resource: "weights", used, available: config.weightDepth, largest: largestOf(rows) },
    { resource: "parameters", used: sum(channels), available: config.parameterDepth, largest: largestOf(channels) },
  ];
}

function weightRows(network: Network, unit: Unit, lanes: number): number {
  const { visit, positions } = layOut(unit, lanes);
  return unit.projections.reduce((rows, { source, kernel, stride }) => {
    const width = kernel[1] + (positions - 1) * stride[1];
    return rows + visit.groups * kernel[0] * width * network.shapes.get(source)![2];
  }, 0);
}

function sum(pairs: readonly (readonly [string, number])[]): number {
  return pairs.reduce((total, [, words]) => total + words, 0);
}

/** The item with most words; items that come again count once, with their largest number. */
function largestOf(pairs: readonly (readonly [string, number])[]): ResourceUse["largest"] {
  return pairs.reduce<ResourceUse["largest"]>(
    (most, [item, words]) => (most && most.words >= words ? most : { item, words }),
    undefined,
  );
}

function targetOf({ workshop }: Blueprint, plan: unknown): string {
  for (const deliveries of workshop.deliveries.values())
    for (const delivery of deliveries) if (delivery.weights === plan) return delivery.unit.name;
  return "";
}

const resourceNames: Record<ResourceUse["resource"], string> = {
  weights: "rows of weights",
  list: "spike-list entries",
  pointers: "pointer words",
  parameters: "parameter words",
  state: "state words",
  program: "program words",
};

/** One finding `does-not-fit` for each memory that is too small. */
export function budgetFaults(name: string, uses: readonly ResourceUse[], config: CoreConfig): readonly Diagnostic[] {
  return uses
    .filter(({ used, available }) => used > available)
    .map(({ resource, used, available, largest }) => {
      const most = largest ? `, most of them (${largest.words}) for "${largest.item}"` : "";
      return {
        code: "does-not-fit",
        severity: "error",
        message: `Cannot place "${name}" on core ${config.name}: needs ${used} ${resourceNames[resource]}${most}, the core has ${available}`,
        place: { item: largest?.item ?? name },
        found: String(used),
        wanted: `at most ${available}`,
        hint: hintFor(resource, config),
      };
    });
}

function hintFor(resource: ResourceUse["resource"], config: CoreConfig): string {
  switch (resource) {
    case "weights":
      return config.weightBits > 2
        ? `Use a board with more weight memory, fewer channels, or a core with fewer weight bits than ${config.weightBits} and more lanes`
        : "Use a board with more weight memory, or fewer channels";
    case "list":
    case "pointers":
      return "Use smaller feature maps (pool earlier, or stride), or a core with a longer list";
    case "state":
      return "Use schedule graded, which keeps no state for most layers, or a core with more state words";
    case "parameters":
      return "Use fewer channels";
    case "program":
      return "Use schedule graded, or fewer layers";
  }
}

/** Findings `geometry-too-large` for passes whose numbers do not fit their instruction or step fields. */
export function fieldFaults(fields: ReadonlyMap<PassPlan, PassFields>, config: CoreConfig): readonly Diagnostic[] {
  const faults = new Map<string, Diagnostic>();
  const report = (item: string, what: string, value: number) => {
    const message = `Cannot place "${item}" on core ${config.name}: ${what} is ${value}, beyond its field`;
    faults.set(`${item} ${what}`, {
      code: "geometry-too-large",
      severity: "error",
      message,
      place: { item },
      found: String(value),
      hint: "Use smaller feature maps",
    });
  };
  for (const [{ unit, emit }, { registers, levels }] of fields) {
    for (const [name, values] of registers) {
      const register = passRegisters.find((r) => r.name === name)!;
      for (const field of register.fields) {
        const value = values[field.name] ?? 0;
        // addresses beyond the memories are findings of the budget
        if (field.name !== "address" && !fitsField(field, value)) report(unit.name, `${name} ${field.name}`, value);
      }
      if (name === "source-size" && values["width"]! > 2047 && values["height"]! > 1)
        report(unit.name, "source width", values["width"]!);
    }
    for (const level of levels) {
      for (const field of stepWords[0]!) {
        const value = level[field.name] ?? 0;
        const signedFits = value >= -(2 ** (field.bits - 1)) && value < 2 ** (field.bits - 1);
        if (!signedFits) report(unit.name, `step in ${field.name}`, value);
      }
    }
    if (emit && emit.entries > 2 ** config.indexBits) report(unit.name, "number of values", emit.entries);
  }
  return [...faults.values()];
}
