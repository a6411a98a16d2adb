import type { FieldValues } from "../../../program/instruction.js";
import type { PassNote } from "../../../program/program.js";
import type { PassFields } from "../../encode/pass-fields.js";
import type { DynamicsPlan, PlacedSource } from "../plan.js";
import type { NeuronLayout } from "../shape/layout.js";
import type { WeightBlock } from "../shape/weights.js";
import type { Operation } from "./operation.js";
import { behaviourRegisters, noWalk, type PassBehaviour, visitRegisters } from "./pass-registers.js";

type PassOperation = Extract<Operation, { kind: "pass" }>;

export const modulo = (value: number, by = 65536): number => ((value % by) + by) % by;

/** Pointer of the list in which a source's spikes of a step are: list k holds those of steps k, k + lists, … */
export function pointerOf({ pointers }: DynamicsPlan, source: PlacedSource, step: number): number {
  return pointers.at(source.name, modulo(step, source.lists));
}

/** Neurons of the largest list that is one pixel: with this all such lists are, and the register need not change. */
function largestPixel({ sources }: DynamicsPlan): number {
  return [...sources.values()].reduce((most, { pixels, size }) => (pixels === 1 ? Math.max(most, size) : most), 1);
}

/** Takes the events of an input in step `step`, or its values for the sample. */
export function inputOperation(plan: DynamicsPlan, name: string, step: number): Operation {
  const source = plan.sources.get(name)!;
  const registers = new Map<string, FieldValues>();
  writerRegisters(registers, plan, source, step);
  return { kind: "input", registers, count: source.size, state: false };
}

/** Takes the values of an encoder into its states. */
export function encoderOperation({ layouts }: DynamicsPlan, name: string): Operation {
  const { state, size } = layouts.populations.get(name)!;
  return { kind: "input", registers: new Map([["state", { address: state }]]), count: size, state: true };
}

/** The passes of a population in a step: one, or two in which the second settles what the first has compared. */
export function populationPasses(plan: DynamicsPlan, name: string, step: number): readonly PassOperation[] {
  const layout = plan.layouts.populations.get(name)!;
  const block = plan.blocks.get(name);
  if (!layout.population.winnerTakeAll) return [pass(plan, layout, block, step, { emit: true, meaning: "step" })];
  return [
    pass(plan, layout, block, step, {
      behaviour: { rank: "margin" },
      flags: { mute: 1, argmax: 1 },
      meaning: "integrate",
    }),
    pass(plan, layout, undefined, step, { flags: { settled: 1, winner: 1 }, emit: true, meaning: "settle" }),
  ];
}

const settlingRegisters = ["current", "adaptation", "pre-trace", "post-trace", "inhibition"];

/** Compares the neurons of the readout as they are, and changes nothing. */
export function readoutPass(plan: DynamicsPlan): PassOperation {
  const { population, kind } = plan.graph.readout;
  // no note: what it makes of the neurons is not kept
  const { note: _, ...operation } = pass(plan, plan.layouts.populations.get(population)!, undefined, 0, {
    behaviour: { rank: kind === "count" ? "post-trace" : "potential", isSilent: true },
    flags: { settled: 1, argmax: 1, store: 0 },
    meaning: "readout",
  });
  // how neurons behave is nothing to a comparison of what is stored
  const registers = new Map([...operation.fields.registers].filter(([name]) => !settlingRegisters.includes(name)));
  return { ...operation, fields: { ...operation.fields, registers } };
}

interface PassSettings {
  readonly behaviour?: PassBehaviour;
  readonly flags?: FieldValues;
  readonly emit?: boolean;
  readonly meaning: string;
}

function pass(
  plan: DynamicsPlan,
  layout: NeuronLayout,
  block: WeightBlock | undefined,
  step: number,
  { behaviour, flags = {}, emit = false, meaning }: PassSettings,
): PassOperation {
  const registers = new Map<string, FieldValues>();
  visitRegisters(registers, layout);
  behaviourRegisters(registers, layout, behaviour);
  const levels = block ? walkRegisters(registers, plan, block, step) : [];
  if (!block) noWalk(registers);
  const target = emit ? plan.sources.get(layout.population.name) : undefined;
  if (target) writerRegisters(registers, plan, target, step);
  if (target || flags["argmax"] || flags["winner"]) registers.set("index", { value: 0 });
  const instruction = { store: 1, emit: Number(target !== undefined), ...flags };
  return { kind: "pass", fields: { registers, levels, instruction }, note: noteOf(layout, meaning) };
}

function writerRegisters(
  registers: Map<string, FieldValues>,
  plan: DynamicsPlan,
  source: PlacedSource,
  step: number,
): void {
  registers.set("list", { address: source.list + modulo(step, source.buffers) * source.capacity });
  registers.set("pointer", { address: pointerOf(plan, source, step) });
  registers.set("channels", { count: source.pixels > 1 ? source.size / source.pixels : largestPixel(plan) });
  registers.set("index", { value: 0 });
}

/** Registers of the walk of a step; returns the deltas of the step table. */
function walkRegisters(
  registers: Map<string, FieldValues>,
  plan: DynamicsPlan,
  block: WeightBlock,
  step: number,
): PassFields["levels"] {
  registers.set("row-step", { row: modulo(block.rowStep) });
  if (block.target.isWindowed) return windowRegisters(registers, plan, block, step);
  const { walk, base, groupRows, target } = block;
  const depth = plan.config.pointerDepth;
  const starts = walk.map(({ source, delay }) => pointerOf(plan, plan.sources.get(source)!, step - delay));
  const { pixels } = plan.sources.get(walk[0]!.source)!;
  // a list that is walked again is once around the pointers away
  const stride = walk.length > 1 ? modulo(starts[1]! - starts[0]!, depth) || depth : pixels;
  if (starts.some((start, row) => modulo(start - starts[0]! - row * stride, depth) !== 0))
    throw new Error(`sources of "${target.population.name}" are not equally far apart`);
  registers.set("source-size", { width: stride, height: walk.length });
  registers.set("kernel", { width: pixels, rows: walk.length });
  registers.set("origin", { x: 0, y: 0 });
  registers.set("origin-pointer", { address: starts[0]! });
  registers.set("weight-base", { row: modulo(base) });
  const next = { weight: modulo(groupRows) };
  return [{}, {}, target.groups > 1 ? next : {}, target.columns > 1 ? next : {}, {}];
}

function windowRegisters(
  registers: Map<string, FieldValues>,
  plan: DynamicsPlan,
  { target, walk, base, groupRows }: WeightBlock,
  step: number,
): PassFields["levels"] {
  const { projection, delay } = walk[0]!;
  const { synapses, source: name } = plan.graph.projections.find((p) => p.name === projection)!;
  if (synapses.kind !== "convolution") throw new Error("a window that is none");
  const [height, width, channels] = [...plan.graph.inputs, ...plan.graph.populations].find(
    (p) => p.name === name,
  )!.shape;
  const [top, left] = synapses.padding;
  const source = plan.sources.get(name)!;
  registers.set("source-size", { width, height });
  registers.set("kernel", { width: synapses.kernel[1], rows: synapses.kernel[0] });
  registers.set("origin", { x: -left, y: -top });
  registers.set("origin-pointer", { address: modulo(pointerOf(plan, source, step - delay) - top * width) });
  // row of entry i: base + (y - Y) * kernel width * channels + i - (y * width + X) * channels, (X, Y) the window's corner
  registers.set("weight-base", { row: modulo(base + (left + top * width) * channels) });
  const move = (x: number, y: number, group: number): FieldValues => ({
    x,
    y,
    pointer: modulo(y * width),
    weight: modulo(group * groupRows - (x + y * width) * channels),
  });
  const { columns, rows, groups } = target;
  const [down, right] = synapses.stride;
  const back = -(groups - 1);
  return [
    {},
    {},
    groups > 1 ? move(0, 0, 1) : {},
    columns > 1 ? move(right, 0, back) : {},
    rows > 1 ? move(-(columns - 1) * right, down, back) : {},
  ];
}

/** The order of visits as a monitor has to know it. */
export function noteOf(layout: NeuronLayout, meaning: string): Omit<PassNote, "address"> {
  const { population, columns, rows, groups, lanes, lastLanes } = layout;
  return {
    neurons: population.name,
    firstRow: 0,
    firstGroup: 0,
    visit: { columns, rows, windowColumns: 1, windowRows: 1, groups, lanes, lastLanes, positionLanes: lanes },
    meaning,
  };
}
