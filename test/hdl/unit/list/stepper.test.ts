import { stepLevels } from "../../../../src/arch/isa.js";
import { encodeStep } from "../../core/program.js";
import type { Integer } from "../../integer.js";
import type { Ports } from "../bench.js";
import { modulo, signed, testUnit } from "../unit.js";

type Registers = Readonly<Record<string, number>>;

/** The loop nest of hdl/README.md: all visits of a pass, with the level that advances after each. */
function* visits(r: Registers, deltas: readonly Registers[], pointerBits: number, weightBits: number) {
  const limits = [
    r["window_columns_i"]!,
    r["window_rows_i"]!,
    r["window_groups_i"]!,
    r["grid_columns_i"]!,
    r["grid_rows_i"]!,
  ];
  const at = stepLevels.map(() => 0);
  let { x, y, pointer, weight } = {
    x: r["origin_x_i"]!,
    y: r["origin_y_i"]!,
    pointer: r["origin_pointer_i"]!,
    weight: r["weight_base_i"]!,
  };
  for (;;) {
    const column = signed(x, 12);
    const clip = (c: number): number => modulo(Math.min(Math.max(c, 0), r["source_width_i"]!), pointerBits);
    const ends = at.map((count, k) => count + 1 === limits[k]);
    const level = ends.indexOf(false);
    const place: Ports = {
      visit_left_o: clip(column),
      visit_right_o: clip(column + r["kernel_width_i"]!),
      visit_pointer_o: modulo(pointer, pointerBits),
      visit_y_o: modulo(y, 10),
    };
    const steady: Ports = {
      visit_weight_o: modulo(weight, weightBits),
      visit_first_o: +(at[0] === 0 && at[1] === 0),
      visit_last_o: +(ends[0]! && ends[1]!),
      visit_edge_o: +ends[2]!,
      visit_final_o: +(level < 0),
    };
    yield { place, steady, level };
    if (level < 0) return;
    at.fill(0, 0, level);
    at[level]!++;
    const step = deltas[level]!;
    [x, y, pointer, weight] = [x + step["x"]!, y + step["y"]!, pointer + step["pointer"]!, weight + step["weight"]!];
  }
}

function randomPass(integer: Integer, pointerBits: number, weightBits: number, programBits: number): Registers {
  const [width, window] = [integer(0, 2) ? integer(0, 9) : integer(0, 4095), integer(1, 3)];
  const near = integer(0, 2) > 0;
  return {
    origin_x_i: modulo(near ? integer(-5, 9) : integer(-2048, 2047), 12),
    origin_y_i: modulo(integer(-9, 9), 10),
    origin_pointer_i: integer(0, 2 ** pointerBits - 1),
    weight_base_i: integer(0, 2 ** weightBits - 1),
    grid_columns_i: integer(1, 3),
    grid_rows_i: integer(1, 3),
    window_columns_i: window,
    window_rows_i: integer(1, 2),
    window_groups_i: integer(1, 3),
    kernel_width_i: near ? integer(0, 9) : integer(0, 4095),
    source_width_i: width,
    table_i: integer(0, 2 ** programBits - 1),
  };
}

testUnit({
  module: "snn_stepper",
  parameters: [
    { PointerAddressBits: 4, WeightAddressBits: 5, ProgramAddressBits: 6 },
    { PointerAddressBits: 10, WeightAddressBits: 14, ProgramAddressBits: 8 },
    { PointerAddressBits: 16, WeightAddressBits: 16, ProgramAddressBits: 10 },
  ],
  *cycles({ PointerAddressBits = 0, WeightAddressBits = 0, ProgramAddressBits = 0 }, integer) {
    for (let pass = 0; pass < 60; pass++) {
      const registers = randomPass(integer, PointerAddressBits, WeightAddressBits, ProgramAddressBits);
      const deltas = stepLevels.map(() => ({
        x: integer(-4, 4),
        y: integer(-3, 3),
        weight: integer(-9, 9),
        pointer: integer(-9, 9),
      }));
      const program = new Map<number, number>();
      for (const [k, word] of deltas.flatMap(encodeStep).entries())
        program.set(modulo(registers["table_i"]! + k, ProgramAddressBits), word);
      yield { inputs: { ...registers, start_i: 1, enable_i: integer(0, 1) }, outputs: {} };
      let data = 0;
      const cut = pass % 6 === 0 ? integer(1, 40) : Number.POSITIVE_INFINITY;
      let count = 0;
      let steady: Ports = {}; // weight and flags of the visit that was taken last
      let level = -1;
      walk: for (const visit of visits(registers, deltas, PointerAddressBits, WeightAddressBits)) {
        // enabled cycles before the visit is ready: the first one settles, the others read the two words of a step
        const stages = level < 0 ? ["settle"] : ["fetch", "step0", "step1"];
        for (const stage of [...stages, "ready"]) {
          for (let passed = false; !passed; ) {
            const enable_i = +(integer(0, 4) > 0);
            const ready = stage === "ready";
            const visit_take_i = ready && enable_i ? integer(0, 1) : 0;
            const rst_i = +(++count > cut);
            const table_read_o = +(stage === "fetch" || stage === "step0");
            const wanted = modulo(registers["table_i"]! + 2 * level + +(stage === "step0"), ProgramAddressBits);
            const outputs = ready ? { ...visit.place, ...visit.steady } : steady;
            const reads = { table_read_o, table_address_o: table_read_o ? wanted : undefined };
            yield {
              inputs: { ...registers, rst_i, enable_i, table_data_i: data, visit_take_i },
              outputs: { visit_valid_o: +ready, ...reads, ...outputs },
            };
            if (rst_i) break walk;
            if (enable_i) data = table_read_o ? program.get(wanted)! : integer(0, 2 ** 31);
            passed = enable_i === 1 && (!ready || visit_take_i === 1);
          }
        }
        ({ steady, level } = visit);
      }
      for (let i = 0; i < 6; i++)
        yield { inputs: { ...registers, enable_i: 1 }, outputs: { visit_valid_o: 0, table_read_o: 0 } };
    }
  },
  breaks: [
    ["x_q[11] ? {PointerAddressBits{1'b0}}", "1'b0 ? {PointerAddressBits{1'b0}}"],
    ["!right_q[13] && right_sum[13]", "1'b0"],
    [": left_over ? width", ": 1'b0 ? width"],
    ["first_q <= inner_q[2]", "first_q <= inner_q[1]"],
    ["&end_q[1:0];", "end_q[0];"],
    ["!end_q[2] ? 3'd2 :", ""],
    ["if (inner_q[3]) column_q", "column_q"],
    ["step1_q  <= 1'b0;", ""],
    ["fetch_q  <= ready_q && visit_take_i && !visit_final_o;", "fetch_q  <= ready_q && visit_take_i;"],
  ],
});
