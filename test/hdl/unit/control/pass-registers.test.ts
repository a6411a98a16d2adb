import { passRegisters } from "../../../../src/arch/isa.js";
import { modulo, testUnit } from "../unit.js";

/** The port of each field of each register; `_n` shows the complement. */
const ports: Readonly<Record<string, readonly string[]>> = {
  "source-size": ["source_width_o", "source_height_n_o"],
  kernel: ["kernel_width_o", "kernel_rows_o"],
  origin: ["origin_x_o", "origin_y_o"],
  "origin-pointer": ["origin_pointer_o"],
  "weight-base": ["weight_base_o"],
  "row-step": ["row_step_o"],
  grid: ["grid_columns_o", "grid_rows_o"],
  window: ["window_columns_o", "window_rows_o", "window_groups_o"],
  lanes: ["lanes_visit_o", "lanes_last_o", "lanes_position_o"],
  parameters: ["parameters_o"],
  state: ["state_o"],
  fire: ["fire_mask_o", "fire_max_n_o"],
  list: ["list_o"],
  pointer: ["pointer_o"],
  channels: ["channels_o"],
  index: ["index_o"],
};

testUnit({
  module: "snn_pass_registers",
  parameters: [
    {
      ...{ QuotientBits: 4, IndexBits: 12, ListPointerBits: 12, PointerAddressBits: 10, ParameterAddressBits: 9 },
      ...{ StateAddressBits: 10, WeightAddressBits: 14 },
    },
    {
      ...{ QuotientBits: 8, IndexBits: 15, ListPointerBits: 16, PointerAddressBits: 16, ParameterAddressBits: 16 },
      ...{ StateAddressBits: 16, WeightAddressBits: 16 },
    },
  ],
  *cycles(parameters, integer) {
    // what points into a memory, or has a bit for each stage, is kept modulo its size
    const kept: Readonly<Record<string, number>> = {
      origin_pointer_o: parameters["PointerAddressBits"]!,
      weight_base_o: parameters["WeightAddressBits"]!,
      row_step_o: parameters["WeightAddressBits"]!,
      parameters_o: parameters["ParameterAddressBits"]!,
      state_o: parameters["StateAddressBits"]!,
      fire_mask_o: parameters["QuotientBits"]!,
      list_o: parameters["ListPointerBits"]!,
      pointer_o: parameters["PointerAddressBits"]!,
      channels_o: parameters["IndexBits"]! + 1,
      index_o: parameters["IndexBits"]!,
    };
    let outputs: Record<string, number> = {};
    for (let i = 0; i < 1000; i++) {
      const inputs = { set_i: integer(0, 1), register_i: integer(0, 15), value_i: integer(0, 2 ** 22 - 1) };
      yield { inputs, outputs };
      if (!inputs.set_i) continue;
      const register = passRegisters.find(({ index }) => index === inputs.register_i)!;
      outputs = { ...outputs };
      for (const [k, { lsb, bits }] of register.fields.entries()) {
        const port = ports[register.name]![k]!;
        const field = modulo(inputs.value_i >>> lsb, kept[port] ?? bits);
        outputs[port] = port.endsWith("_n_o") ? 2 ** bits - 1 - field : field;
      }
    }
  },
  breaks: [
    ["if (set_i) begin", "begin"],
    ["value_i[21:12], value_i[11:0]", "value_i[21:12], value_i[21:10]"],
    ["~value_i[15:8]", "value_i[15:8]"],
    ["4'd12: list_o", "4'd12: index_o"],
  ],
});
