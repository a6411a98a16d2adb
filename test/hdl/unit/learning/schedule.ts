import { nextNoise } from "../../../../src/arch/dynamics/noise.js";
import {
  changeWeight,
  noSynapse,
  type PostRule,
  type PreRule,
  postChange,
  preChange,
} from "../../../../src/arch/dynamics/plasticity.js";
import { timing } from "../../../../src/arch/timing.js";
import type { Ports } from "../bench.js";
import { modulo, side } from "../unit.js";

/** What the rules look at in a neuron's state word. */
export interface Neuron {
  readonly v: number;
  readonly x: number;
  readonly y: number;
  readonly fired: number;
}

/** One `learn` with what it reads. */
export interface Learn {
  readonly pre: PreRule;
  readonly post: PostRule;
  readonly min: number;
  readonly max: number;
  /** Postsynaptic neurons, group by group. */
  readonly groups: readonly (readonly Neuron[])[];
  readonly source: readonly Neuron[];
  /** Presynaptic neurons of the list entries. */
  readonly events: readonly number[];
  /** Rows of weights of a group, as the memory has them; they change. */
  readonly rows: readonly number[][][];
}

/** Where things are: addresses of the first of each. */
export interface Places {
  readonly pointer: number;
  readonly list: number;
  readonly state: number;
  readonly source: number;
  readonly weight: number;
  readonly step: number;
}

/** A cycle by the name of what happens in it; data come one cycle after their address. */
export interface Slot {
  readonly outputs: Ports;
  readonly inputs: Ports;
}

const stateWord = ({ v, x, y, fired }: Neuron, noise: bigint): bigint =>
  (BigInt(fired) << 63n) |
  (noise & 0x7fff0000ffff0000n) |
  (BigInt(y) << 40n) |
  (BigInt(x) << 32n) |
  BigInt(modulo(v, 16));

/**
 * The cycles of a `learn`, by the order of `src/arch/dynamics/plasticity.ts` and the lengths of `src/arch/timing.ts`.
 *
 * @param noise State of the generator before it.
 * @param any Random bits for what does not matter in a word.
 */
export function schedule(learn: Learn, places: Places, bits: number, noise: number, any: () => bigint) {
  const { pre, post, min, max } = learn;
  const slots: { inputs: Record<string, number | bigint>; outputs: Record<string, number | bigint> }[] = [];
  const at = (cycle: number) => {
    while (slots.length <= cycle)
      slots.push({ inputs: {}, outputs: { weight_write_o: 0, drawn_o: 0, operations_o: 0, finished_o: 0 } });
    return slots[cycle]!;
  };
  /** Reads a word: the address in a cycle, the data in the next. */
  const read = (cycle: number, memory: string, address: number, data: number | bigint): void => {
    at(cycle).outputs[`${memory}_address_o`] = address;
    at(cycle + 1).inputs[memory === "list" ? "list_index_i" : `${memory}_data_i`] = data;
  };
  /** A change, which may use up a draw in its cycle. */
  const draw = (
    cycle: number,
    rule: PreRule | PostRule,
    change: (noise: number) => { change: number; noise: number },
  ) => {
    at(cycle).inputs["draw_i"] = nextNoise(noise) & 0xff;
    at(cycle).outputs["drawn_o"] = +(rule.kind === "trace" && rule.stochastic);
    const made = change(noise);
    noise = made.noise;
    return made.change;
  };
  /** A row is read, changed where it is to be, and written. */
  const row = (cycle: number, address: number, weights: number[], changes: readonly (number | undefined)[]): void => {
    read(cycle + 1, "weight", address, side(weights, bits));
    for (const [l, change] of changes.entries()) {
      if (change !== undefined && weights[l] !== noSynapse(bits))
        weights[l] = changeWeight(weights[l]!, change, min, max);
    }
    Object.assign(at(cycle + 4).outputs, {
      weight_write_o: 1,
      weight_address_o: address,
      weight_data_o: side(weights, bits),
    });
  };

  read(0, "pointer", places.pointer, places.list);
  read(1, "pointer", places.pointer + 1, places.list + learn.events.length);
  let now: number = timing.learnOverhead;
  let target = places.state;
  for (const [g, neurons] of learn.groups.entries()) {
    const first = places.weight + g * places.step;
    const rows = learn.rows[g]!;
    const changes = neurons.map((neuron, l) => {
      read(now + l, "state", target++, stateWord(neuron, any()));
      return draw(now + l + 1, pre, (state) => preChange(pre, neuron.v, neuron.y, state));
    });
    now += timing.learnGroup + neurons.length;
    for (const [k, index] of learn.events.entries()) {
      read(now + 2 * k - 1, "list", places.list + k, index);
      at(now + 2 * k).outputs["operations_o"] = neurons.length;
      row(now + 2 * k, first + index, rows[index]!, changes);
    }
    if (learn.events.length > 0) now += timing.learnPhase + timing.learnRow * learn.events.length;
    const fired = neurons.filter((neuron) => neuron.fired).length;
    if (fired === 0 || post.kind === "none" || learn.source.length === 0) continue;
    for (const [i, neuron] of learn.source.entries()) {
      read(now + 2 * i - 1, "state", places.source + i, stateWord(neuron, any()));
      at(now + 2 * i).outputs["operations_o"] = fired;
      const change = draw(now + 2 * i, post, (state) => postChange(post, neuron.x, state));
      row(
        now + 2 * i,
        first + i,
        rows[i]!,
        neurons.map((target) => (target.fired ? change : undefined)),
      );
    }
    now += timing.learnPhase + timing.learnRow * learn.source.length;
  }
  at(now - 1).outputs["finished_o"] = 1;
  return { slots, noise };
}
