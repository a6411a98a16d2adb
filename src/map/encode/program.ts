import type { CoreConfig } from "../../arch/core-config.js";
import { inputBits, type PassNote, type Program, type VisitOrder } from "../../program/program.js";
import type { Blueprint } from "../plan/blueprint.js";
import type { PassPlan } from "../plan/plan.js";
import type { Unit } from "../shape/network.js";
import { CodeBuilder } from "./code.js";
import { type PassAddresses, type PassFields, passFields } from "./pass-fields.js";

/** Registers that `input` uses too: they are loaded for it first. */
const writerRegisters = ["list", "pointer", "channels", "index"];

/** Instructions and notes of a blueprint. */
export interface Code {
  /** Words of the program memory. */
  readonly size: number;
  /** Absent when there are more than a program can have. */
  readonly words: Uint32Array | undefined;
  readonly notes: readonly PassNote[];
  /** Name of the unit that the pass at each address serves. */
  readonly owners: ReadonlyMap<number, string>;
}

/** Fields of every pass of a blueprint, to be checked before packing. */
export function fieldsOf(blueprint: Blueprint): ReadonlyMap<PassPlan, PassFields> {
  const { lanes } = blueprint.workshop.config;
  const fields = new Map<PassPlan, PassFields>();
  const add = (pass: PassPlan) => fields.set(pass, passFields(pass, lanes, addressesOf(blueprint, pass)));
  for (const operation of blueprint.operations) {
    if (operation.kind === "pass") add(operation);
    else if (operation.kind === "loop") operation.body.forEach(add);
  }
  return fields;
}

/**
 * Writes the code of a blueprint. Everything that can be loaded before the input is: the core is idle then.
 *
 * Word 0 begins the sample, and `jump 0` after `done` begins the next one.
 */
export function writeCode(blueprint: Blueprint, fields: ReadonlyMap<PassPlan, PassFields>): Code {
  const code = new CodeBuilder();
  const notes: PassNote[] = [];
  const owners = new Map<number, string>();
  const addPass = (pass: PassPlan) => {
    const address = code.pass(fields.get(pass)!);
    notes.push(noteOf(pass, address));
    owners.set(address, pass.unit.name);
  };
  const { operations } = blueprint;
  const first = operations.find((operation) => operation.kind === "pass");
  for (const operation of operations) {
    if (operation.kind === "input") {
      const { list } = operation;
      code.set("list", { address: blueprint.lists.addresses.get(list)! });
      code.set("pointer", { address: blueprint.pointers.addresses.get(list)! });
      code.set("channels", { count: list.channels });
      code.set("index", { value: 0 });
      if (first) code.prepare(fields.get(first)!, writerRegisters);
      code.add("input", { count: list.entries });
    } else if (operation.kind === "pass") addPass(operation);
    else {
      code.add("count", { counter: 0, value: operation.times });
      const begin = code.here;
      code.enterLoop(operation.body.map((pass) => fields.get(pass)!));
      if (operation.untilQuiet) code.add("mark");
      operation.body.forEach(addPass);
      // `quiet` leaves to the word after `loop`
      if (operation.untilQuiet) code.add("quiet", { address: code.here + 2 });
      code.add("loop", { counter: 0, address: begin });
    }
  }
  code.add("done");
  code.add("jump", { address: 0 });
  return { size: code.size, words: code.finish(), notes, owners };
}

function addressesOf(blueprint: Blueprint, pass: PassPlan): PassAddresses {
  const { walk, emit, unit } = pass;
  return {
    parameters: blueprint.parameters.addresses.get(unit)!,
    state: blueprint.states.addresses.get(unit) ?? 0,
    weights: walk ? blueprint.weights.addresses.get(walk.weights)! : 0,
    sourcePointer: walk ? blueprint.pointers.addresses.get(walk.list)! : 0,
    targetList: emit ? blueprint.lists.addresses.get(emit)! : 0,
    targetPointer: emit ? blueprint.pointers.addresses.get(emit)! : 0,
  };
}

function noteOf(pass: PassPlan, address: number): PassNote {
  const { unit, layout, rows, groups, emit, meaning } = pass;
  const { visit } = layout;
  const own: VisitOrder = {
    ...visit,
    rows: rows.count,
    groups: groups.count,
    lastLanes: groups.first + groups.count === visit.groups ? visit.lastLanes : visit.lanes,
  };
  return {
    address,
    ...(unit.neurons ? { neurons: unit.neurons.name } : {}),
    firstRow: rows.first,
    firstGroup: groups.first,
    ...(emit ? { candidates: { population: emit.source, first: emit.first } } : {}),
    visit: own,
    meaning,
  };
}

/** Contents of the parameter memory: threshold and initial membrane of each channel, unit by unit. */
export function parameterWords({ parameters, workshop }: Blueprint): {
  thresholds: Uint32Array;
  initials: Int32Array;
} {
  const thresholds = new Uint32Array(parameters.used).fill(1);
  const initials = new Int32Array(parameters.used);
  for (const unit of workshop.network.units) {
    const at = parameters.addresses.get(unit)!;
    if (!unit.neurons) continue;
    thresholds.set(unit.neurons.vThreshold, at);
    initials.set(unit.neurons.vInit, at);
  }
  return { thresholds, initials };
}

/** Contents of the weight memory, row by row. */
export function weightRows({ weights }: Blueprint, { lanes }: CoreConfig): Int8Array {
  const rows = new Int8Array(weights.used * lanes);
  for (const [plan, row] of weights.addresses) rows.set(plan.weights, row * lanes);
  return rows;
}

/** The parts of a program that come straight from the graph. */
export function descriptionOf(blueprint: Blueprint): Pick<Program, "name" | "input" | "readout" | "populations"> {
  const { graph, units } = blueprint.workshop.network;
  const readout = units.find((unit): unit is Unit => unit.name === graph.readout.population)!;
  const { name, shape, max } = graph.input;
  return {
    name: graph.name,
    input: { name, shape, max, bits: inputBits(max) },
    readout: { population: readout.name, shape: readout.shape, state: blueprint.states.addresses.get(readout)! },
    populations: graph.populations.map((population) => ({
      name: population.name,
      shape: population.shape,
      kind: population.kind,
    })),
  };
}
