import { testUnit } from "../unit.js";

testUnit({
  module: "snn_ram_1r1w",
  parameters: [
    { Width: 1, Depth: 2, AddressBits: 1 },
    { Width: 20, Depth: 16, AddressBits: 4 },
    { Width: 32, Depth: 256, AddressBits: 8 },
  ],
  *cycles({ Width = 0, Depth = 0 }, integer) {
    const words: (number | undefined)[] = [];
    let rd_data_o: number | undefined;
    for (let i = 0; i < 20 * Depth; i++) {
      const inputs = {
        wr_en_i: integer(0, 1),
        wr_address_i: integer(0, Depth - 1),
        wr_data_i: integer(0, 2 ** Width - 1),
        rd_en_i: integer(0, 1),
        rd_address_i: integer(0, Depth - 1),
      };
      yield { inputs, outputs: { rd_data_o } };
      // a word that is read while it is written is undefined
      const both = inputs.wr_en_i === 1 && inputs.wr_address_i === inputs.rd_address_i;
      if (inputs.rd_en_i) rd_data_o = both ? undefined : words[inputs.rd_address_i];
      if (inputs.wr_en_i) words[inputs.wr_address_i] = inputs.wr_data_i;
    }
  },
  breaks: [
    ["if (wr_en_i) mem", "mem"],
    ["if (rd_en_i) rd_data_q", "rd_data_q"],
  ],
});
