import type { CoreConfig } from "../../../src/arch/core-config.js";
import { mergeModes } from "../../../src/arch/isa.js";
import { passCycles, type VisitShape } from "./timing.js";

/**
 * The core as hdl/README.md words it: plain nested loops over plain arrays, instruction after instruction.
 *
 * Numbers stay below 2^53. `events` lists what the monitors of the core show, in their order.
 */
export interface CoreModel {
  readonly config: CoreConfig;
  readonly program: Uint32Array;
  readonly thresholds: Float64Array;
  readonly vInit: Float64Array;
  readonly pointers: Int32Array;
  readonly payloads: Int32Array;
  readonly indices: Int32Array;
  readonly tracers: Int32Array;
  readonly potentials: Float64Array;
  readonly weights: Int32Array;
  readonly registers: Int32Array;
  readonly counters: Int32Array;
  readonly events: string[];
  pc: number;
  state: "stopped" | "waiting" | "fault";
  cycles: number;
  operations: number;
  spikes: number;
  stalls: number;
  decision: number;
  best: number;
  spiked: boolean;
  fresh: boolean;
}

export function createModel(config: CoreConfig): CoreModel {
  return {
    config,
    program: new Uint32Array(config.programDepth),
    thresholds: new Float64Array(config.parameterDepth),
    vInit: new Float64Array(config.parameterDepth),
    pointers: new Int32Array(config.pointerDepth),
    payloads: new Int32Array(config.listDepth),
    indices: new Int32Array(config.listDepth),
    tracers: new Int32Array(config.stateDepth),
    potentials: new Float64Array(config.stateDepth),
    weights: new Int32Array(config.weightDepth * config.lanes),
    registers: new Int32Array(16),
    counters: new Int32Array(2),
    events: [],
    pc: 0,
    state: "stopped",
    cycles: 0,
    operations: 0,
    spikes: 0,
    stalls: 0,
    decision: 0,
    best: 0,
    spiked: false,
    fresh: true,
  };
}

/** `value` as a two's complement number of `bits` bits. */
export function signed(value: number, bits: number): number {
  const modulus = 2 ** bits;
  const low = ((value % modulus) + modulus) % modulus;
  return low >= modulus / 2 ? low - modulus : low;
}

const hex = (value: number, bits: number): string => (((value % 2 ** bits) + 2 ** bits) % 2 ** bits).toString(16);
const bitsOf = (word: number, lsb: number, bits: number): number => Math.floor(word / 2 ** lsb) % 2 ** bits;

/** Appends candidates to the list, as the writer does. */
interface Writer {
  list: number;
  pointer: number;
  index: number;
  channel: number;
  readonly channels: number;
}

function openWriter(m: CoreModel): Writer {
  const r = m.registers;
  return {
    list: r[12]! & 0xffff,
    pointer: r[13]! & 0xffff,
    channels: r[14]! & 0xffff,
    index: r[15]! & 0xffff,
    channel: 0,
  };
}

function closePointer(m: CoreModel, w: Writer): void {
  m.pointers[w.pointer % m.config.pointerDepth] = w.list;
}

function writeCandidate(m: CoreModel, w: Writer, value: number, emit: boolean, ternary: boolean): boolean {
  const payload = ternary ? signed(value, 8) : value & 0xff;
  const stored = ternary && payload < 0 ? 0x80 | (-payload & 0x7f) : payload & 0xff;
  m.events.push(`E ${stored.toString(16)} ${hex(w.index, m.config.indexBits)}`);
  const write = emit && payload !== 0;
  if (emit && w.channel === 0) m.pointers[w.pointer++ % m.config.pointerDepth] = w.list;
  if (write) {
    const at = w.list++ % m.config.listDepth;
    m.payloads[at] = stored;
    m.indices[at] = w.index & (2 ** m.config.indexBits - 1);
  }
  w.index++;
  w.channel = w.channel + 1 === w.channels ? 0 : w.channel + 1;
  return write;
}

function runPass(m: CoreModel, word: number): void {
  const { config, registers } = m;
  const field = (register: number, lsb: number, bits: number): number => bitsOf(registers[register]!, lsb, bits);
  const flag = (lsb: number): boolean => bitsOf(word, lsb, 1) === 1;
  const table = bitsOf(word, 0, 10);
  const [fresh, store, emit, argmax, isSigned, ternary] = [10, 11, 12, 15, 16, 17].map(flag) as boolean[];
  const merge = bitsOf(word, 13, 2);

  const width = field(0, 0, 12);
  const height = field(0, 12, 10);
  const kernelWidth = field(1, 0, 12);
  const kernelRows = field(1, 12, 8);
  let x = signed(field(2, 0, 12), 12);
  let y = signed(field(2, 12, 10), 10);
  let pointer = field(3, 0, 16);
  let weight = field(4, 0, 16);
  const rowStep = field(5, 0, 16);
  const limits = [field(7, 0, 4), field(7, 4, 4), field(7, 8, 10), field(6, 0, 11), field(6, 11, 11)];
  const position = field(8, 12, 6);
  const parameters = field(9, 0, 16);
  let state = field(10, 0, 16);
  const mask = ternary ? field(11, 0, 1) : field(11, 0, config.quotientBits);
  const tracerMax = field(11, 8, 8);

  const writer = openWriter(m);
  const shapes: VisitShape[] = [];
  const sums = new Float64Array(config.lanes);
  const low = new Int32Array(config.lanes);
  const high = new Int32Array(config.lanes);
  let best = -Infinity;
  let written = 0;
  const at = [0, 0, 0, 0, 0];

  for (;;) {
    const group = at[2]!;
    const lanes = group + 1 === limits[2] ? field(8, 6, 6) : field(8, 0, 6);
    const firstVisit = at[0] === 0 && at[1] === 0;
    const lastVisit = at[0]! + 1 === limits[0] && at[1]! + 1 === limits[1];

    // gather
    sums.fill(0);
    const rows: number[] = [];
    const clip = (column: number): number => Math.min(Math.max(column, 0), width);
    for (let r = 0; r < kernelRows; r++) {
      let entries = 0;
      if (y + r >= 0 && y + r < height) {
        const row = pointer + r * width;
        const start = m.pointers[(row + clip(x)) % config.pointerDepth]!;
        const end = m.pointers[(row + clip(x + kernelWidth)) % config.pointerDepth]!;
        entries = end - start;
        for (let e = start; e < end; e++) {
          const raw = m.payloads[e % config.listDepth]!;
          const payload = isSigned ? (raw & 0x80 ? -(raw & 0x7f) : raw) : raw;
          const weightRow = (weight + r * rowStep + m.indices[e % config.listDepth]!) % config.weightDepth;
          for (let l = 0; l < config.lanes; l++) sums[l]! += m.weights[weightRow * config.lanes + l]! * payload;
        }
      }
      rows.push(entries);
    }
    shapes.push({ rows, lanes });

    // fire
    for (let l = 0; l < lanes; l++) {
      const channel = l % position;
      const c = (parameters + group * config.lanes + channel) % config.parameterDepth;
      const n = state++ % config.stateDepth;
      const s = fresh ? 0 : m.tracers[n]!;
      const v = fresh ? m.vInit[c]! : m.potentials[n]!;
      const potential = signed(v + signed(sums[l]!, config.accumulatorBits), config.membraneBits);
      const threshold = m.thresholds[c]!;
      let o = 0;
      let rest = potential;
      if (ternary) {
        if (mask === 0) o = 0;
        else if (potential < 0 && s > 0) o = -1;
        else if (potential >= threshold && s < tracerMax) o = 1;
        rest -= o * threshold;
      } else {
        for (let k = config.quotientBits - 1; k >= 0; k--) {
          if (((mask >> k) & 1) === 1 && rest >= threshold * 2 ** k) {
            rest -= threshold * 2 ** k;
            o += 2 ** k;
          }
        }
      }
      const after = (s + o) & 0xff;
      m.events.push(`N ${hex(potential, config.membraneBits)} ${hex(rest, config.membraneBits)} ${after.toString(16)}`);
      if (store) {
        m.tracers[n] = after;
        m.potentials[n] = rest;
      }

      // merge
      const first = merge === mergeModes.none || (firstVisit && l < position);
      const last = merge === mergeModes.none || (lastVisit && l >= lanes - position);
      if (merge === mergeModes.max) {
        low[channel] = first ? s : Math.max(low[channel]!, s);
        high[channel] = first ? after : Math.max(high[channel]!, after);
      } else {
        low[channel] = 0;
        high[channel] = (first ? 0 : high[channel]!) + o;
      }
      if (argmax && potential > best) {
        best = potential;
        m.best = best;
        m.decision = writer.index & (2 ** config.indexBits - 1);
      }
      if (last && writeCandidate(m, writer, high[channel]! - low[channel]!, emit!, ternary!)) {
        written++;
        m.spiked = true;
      }
    }

    // step
    const level = at.findIndex((count, i) => count + 1 < limits[i]!);
    if (level < 0) break;
    for (let i = 0; i < level; i++) at[i] = 0;
    at[level]!++;
    const step0 = m.program[(table + 2 * level) % config.programDepth]!;
    const step1 = m.program[(table + 2 * level + 1) % config.programDepth]!;
    x = signed(x + bitsOf(step0, 0, 12), 12);
    y = signed(y + bitsOf(step0, 12, 10), 10);
    weight = (weight + bitsOf(step1, 0, 16)) % 65536;
    pointer = (pointer + bitsOf(step1, 16, 16)) % 65536;
  }
  if (emit) closePointer(m, writer);

  if (m.fresh) return;
  const cost = passCycles(config, shapes);
  m.cycles += cost.cycles;
  m.stalls += cost.stalls;
  m.operations += shapes.reduce((sum, { rows, lanes }) => sum + lanes * rows.reduce((a, b) => a + b, 0), 0);
  m.spikes += written;
}

/** Runs until the program stops or waits for more input than `values` holds. Returns the number of values taken. */
export function run(m: CoreModel, values: readonly number[]): number {
  let taken = 0;
  if (m.state !== "waiting") m.pc = 0;
  m.state = "stopped";
  for (;;) {
    const word = m.program[m.pc]!;
    const opcode = bitsOf(word, 28, 4);
    const address = bitsOf(word, 0, 10);
    const counter = bitsOf(word, 24, 1);
    if (!m.fresh) m.cycles++;
    let jump = false;
    switch (opcode) {
      case 0x0:
        return taken;
      case 0x1:
        m.registers[bitsOf(word, 22, 6)] = bitsOf(word, 0, 22);
        break;
      case 0x2:
        runPass(m, word);
        break;
      case 0x3: {
        const count = bitsOf(word, 0, 22);
        if (values.length - taken < count) {
          m.state = "waiting";
          return taken;
        }
        if (m.fresh) {
          m.fresh = false;
          m.cycles = 0;
          m.operations = 0;
          m.spikes = 0;
          m.stalls = 0;
        }
        const writer = openWriter(m);
        for (let i = 0; i < count; i++) writeCandidate(m, writer, values[taken++]!, true, false);
        closePointer(m, writer);
        break;
      }
      case 0x4:
        m.events.push(`D ${m.cycles.toString(16)} ${m.decision.toString(16)}`);
        m.fresh = true;
        break;
      case 0x5:
        jump = true;
        break;
      case 0x6:
        m.counters[counter] = bitsOf(word, 0, 16);
        break;
      case 0x7:
        m.counters[counter] = (m.counters[counter]! - 1) & 0xffff;
        jump = m.counters[counter] !== 0;
        break;
      case 0x8:
        m.spiked = false;
        break;
      case 0x9:
        jump = !m.spiked;
        break;
      default:
        m.state = "fault";
        return taken;
    }
    if (jump && !m.fresh) m.cycles++;
    m.pc = jump ? address : m.pc + 1;
  }
}
