import type { CoreConfig } from "../../../arch/core-config.js";
import type { FieldValues } from "../../../program/instruction.js";
import { type DynamicsGraph, delaysOf, neuronCount } from "../../../snn/dynamics/graph.js";
import { type Allocation, allocate, type Need } from "../../allocate.js";
import type { DynamicsPlan } from "../plan.js";
import { clearOperations } from "./clear.js";
import type { Operation, Section } from "./operation.js";
import { behaviourRegisters, noWalk, visitRegisters } from "./pass-registers.js";
import { modulo, noteOf, readoutPass } from "./passes.js";
import { type ProgramSections, withClearing } from "./step-sections.js";

/** Several steps at a time: where the lists of each layer lie while it is read and written. */
export interface LayerPlan {
  /** Steps that are taken in at once. */
  readonly chunk: number;
  /** Layer by layer from the input on; the last one emits nothing. */
  readonly sources: readonly string[];
  readonly lists: Allocation<string>;
  readonly pointers: Allocation<string>;
}

/**
 * The layers of a network in which every step of a layer can be computed before any step of the next: a chain without delays,
 * without competition and learning, and with at most one user of the noise generator. Undefined for any other network.
 */
function chainOf(graph: DynamicsGraph): readonly string[] | undefined {
  const { inputs, populations, projections } = graph;
  const [input] = inputs;
  if (inputs.length !== 1 || input!.kind !== "events") return undefined;
  if (populations.some(({ values, winnerTakeAll }) => values || winnerTakeAll)) return undefined;
  if (populations.filter(({ dynamics }) => dynamics.noise).length > 1) return undefined;
  if (
    projections.length !== populations.length ||
    projections.some((p) => Math.max(...delaysOf(p)) > 0 || p.plasticity)
  )
    return undefined;
  const chain = [input!.name];
  for (const { name } of populations) {
    if (!projections.some((p) => p.target === name && p.source === chain.at(-1))) return undefined;
    chain.push(name);
  }
  return chain;
}

/** Plans passes over many steps; undefined where the network or the lists of a core allow no more than a step at a time. */
export function planLayers(graph: DynamicsGraph, config: CoreConfig): LayerPlan | undefined {
  const chain = chainOf(graph);
  if (!chain) return undefined;
  const sources = chain.slice(0, -1);
  const sizeOf = (name: string) =>
    neuronCount([...graph.inputs, ...graph.populations].find((part) => part.name === name)!.shape);
  const most = Math.floor(Math.min(2 ** config.indexBits, 2047) / Math.max(...sources.map(sizeOf)));
  for (let parts = Math.max(1, Math.ceil(graph.steps / most)); parts < graph.steps; parts++) {
    const chunk = Math.ceil(graph.steps / parts);
    if (chunk < 2) return undefined;
    // list n is written in pass n and read in pass n + 1
    const needs = (words: (name: string) => number) =>
      new Map<string, Need>(sources.map((name, n) => [name, { words: words(name), from: n, to: n + 1 }]));
    const lists = allocate(needs((name) => chunk * sizeOf(name)));
    const pointers = allocate(needs(() => chunk + 1));
    if (lists.used <= config.listDepth && pointers.used <= config.pointerDepth)
      return { chunk, sources, lists, pointers };
  }
  return undefined;
}

/** A network whose layers are computed one after the other, for as many steps as the lists hold. */
export function layerSections(plan: DynamicsPlan, layers: LayerPlan): ProgramSections {
  const { steps, reset } = plan.graph;
  const times = Math.floor(steps / layers.chunk);
  const rest = steps - times * layers.chunk;
  const body = chunkOperations(plan, layers, layers.chunk);
  const clear = reset === "sample" ? clearOperations(plan) : [];
  const turn: readonly Section[] = clear.length > 0 ? [{ kind: "first-turn", body: clear }] : [];
  const most: readonly Section[] =
    times > 1 ? [{ kind: "loop", times, body: withClearing(body, turn) }] : withClearing(body, clear);
  const last = rest > 0 ? chunkOperations(plan, layers, rest) : [];
  const once = reset === "sample" ? [] : clearOperations(plan);
  return { once, samples: [[...most, ...last, readoutPass(plan)]] };
}

function chunkOperations(plan: DynamicsPlan, layers: LayerPlan, chunk: number): readonly Operation[] {
  const [input] = layers.sources;
  const size = plan.sources.get(input!)!.size;
  const registers = new Map<string, FieldValues>();
  writerRegisters(registers, layers, input!, size);
  return [
    { kind: "input", registers, count: size * chunk, state: false },
    ...layers.sources.map((source, n) => layerPass(plan, layers, source, layers.sources[n + 1], chunk)),
  ];
}

/** One pass over `chunk` steps of a layer: a column a step, each of the same neurons. */
function layerPass(
  plan: DynamicsPlan,
  layers: LayerPlan,
  source: string,
  emitted: string | undefined,
  chunk: number,
): Operation {
  const { target } = plan.graph.projections.find((p) => p.source === source)!;
  const layout = plan.layouts.populations.get(target)!;
  const { base, groupRows } = plan.blocks.get(target)!;
  const { size } = plan.sources.get(source)!;
  const registers = new Map<string, FieldValues>();
  visitRegisters(registers, layout);
  noWalk(registers);
  behaviourRegisters(registers, layout, { rewind: true });
  registers.set("grid", { columns: chunk, rows: 1 });
  registers.set("source-size", { width: chunk, height: 1 });
  registers.set("kernel", { width: 1, rows: 1 });
  registers.set("origin", { x: 0, y: 0 });
  registers.set("origin-pointer", { address: layers.pointers.addresses.get(source)! });
  registers.set("weight-base", { row: modulo(base) });
  registers.set("row-step", { row: 0 });
  if (emitted) writerRegisters(registers, layers, emitted, layout.size);
  const { groups } = layout;
  // neuron i of step k has index k * size + i
  const next = { x: 1, weight: modulo(-(groups - 1) * groupRows - size) };
  const levels = [{}, {}, groups > 1 ? { weight: modulo(groupRows) } : {}, next, {}];
  const { visit, ...note } = noteOf(layout, "steps");
  return {
    kind: "pass",
    fields: { registers, levels, instruction: { store: 1, emit: Number(emitted !== undefined) } },
    note: { ...note, visit: { ...visit, columns: chunk, rewind: true } },
  };
}

function writerRegisters(
  registers: Map<string, FieldValues>,
  { lists, pointers }: LayerPlan,
  source: string,
  size: number,
): void {
  registers.set("list", { address: lists.addresses.get(source)! });
  registers.set("pointer", { address: pointers.addresses.get(source)! });
  registers.set("channels", { count: size });
  registers.set("index", { value: 0 });
}
