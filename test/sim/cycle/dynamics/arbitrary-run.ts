import fc from "fast-check";
import type { CoreConfig } from "../../../../src/arch/core-config.js";
import { timing } from "../../../../src/arch/timing.js";
import {
  decodeInstruction,
  type FieldValues,
  instructionWord,
  passRegister,
  setWord,
  stepTable,
  unpackFields,
} from "../../../../src/program/instruction.js";
import type { CoreRun } from "./core-run.js";
import { type Region, randomMemories, regionsOf } from "./random-memories.js";

const field = (bits: number) => fc.nat(2 ** bits - 1);
const flag = fc.nat(1);
const often = fc.integer({ min: 0, max: 3 }).map((n) => Math.min(n, 1));
const pairOf = (max: number) => fc.tuple(fc.nat(max), fc.nat(max));

const trace = fc.record({
  increment: fc.oneof(field(8), fc.nat(4)),
  shift: field(3),
  decay: fc.nat(2),
  sets: flag,
});

/** What the neurons of a pass share. */
const population = fc.record({
  current: fc.record({
    loss: fc.oneof(fc.constant(4096), fc.nat(4096)),
    rounding: field(2),
    "leak-rounding": field(2),
  }),
  behaviour: fc
    .record({ reset: fc.nat(2), delayed: flag, gate: fc.nat(2), rank: fc.nat(2), noise: flag })
    .map((b) => ({ ...b, delayed: b.reset === 2 ? b.delayed : 0 })),
  adaptation: fc.record({ increment: fc.oneof(fc.nat(10), field(11)), decay: field(4), scale: fc.nat(4) }),
  "pre-trace": trace,
  "post-trace": trace,
  inhibition: fc.record({ amount: fc.oneof(fc.nat(50), field(16)), block: field(4) }),
});

/** How a pass goes through its neurons. Numbers are taken modulo what fits. */
const geometry = fc.record({
  source: fc.nat(2),
  target: fc.nat(1),
  width: fc.nat(30),
  kernel: fc.record({ width: fc.nat(12), rows: fc.nat(4) }),
  origin: fc.record({ x: fc.integer({ min: -4, max: 8 }), y: fc.integer({ min: -3, max: 4 }) }),
  weightBase: field(16),
  rowStep: field(16),
  groups: fc.nat(2),
  lanes: pairOf(31),
  position: fc.nat(31),
  window: pairOf(5).map((extents) => extents.map((n) => Math.max(0, n - 4))),
  columns: fc.nat(5),
  rows: fc.oneof(fc.constant(0), fc.nat(3)),
  parameters: field(16),
  state: field(16),
  channels: fc.nat(40),
  index: fc.nat(9),
  rewind: flag,
  slack: fc.oneof(fc.constant(0), fc.nat(20)),
  steps: fc.array(
    fc.record({
      x: fc.integer({ min: -3, max: 3 }),
      y: fc.integer({ min: -2, max: 2 }),
      weight: field(16),
    }),
    { minLength: 5, maxLength: 5 },
  ),
});

const passFlags = fc
  .record({ fresh: flag, store: often, emit: often, argmax: flag, signed: flag, half: fc.nat(5), winner: flag })
  .map(({ half, winner, argmax, ...rest }) => {
    const settled = half === 1 ? 1 : 0;
    const alone = settled === 1 && winner === 1;
    return { ...rest, mute: half === 0 ? 1 : 0, settled, winner: alone ? 1 : 0, argmax: alone ? 0 : argmax };
  });

const bounds = (config: CoreConfig) => {
  const half = 2 ** (config.weightBits - 1);
  return fc
    .tuple(fc.integer({ min: 1 - half, max: half - 1 }), fc.integer({ min: 1 - half, max: half - 1 }))
    .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));
};

const range = fc.record({ low: field(8), high: fc.oneof(field(9), fc.constant(256)) });

const learn = (config: CoreConfig) =>
  fc.record({
    kind: fc.constant("learn" as const),
    region: fc.nat(2),
    pixel: field(8),
    state: field(16),
    groups: fc.nat(2),
    lanes: pairOf(31),
    weightBase: field(16),
    rowStep: field(16),
    source: fc.record({ state: field(11), rows: fc.nat(12) }),
    pre: fc.record({
      kind: config.learning === 1 ? fc.nat(1) : field(2),
      amount: fc.oneof(fc.nat(3), field(8)),
      shift: field(3),
      stochastic: flag,
    }),
    post: fc.record({
      kind: fc.nat(config.learning === 1 ? 1 : 2),
      amount: fc.oneof(fc.nat(3), field(8)),
      shift: field(3),
      stochastic: flag,
      offset: fc.oneof(fc.nat(3), field(8)),
    }),
    up: range,
    down: range,
    v: fc.oneof(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -100, max: 100 })),
    bounds: bounds(config),
  });

const reward = (config: CoreConfig) =>
  fc.record({
    kind: fc.constant("reward" as const),
    rows: fc.integer({ min: 1, max: 10 }),
    weightBase: field(14),
    gap: fc.nat(5),
    reward: fc.record({ shift: field(3), decay: field(3), negative: flag }),
    bounds: bounds(config),
  });

const scatter = fc.record({
  kind: fc.constant("scatter" as const),
  region: fc.nat(2),
  pixel: field(8),
  weightBase: field(16),
});

const pass = fc.record({ kind: fc.constant("pass" as const), geometry, population, flags: passFlags });
/** Integrate and compare, then let the best fire. */
const contest = fc.record({
  kind: fc.constant("contest" as const),
  geometry,
  population,
  fresh: flag,
  signed: flag,
  emit: flag,
});
const seed = fc.record({ kind: fc.constant("seed" as const), value: field(22) });
/** Whether anything was emitted decides what the generator goes on with. */
const quiet = fc.record({ kind: fc.constant("quiet" as const), value: field(22), mark: flag });
const input = fc.record({ kind: fc.constant("input" as const), state: flag, address: field(16), channels: fc.nat(9) });

type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Geometry = Value<typeof geometry>;
type Population = Value<typeof population>;
/** One step of a random program. */
type Step = Value<
  typeof pass | typeof contest | typeof seed | typeof quiet | typeof scatter | ReturnType<typeof learn | typeof reward>
>;

/** Programs with random contents of all memories for a core with dynamics (and learning, if it has that). */
export function arbitraryRun(config: CoreConfig): fc.Arbitrary<CoreRun> {
  const operations: fc.Arbitrary<Step>[] = [pass, pass, contest, seed, quiet];
  if (config.learning) operations.push(learn(config), learn(config));
  if (config.learning === 2) operations.push(reward(config));
  if (config.scatter) operations.push(scatter, scatter);
  const level = fc.oneof(fc.nat(1), fc.nat(255));
  return fc
    .record({
      seed: fc.integer(),
      inputs: fc.array(input, { minLength: 1, maxLength: 2 }),
      levels: fc.array(level, { minLength: 1, maxLength: 12 }),
      operations: fc.array(fc.oneof(...operations), { minLength: 1, maxLength: 6, size: "max" }),
    })
    .map(({ seed: contents, inputs, levels, operations: steps }) => {
      const regions = regionsOf(config);
      const memories = randomMemories(config, contents, regions);
      const code = new Code(config, regions);
      code.decide();
      for (const each of inputs) code.input(each, levels.length);
      for (const step of steps) code.add(step);
      const run: CoreRun = { config, ...memories, words: code.finish(), levels: inputs.flatMap(() => levels) };
      return Object.defineProperty(run, fc.toStringMethod, { value: () => listing(run, contents) });
    });
}

/** Writes the words of a random program so that it keeps the rules of `hdl/README.md`. */
class Code {
  readonly #config: CoreConfig;
  readonly #regions: readonly Region[];
  readonly #words: number[] = [];
  readonly #tables: { readonly at: number; readonly flags: FieldValues; readonly words: readonly number[] }[] = [];

  constructor(config: CoreConfig, regions: readonly Region[]) {
    this.#config = config;
    this.#regions = regions;
  }

  #set(register: string, values: FieldValues): void {
    this.#words.push(setWord(register, values));
  }

  input({ state, address, channels }: Value<typeof input>, count: number): void {
    const region = this.#regions[0]!;
    const pixelsMost = region.pointerWords - 1;
    const each = Math.max(channels, Math.ceil(count / pixelsMost), 1);
    this.#set("list", { address: region.list });
    this.#set("pointer", { address: region.pointer });
    this.#set("channels", { count: each });
    this.#set("index", { value: channels });
    this.#set("state", { address });
    this.#words.push(instructionWord("input", { count, state }));
    if (state === 0) region.pixels = Math.ceil(count / each);
  }

  /** What runs once: gives the registers `decision` and `best` a value by a pass of one neuron, clears the spike flag. */
  decide(): void {
    this.#set("grid", { columns: 1, rows: 1 });
    this.#set("window", { columns: 1, rows: 1, groups: 1 });
    this.#set("lanes", { visit: 1, last: 1, position: 1 });
    for (const register of ["kernel", "parameters", "state", "index", "current", "behaviour", "seed"])
      this.#set(register, {});
    this.#tables.push({ at: this.#words.length, flags: { argmax: 1, mute: 1 }, words: stepTable([]) });
    this.#words.push(0, instructionWord("mark"));
    this.#start = this.#words.length;
  }

  add(step: Step): void {
    switch (step.kind) {
      case "seed":
        this.#set("seed", { value: step.value });
        break;
      case "quiet":
        this.#words.push(instructionWord("quiet", { address: this.#words.length + 2 }));
        this.#set("seed", { value: step.value });
        if (step.mark === 1) this.#words.push(instructionWord("mark"));
        break;
      case "pass":
        this.#pass(step.geometry, step.population, step.flags);
        break;
      case "contest": {
        const { fresh, signed, emit } = step;
        this.#pass(step.geometry, step.population, { fresh, signed, emit, store: 1, mute: 1, argmax: 1 });
        this.#set("kernel", { width: 0, rows: 0 });
        this.#passWord({ store: 1, emit: 1, settled: 1, winner: 1 }, step.geometry);
        this.#regions[targetOf(step.geometry)]!.pixels = this.#pixels;
        break;
      }
      case "learn":
        this.#learn(step);
        break;
      case "scatter": {
        const region = this.#regions[step.region]!;
        this.#set("origin-pointer", { address: region.pointer + (step.pixel % region.pixels) });
        this.#set("weight-base", { row: step.weightBase });
        this.#words.push(instructionWord("scatter"));
        break;
      }
      case "reward": {
        const { weightDepth } = this.#config;
        const base = step.weightBase % (weightDepth - 2 * step.rows - step.gap);
        this.#set("channels", { count: step.rows });
        this.#set("weight-base", { row: base });
        this.#set("reward", { ...step.reward, row: base + step.rows + step.gap });
        this.#set("weight-bounds", step.bounds);
        this.#words.push(instructionWord("reward"));
        break;
      }
    }
  }

  finish(): number[] {
    this.#words.push(instructionWord("done"), instructionWord("jump", { address: this.#start }));
    for (const { at, flags, words } of this.#tables) {
      this.#words[at] = instructionWord("pass", { ...flags, table: this.#words.length });
      this.#words.push(...words);
    }
    if (this.#words.length > this.#config.programDepth) throw new Error(`a program of ${this.#words.length} words`);
    return this.#words;
  }

  /** Where a sample begins. */
  #start = 0;
  /** Target pixels of the latest pass. */
  #pixels = 0;
  #sourceWidth = 0;

  #pass(g: Geometry, shared: Population, flags: FieldValues): void {
    const { lanes: coreLanes, stateDepth } = this.#config;
    const source = this.#regions[g.source]!;
    const target = this.#regions[targetOf(g)]!;
    const width = 1 + (g.width % source.pixels);
    const height = Math.max(1, Math.floor(source.pixels / width));
    this.#sourceWidth = width;
    const [visit, last] = g.lanes.map((n) => 1 + (n % coreLanes)) as [number, number];
    const window = g.window.map((n) => 1 + n) as [number, number];
    const most = Math.min(target.listWords, stateDepth);
    const groups = 1 + g.groups;
    const perPosition = ((groups - 1) * visit + last) * window[0] * window[1];
    const fits = perPosition <= most;
    const neurons = fits ? perPosition : last;
    const extents = fits ? { groups, window } : { groups: 1, window: [1, 1] as [number, number] };
    const columns = 1 + (g.columns % Math.max(1, Math.floor(most / neurons)));
    const rows = 1 + (g.rows % Math.max(1, Math.floor(most / (neurons * columns))));
    const candidates = neurons * columns * rows;
    const channels = Math.max(1 + g.channels, Math.ceil(candidates / (target.pointerWords - 1)));
    const visits = extents.groups * extents.window[0] * extents.window[1];
    const widest = Math.max(visit, last, g.rewind ? Math.ceil(timing.dynamicsRevisit / visits) : 0);
    this.#pixels = Math.ceil(candidates / channels);

    this.#set("source-size", { width, height });
    this.#set("kernel", g.kernel);
    this.#set("origin", g.origin);
    this.#set("origin-pointer", { address: (source.pointer + g.origin.y * width) & 0xffff });
    this.#set("weight-base", { row: g.weightBase });
    this.#set("row-step", { row: g.rowStep });
    this.#set("grid", { columns, rows });
    this.#set("window", { columns: extents.window[0], rows: extents.window[1], groups: extents.groups });
    this.#set("lanes", { visit, last, position: 1 + (g.position % coreLanes) });
    this.#set("parameters", { address: g.parameters });
    this.#set("state", { address: g.state });
    this.#set("list", { address: target.list });
    this.#set("pointer", { address: target.pointer });
    this.#set("channels", { count: channels });
    this.#set("index", { value: g.index });
    for (const register of ["current", "adaptation", "pre-trace", "post-trace", "inhibition"] as const)
      this.#set(register, shared[register]);
    const spacing = Math.min(widest + g.slack, 63);
    this.#set("behaviour", { ...shared.behaviour, rewind: g.rewind, spacing });
    this.#passWord(flags, g);
    if (flags["emit"] === 1) target.pixels = this.#pixels;
  }

  #passWord(flags: FieldValues, g: Geometry): void {
    const levels = g.steps.map(({ x, y, weight }) => ({ x, y, weight, pointer: (y * this.#sourceWidth) & 0xffff }));
    this.#tables.push({ at: this.#words.length, flags, words: stepTable(levels) });
    this.#words.push(0);
  }

  #learn(step: Value<ReturnType<typeof learn>>): void {
    const region = this.#regions[step.region]!;
    const [visit, last] = step.lanes.map((n) => 1 + (n % this.#config.lanes)) as [number, number];
    this.#set("origin-pointer", { address: region.pointer + (step.pixel % region.pixels) });
    this.#set("state", { address: step.state });
    this.#set("window", { columns: 1, rows: 1, groups: 1 + step.groups });
    this.#set("lanes", { visit, last, position: visit });
    this.#set("weight-base", { row: step.weightBase });
    this.#set("row-step", { row: step.rowStep });
    this.#set("learn-source", step.source);
    this.#set("pre-rule", step.pre);
    this.#set("post-rule", step.post);
    this.#set("spike-driven-up", step.up);
    this.#set("spike-driven-down", step.down);
    this.#set("spike-driven-potential", { v: step.v });
    this.#set("weight-bounds", step.bounds);
    this.#words.push(instructionWord("learn"));
  }
}

/** How a counterexample is shown: its code, its sample and the seed of everything else. */
function listing({ words, levels }: CoreRun, contents: number): string {
  const lines = words.slice(0, words.findIndex((word) => word >>> 28 === 5) + 1).map((word, address) => {
    const { instruction, values } = decodeInstruction(word)!;
    const register = instruction.mnemonic === "set" ? passRegister(values["register"]!)! : undefined;
    const fields = register ? unpackFields(register.fields, values["value"]!) : values;
    return `${address}: ${instruction.mnemonic} ${register?.name ?? ""} ${JSON.stringify(fields)}`;
  });
  return ["", ...lines, `levels ${levels}`, `contents ${contents}`].join("\n");
}

function targetOf(g: Geometry): number {
  return (g.source + 1 + g.target) % 3;
}
