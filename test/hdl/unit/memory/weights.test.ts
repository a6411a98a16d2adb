import { testUnit, type Unit } from "../unit.js";

/** Rows of weights, up to 64 bits. A row is there one cycle after its address; after a write there is none. */
const cycles: Unit["cycles"] = function* ({ Width = 0, Depth = 0 }, integer) {
  const rows = new Map<number, bigint>();
  const places = Array.from({ length: 12 }, () => integer(0, Depth - 1)).concat(0, Depth / 2 - 1, Depth - 1);
  let data_o: bigint | undefined;
  for (let i = 0; i < 600; i++) {
    const whole = (BigInt(integer(0, 2 ** 32 - 1)) << 32n) | BigInt(integer(0, 2 ** 32 - 1));
    const data_i = BigInt.asUintN(Width, whole);
    const inputs = { write_i: integer(0, 1), address_i: places[integer(0, places.length - 1)]!, data_i };
    yield { inputs, outputs: { data_o } };
    data_o = inputs.write_i ? undefined : rows.get(inputs.address_i);
    if (inputs.write_i) rows.set(inputs.address_i, data_i);
  }
};
const shapes = [
  { Width: 64, Depth: 16384, AddressBits: 14 },
  { Width: 24, Depth: 64, AddressBits: 6 },
];

testUnit({
  module: "snn_weights_generic",
  parameters: shapes,
  cycles,
  breaks: [["(write_i)", "(!write_i)"]],
});

testUnit({
  module: "snn_weights_ice40up",
  parameters: shapes,
  cycles,
  breaks: [
    [".DATAIN    (data_in[16*c+:16])", ".DATAIN    (data_in[15:0])"],
    ["address_i[13:0]", "{1'b0, address_i[12:0]}"],
    ["(write_i)", "(1'b0)"],
  ],
});

testUnit({
  module: "snn_weights",
  parameters: [0, 1, 2].flatMap((Technology) => shapes.map((shape) => ({ ...shape, Technology }))),
  cycles,
  breaks: [[".write_i  (write_i)", ".write_i  (1'b0)"]],
});
