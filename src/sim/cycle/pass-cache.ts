import { mergeModes, passRegisters } from "../../arch/isa.js";
import { decodeDynamicsRegisters } from "../../program/pass/dynamics-registers.js";
import { decodePassRegisters, type PassRegisters } from "../../program/pass/registers.js";
import { firstOfWindow, lastOfWindow, planVisits, type VisitPlan } from "../../program/pass/visits.js";
import { ByRegisters } from "./by-registers.js";
import { type PopulationTables, populationTables } from "./dynamics/population-tables.js";
import type { PassMode } from "./fire.js";
import { visitWords } from "./kernel/fire-code.js";
import type { Fire, Walk } from "./kernel/kernel.js";
import type { Memories } from "./memories.js";

/** The last register that a pass of a core with dynamics depends on, `inhibition`. */
const lastDynamicsNumber = 21;

/** Flags of a `pass` word. */
const passBit = {
  fresh: 1 << 10,
  store: 1 << 11,
  emit: 1 << 12,
  argmax: 1 << 15,
  signed: 1 << 16,
  ternary: 1 << 17,
  mute: 1 << 18,
  settled: 1 << 19,
  winner: 1 << 20,
} as const;

function modeOf(word: number): PassMode {
  return {
    fresh: (word & passBit.fresh) !== 0,
    store: (word & passBit.store) !== 0,
    emit: (word & passBit.emit) !== 0,
    merge: (word >>> 13) & 3,
    argmax: (word & passBit.argmax) !== 0,
    ternary: (word & passBit.ternary) !== 0,
    mute: (word & passBit.mute) !== 0,
    settled: (word & passBit.settled) !== 0,
    winner: (word & passBit.winner) !== 0,
  };
}

/** A pass that has been unrolled: everything about it that does not depend on the sample. Addresses in bytes. */
export interface PreparedPass {
  readonly registers: PassRegisters;
  readonly plan: VisitPlan;
  /** Rows of the walk. */
  readonly rows: number;
  readonly rowsEnd: number;
  /** Sums of all visits. */
  readonly sums: number;
  /** Visit table of the fire kernel. */
  readonly visits: number;
  readonly visitsEnd: number;
  readonly neurons: number;
  /** Lanes of every visit, or 0 when they differ. */
  readonly evenLanes: number;
  readonly mode: PassMode;
  readonly walk: Walk;
  /** Least cycles from token to token; 0: the lanes of the earlier visit. */
  readonly spacing: number;
  /** Kernel of its neurons; absent where only the loop over single neurons will do. */
  readonly fire: Fire | undefined;
  /** What its neurons share; of cores with dynamics. */
  readonly population: PopulationTables | undefined;
}

/** Reserved kernel memory beyond which everything is forgotten, bytes. */
const maximumReserved = 2 ** 28;

/** Keeps the passes of a program unrolled, by address and register values. */
export class PassCache {
  readonly #memories: Memories;
  readonly #passes: ByRegisters<PreparedPass>;
  #reserved = 0;

  constructor(memories: Memories) {
    this.#memories = memories;
    const numbers = memories.config.dynamics ? lastDynamicsNumber + 1 : passRegisters.length;
    this.#passes = new ByRegisters(Array.from({ length: numbers }, (_, i) => i));
  }

  /** Forgets everything; needed when words of program or parameters change. */
  clear(): void {
    this.#passes.clear();
    this.#memories.kernel.release();
    this.#reserved = 0;
  }

  /**
   * The pass at `address`, an instruction `word`, for register values `values`.
   *
   * @throws SpikewrightError `pass-illegal`, `pass-too-large`.
   */
  get(address: number, word: number, values: Int32Array): PreparedPass {
    const known = this.#passes.get(address, values);
    if (known) return known;
    const pass = this.#prepare(word, values);
    this.#passes.add(address, values, pass);
    return pass;
  }

  #prepare(word: number, values: Int32Array): PreparedPass {
    if (this.#reserved > maximumReserved) this.clear();
    const { config, program, kernel } = this.#memories;
    const registers = decodePassRegisters(values, config);
    const plan = planVisits(registers, program, word & (config.programDepth - 1), config);
    const mode = modeOf(word);
    const rows = this.#keep(plan.rows);
    const dynamics = config.dynamics ? decodeDynamicsRegisters(values) : undefined;
    const visitTable = dynamics ? new Int32Array(0) : this.#visitTable(registers, plan, mode.merge);
    const visits = this.#keep(visitTable);
    const sumBytes = plan.visits * kernel.lanes * 4;
    const sums = kernel.reserve(sumBytes);
    this.#reserved += sumBytes;
    const neurons = plan.lanes.reduce((sum, lanes) => sum + lanes, 0);
    return {
      registers,
      plan,
      rows,
      rowsEnd: rows + plan.rows.length * 4,
      sums,
      visits,
      visitsEnd: visits + visitTable.length * 4,
      neurons,
      evenLanes: plan.lanes.every((lanes) => lanes === plan.lanes[0]) ? plan.lanes[0]! : 0,
      mode,
      walk: word & passBit.signed ? kernel.walkSigned : kernel.walk,
      spacing: dynamics?.spacing ?? 0,
      fire: dynamics ? undefined : this.#fireKernel(registers, mode, neurons),
      population: dynamics && populationTables(dynamics),
    };
  }

  /** The kernel cannot follow state addresses around the end of the memory, pixels without values, and `argmax`. */
  #fireKernel(registers: PassRegisters, mode: PassMode, neurons: number): Fire | undefined {
    const { config, kernel } = this.#memories;
    const stateFits = registers.state + neurons <= config.stateDepth || (mode.fresh && !mode.store);
    if (mode.argmax || !stateFits || registers.channels === 0) return undefined;
    return kernel.fire({ ...mode, mask: registers.fireMask });
  }

  /** Copies words into the kernel's memory; returns their byte address. */
  #keep(words: Int32Array): number {
    const { kernel } = this.#memories;
    const address = kernel.reserve(words.length * 4);
    kernel.words.set(words, address >> 2);
    this.#reserved += words.length * 4;
    return address;
  }

  /** See `fireModule`. */
  #visitTable(registers: PassRegisters, plan: VisitPlan, merge: number): Int32Array {
    const { lanesPosition } = registers;
    const { visits, parameters, lanes, place } = plan;
    const blocks = new Map<number, number>();
    const table = new Int32Array(visits * visitWords);
    for (let visit = 0; visit < visits; visit++) {
      const used = lanes[visit]!;
      const key = parameters[visit]! * 64 + used;
      const block = blocks.get(key) ?? this.#keep(this.#laneBlock(parameters[visit]!, used, lanesPosition));
      blocks.set(key, block);
      const at = visit * visitWords;
      table[at] = block;
      table[at + 1] = used;
      if (merge === mergeModes.none) table[at + 2] = used;
      else if (place[visit]! & lastOfWindow) table[at + 2] = Math.min(used, lanesPosition);
      table[at + 3] = place[visit]! & firstOfWindow ? 1 : 0;
    }
    return table;
  }

  /** Thresholds, initial membranes and use of the lanes of a visit whose parameters begin at `base`. */
  #laneBlock(base: number, used: number, lanesPosition: number): Int32Array {
    const { kernel, thresholds, initials, config } = this.#memories;
    const row = kernel.lanes;
    const block = new Int32Array(3 * row);
    for (let lane = 0; lane < used; lane++) {
      const parameter = (base + (lane % lanesPosition)) & (config.parameterDepth - 1);
      block[lane] = thresholds[parameter]!;
      block[row + lane] = initials[parameter]!;
      block[2 * row + lane] = -1;
    }
    return block;
  }
}
