import { side, testUnit, type Unit } from "../unit.js";

/** Sums of weight times payload; they change 3 cycles after the inputs, 4 with two product stages. */
const cycles: Unit["cycles"] = function* ({ Lanes = 0, WeightBits = 0, AccumulatorBits = 0 }, integer) {
  const latency = AccumulatorBits > 16 ? 4 : 3;
  const half = 2 ** (WeightBits - 1);
  const ends = [-half, -1, 0, half - 1];
  let sums: number[] | undefined;
  const late: (readonly number[] | "clear" | undefined)[] = Array.from({ length: latency - 1 }, () => undefined);
  for (let i = 0; i < 1500; i++) {
    const weights = Array.from({ length: Lanes }, () =>
      integer(0, 1) ? ends[integer(0, 3)]! : integer(-half, half - 1),
    );
    const clear_i = +(i === 0 || integer(0, 49) === 0);
    const negative_i = integer(0, 1);
    const largest = negative_i ? 127 : 255;
    const payload_i = integer(0, 3) === 0 ? largest : integer(0, largest);
    const add_i = clear_i ? 0 : integer(0, 1);
    const sums_o = sums && side(sums, AccumulatorBits);
    yield {
      inputs: { weights_i: side(weights, WeightBits), payload_i, negative_i, add_i, clear_i },
      outputs: { sums_o },
    };
    late.push(clear_i ? "clear" : add_i ? weights.map((w) => w * (negative_i ? -payload_i : payload_i)) : undefined);
    const now = late.shift();
    if (now === "clear") sums = Array<number>(Lanes).fill(0);
    else if (now) sums = sums?.map((sum, l) => sum + now[l]!);
  }
};
const shapes = [
  { Lanes: 16, WeightBits: 4, AccumulatorBits: 16 },
  { Lanes: 5, WeightBits: 2, AccumulatorBits: 8 },
  { Lanes: 8, WeightBits: 8, AccumulatorBits: 32 },
  { Lanes: 3, WeightBits: 8, AccumulatorBits: 20 },
];

testUnit({
  module: "snn_lanes_generic",
  parameters: shapes,
  cycles,
  breaks: [
    ["9'd0 - {1'b0, payload_i}", "{1'b0, payload_i}"],
    ["AccumulatorBits > 16 ? 2 : 1", "1"],
    ["(AccumulatorBits-ProductBits){operand[ProductBits-1]}", "(AccumulatorBits-ProductBits){1'b0}"],
  ],
});

testUnit({
  module: "snn_lanes_ice40up",
  parameters: shapes,
  cycles,
  breaks: [
    [".ADDSUBTOP (subtract)", ".ADDSUBTOP (1'b0)"],
    ["(Wide ? 2'd2 : 2'd0)", "(Wide ? 2'd3 : 2'd0)"],
    ["weight[15:8] = {{(8-WeightBits+1){", "weight[15:8] = {{(8-WeightBits+1){1'b0 && "],
  ],
});

testUnit({
  module: "snn_lanes",
  parameters: [0, 1, 2].flatMap((Technology) => shapes.map((shape) => ({ ...shape, Technology }))),
  cycles,
  breaks: [[".negative_i(negative_i)", ".negative_i(1'b0)"]],
});
