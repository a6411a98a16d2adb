import {
  type RowHalves,
  type ScatterSynapse,
  scatterCurrent,
  synapseRowHalves,
} from "../../../../src/arch/dynamics/scatter.js";
import { scatterCycles } from "../../../../src/arch/timing.js";
import type { Integer } from "../../integer.js";
import type { Parameters, Ports } from "../bench.js";
import { modulo, testUnit } from "../unit.js";

/** A list as it lies in the weight memory: where each of its rows is, and the row. */
type List = readonly { readonly row: number; readonly halves: RowHalves }[];

/** Writes a list of synapses into rows anywhere; the first row is given. */
function listOf(synapses: readonly ScatterSynapse[], first: number, anywhere: () => number): List {
  const rows = Math.max(1, Math.ceil(synapses.length / 2));
  const places = Array.from({ length: rows }, (_, k) => (k === 0 ? first : anywhere()));
  return places.map((row, k) => {
    const own = synapses.slice(2 * k, 2 * k + 2);
    return {
      row,
      halves: synapseRowHalves(k + 1 < rows ? { synapses: own, next: places[k + 1]! } : { synapses: own }),
    };
  });
}

const word = ([low, high]: RowHalves): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

testUnit({
  module: "snn_scatter",
  parameters: [
    { IndexBits: 12, ListAddressBits: 10, ListPointerBits: 11, PointerAddressBits: 8, ...wide(10, 14) },
    { IndexBits: 8, ListAddressBits: 4, ListPointerBits: 5, PointerAddressBits: 4, ...wide(6, 8) },
    { IndexBits: 14, ListAddressBits: 11, ListPointerBits: 12, PointerAddressBits: 10, ...wide(11, 14) },
  ],
  *cycles(parameters, integer) {
    for (let call = 0; call < 120; call++) yield* oneCall(parameters, integer);
  },
  breaks: [
    ["(start_i ? {PointerAddressBits{1'b0}} : ONE_POINTER)", "ONE_POINTER"],
    ["add_q && second_q;", "second_q;"],
    ["second ? weight_data_i[47:24] : weight_data_i[23:0]", "weight_data_i[23:0]"],
    ["(there_q && left == NONE) || ", ""],
    ["left == NONE) || (add_q", "left == ONE) || (add_q"],
    ["(there_q && left != NONE)", "there_q"],
    ["add_q && !last_q", "add_q"],
    ["{{8{weight_q[7]}}, weight_q}", "{8'd0, weight_q}"],
    ["add_q && run_i", "add_q"],
    ["through && !some", "through"],
    [".load_i (find_q[0])", ".load_i (find_q[1])"],
    [".count_i(through)", ".count_i(add_q)"],
    ["row_q   <= through && some;", "row_q   <= through;"],
    ["(second ? TWO : ONE)", "ONE"],
    ["(second ? TWO : ONE)", "TWO"],
    ["else if (second) address_q", "else if (add_q) address_q"],
    ["second_q <= !second", "second_q <= 1'b1"],
    ["if (there_q || add_q) begin", "begin"],
    ["weight_base_i + ", ""],
    ["read_q  <= 1'b0;\n      add_q   <= 1'b0;", "add_q   <= 1'b0;"],
  ],
});

function wide(state: number, weight: number): Parameters {
  return { StateAddressBits: state, WeightAddressBits: weight };
}

/** One `scatter` of random lists; its currents are those of a memory that follows the definition. */
function* oneCall(parameters: Parameters, integer: Integer) {
  const width = (name: string): number => parameters[name]!;
  const address = (memory: string): number => integer(0, 2 ** width(`${memory}AddressBits`) - 1);
  const any = (bits: number): bigint =>
    BigInt.asUintN(bits, (BigInt(integer(0, 2 ** 32 - 1)) << 32n) | BigInt(integer(0, 2 ** 32 - 1)));
  const [base, pointer, start] = [address("Weight"), address("Pointer"), integer(0, 3)];
  // few targets, so that one often comes twice in succession
  const targets = Array.from({ length: integer(1, 4) }, () => address("State"));
  const currents = new Map(targets.map((target) => [target, integer(-32768, 32767)]));
  const events = Array.from({ length: integer(0, 2) * integer(0, 3) }, () => {
    const index = integer(0, 2 ** width("IndexBits") - 1);
    const synapses = Array.from({ length: integer(0, 3) && integer(0, 6) }, () => ({
      target: targets[integer(0, targets.length - 1)]!,
      weight: integer(0, 3) ? integer(-128, 127) : [-128, 127][integer(0, 1)]!,
    }));
    return { index, synapses };
  });
  const slots: { inputs: Record<string, number | bigint>; outputs: Record<string, number | bigint> }[] = [];
  const at = (cycle: number) => {
    while (slots.length <= cycle) slots.push({ inputs: {}, outputs: { write_o: 0, finished_o: 0 } });
    return slots[cycle]!;
  };
  const read = (cycle: number, memory: string, place: number, data: number | bigint): void => {
    at(cycle).outputs[`${memory}_address_o`] = modulo(
      place,
      width(`${memory[0]!.toUpperCase()}${memory.slice(1)}AddressBits`),
    );
    const names: Readonly<Record<string, string>> = { list: "list_index_i", state: "current_i" };
    at(cycle + 1).inputs[names[memory] ?? `${memory}_data_i`] = data;
  };
  read(0, "pointer", pointer, start);
  read(1, "pointer", pointer + 1, start + events.length);
  let now = 4;
  for (const [k, { index, synapses }] of events.entries()) {
    read(now - 2, "list", start + k, index);
    const list = listOf(synapses, modulo(base + index, width("WeightAddressBits")), () => address("Weight"));
    // a row is read in the cycle before each of its synapses is taken
    read(now, "weight", list[0]!.row, word(list[0]!.halves));
    now += 2;
    for (const [n, { target, weight }] of synapses.entries()) {
      const own = list[Math.floor(n / 2)]!;
      if (n > 0) read(now + 2 * n - 2, "weight", own.row, word(own.halves));
      const before = currents.get(target)!;
      const after = scatterCurrent(before, weight);
      currents.set(target, after);
      read(now + 2 * n, "state", target, modulo(before, 16));
      Object.assign(at(now + 2 * n + 1).outputs, { write_o: 1, state_address_o: target, current_o: modulo(after, 16) });
    }
    now += 2 * synapses.length;
  }
  // the end of the list stays there
  for (const slot of slots.slice(3)) slot.inputs["pointer_data_i"] = start + events.length;
  const total = events.reduce((sum, { synapses }) => sum + synapses.length, 0);
  if (now !== scatterCycles(events.length, total)) throw new Error(`${now} cycles`);
  at(now - 1).outputs["finished_o"] = 1;
  at(now - 1).inputs["pointer_data_i"] = start + events.length;
  const steady: Ports = { origin_pointer_i: pointer, weight_base_i: base };
  const random = (): Ports => ({
    ...{ pointer_data_i: any(width("ListPointerBits")), list_index_i: any(width("IndexBits")) },
    ...{ weight_data_i: any(64), current_i: any(16) },
  });
  // sometimes it is stopped on the way
  const stops = integer(0, 6) === 0 ? integer(0, slots.length - 2) : slots.length;
  for (const [i, slot] of slots.slice(0, stops).entries())
    yield { inputs: { ...steady, ...random(), ...slot.inputs, run_i: 1, start_i: +(i === 0) }, outputs: slot.outputs };
  const quiet = { write_o: 0, finished_o: 0 };
  if (stops < slots.length) yield { inputs: { ...steady, ...random(), rst_i: integer(0, 1) }, outputs: { write_o: 0 } };
  for (let i = integer(0, 9); i > 0; i--) yield { inputs: { ...steady, ...random() }, outputs: quiet };
}
