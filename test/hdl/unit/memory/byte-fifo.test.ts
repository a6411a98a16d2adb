import { testUnit } from "../unit.js";

testUnit({
  module: "snn_byte_fifo",
  parameters: [{ Depth: 2 }, { Depth: 16 }, { Depth: 512 }],
  *cycles({ Depth = 0 }, integer) {
    const bytes: number[] = [];
    let committed = 0;
    const often = (percent: number): number => +(integer(1, 100) <= percent);
    for (let i = 0; i < 20_000; i++) {
      // times when it fills up, and times when it runs empty
      const filling = Math.floor(i / (4 * Depth)) % 2 === 0;
      const full_o = +(bytes.length === Depth);
      const valid_o = +(committed > 0);
      const inputs = {
        rst_i: +(integer(0, 999) === 0),
        write_i: full_o ? 0 : often(filling ? 90 : 30),
        data_i: integer(0, 255),
        commit_i: often(10),
        discard_i: often(1),
        read_i: valid_o ? often(filling ? 20 : 90) : 0,
      };
      yield { inputs, outputs: { full_o, valid_o, data_o: valid_o ? bytes[0]! : undefined } };
      // the byte of the cycle belongs to the next commit
      if (inputs.discard_i) bytes.length = committed;
      else if (inputs.commit_i) committed = bytes.length;
      if (inputs.write_i && !inputs.discard_i) bytes.push(inputs.data_i);
      if (inputs.read_i) {
        bytes.shift();
        committed--;
      }
      if (inputs.rst_i) bytes.length = committed = 0;
    }
  },
  breaks: [
    ["commit_i && !discard_i", "commit_i"],
    ["mem[read_d[", "mem[read_q["],
    ["assign full_o  = ", "assign full_o  = 1'b0 && "],
    ["discard_i ? commit_q", "discard_i ? read_q"],
  ],
});
