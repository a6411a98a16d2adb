// snn_learn_row: changes the weights of a row: compared with the bound that they move towards, then added. The lowest weight
// is no synapse and stays.
//
// One adder a lane does both: in the cycle after load_i it takes `change - bound - 1`, which tells whether the bound is
// passed, and in the next `change - 1`; the 1 is its carry. The row is there in that cycle.
//
// Parameter   Default  Range  Meaning
// Technology  0        0..2   see tech/snn_weight_adder.v
// Lanes       8        2..32
// WeightBits  8        2..8
// Own         0        0..1   1: an operand for each lane
//
// Port       Dir  Unit   Meaning
// clk_i      in   clock
// load_i     in   flag   row_i is taken
// row_i      in   row    lane 0 low
// operand_i  in   lsb    one cycle after load_i: change - bound - 1; the next: change - 1; signed
// rises_i    in   flag   in both: the change is 0 or more, so that max_i bounds, else min_i
// changes_i  in   flag   in the first: the change is not 0
// chosen_i   in   flags  lanes that change, others keep their weights
// min_i      in   lsb    signed
// max_i      in   lsb    signed
// row_o      out  row    two cycles after load_i; in any cycle what was loaded, when no lane is chosen

`default_nettype none

module snn_learn_row #(
  parameter Technology = 0,
  parameter Lanes      = 8,
  parameter WeightBits = 8,
  parameter Own        = 0
) (
  input  wire                               clk_i,
  input  wire                               load_i,
  input  wire [Lanes*WeightBits-1:0]        row_i,
  input  wire [(Own != 0 ? Lanes : 1)*10-1:0] operand_i,
  input  wire [(Own != 0 ? Lanes : 1)-1:0]  rises_i,
  input  wire [(Own != 0 ? Lanes : 1)-1:0]  changes_i,
  input  wire [Lanes-1:0]                   chosen_i,
  input  wire [7:0]                         min_i,
  input  wire [7:0]                         max_i,
  output wire [Lanes*WeightBits-1:0]        row_o
);

  reg [Lanes*WeightBits-1:0] row_q;

  always @(posedge clk_i) if (load_i) row_q <= row_i;

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      localparam From = Own != 0 ? l : 0;

      wire [WeightBits-1:0] weight  = row_q[l*WeightBits+:WeightBits];
      wire [9:0]            operand = operand_i[From*10+:10];
      wire                  rises   = rises_i[From];
      wire [7:0]            bound   = rises ? max_i : min_i;
      wire                  synapse = !weight[WeightBits-1] || weight[WeightBits-2:0] != {(WeightBits-1){1'b0}};
      wire                  applies = chosen_i[l] && synapse;

      // beyond the weights' own range every weight passes the bound
      wire beyond = operand[9:WeightBits-1] != {(11-WeightBits){operand[WeightBits-1]}};
      wire passes;
      reg  clips_q = 1'b0;
      wire [WeightBits-1:0] moved;

      // the sign of the difference is 1 when a lower bound is passed, 0 when an upper one is
      snn_weight_adder #(
        .Technology(Technology),
        .WeightBits(WeightBits)
      ) adder (
        .weight_i (weight),
        .operand_i(operand[WeightBits-1:0]),
        .on_i     (applies),
        .top_i    (operand[WeightBits-1] ^ rises),
        .beyond_i (beyond),
        .weight_o (moved),
        .sign_o   (passes)
      );

      always @(posedge clk_i) clips_q <= passes && applies && changes_i[From];

      assign row_o[l*WeightBits+:WeightBits] = clips_q ? bound[WeightBits-1:0] : moved;

      wire unused_bits = &{1'b0, bound};
    end
  endgenerate

`ifdef FORMAL
  // Whatever the weights, the change and the bounds: the row that comes out is the one of src/arch/dynamics/plasticity.ts,
  // and no weight becomes or stops being the one that is no synapse.
  (* anyconst *) reg [Lanes-1:0]       f_chosen;
  (* anyconst *) reg [7:0]             f_min, f_max;
  (* anyconst *) reg [(Own != 0 ? Lanes : 1)*9-1:0] f_changes;
  reg                        f_compares = 1'b0, f_adds = 1'b0;
  reg [Lanes*WeightBits-1:0] f_row;

  always @(posedge clk_i) begin
    f_compares <= load_i;
    f_adds     <= f_compares;
    if (load_i) f_row <= row_i;
    cover (f_adds && row_o != f_row && clips_seen);
  end

  wire clips_seen = gen_lane[0].clips_q;

  always @(*) begin
    // a row is under way for two cycles
    if (f_compares) assume (!load_i);
    assume (chosen_i == f_chosen && min_i == f_min && max_i == f_max);
    assume ($signed(f_min) <= $signed(f_max) && $signed(f_max) < (1 << (WeightBits-1)) && $signed(f_min) > -(1 << (WeightBits-1)));
    if (f_compares || f_adds) assert (row_q == f_row);
  end

  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_check
      localparam From = Own != 0 ? l : 0;

      wire signed [11:0] weight = {{(12-WeightBits){f_row[l*WeightBits+WeightBits-1]}}, f_row[l*WeightBits+:WeightBits]};
      wire signed [11:0] change = {{3{f_changes[From*9+8]}}, f_changes[From*9+:9]};
      wire signed [11:0] low    = {{4{f_min[7]}}, f_min};
      wire signed [11:0] high   = {{4{f_max[7]}}, f_max};
      wire signed [11:0] sum    = weight + change;
      wire signed [11:0] bound  = change < 0 ? low : high;
      wire signed [11:0] passed = change < 0 ? (sum < low ? low : sum) : (sum > high ? high : sum);
      wire               none   = weight == -(1 << (WeightBits-1));
      wire signed [11:0] wanted = !f_chosen[l] || none || change == 0 ? weight : passed;
      wire [11:0]        compare = change - bound - 12'd1;
      wire [11:0]        add     = change - 12'd1;

      always @(*) begin
        assume (change > -256);
        if (f_compares || f_adds) assume (rises_i[From] == (change >= 0));
        if (f_compares) assume (operand_i[From*10+:10] == compare[9:0] && changes_i[From] == (change != 0));
        if (f_adds) assume (operand_i[From*10+:10] == add[9:0]);
        if (f_adds) assert (row_o[l*WeightBits+:WeightBits] == wanted[WeightBits-1:0]);
        if (f_adds) assert ((wanted == -(1 << (WeightBits-1))) == none);
      end
    end
  endgenerate
`endif

endmodule

`default_nettype wire
