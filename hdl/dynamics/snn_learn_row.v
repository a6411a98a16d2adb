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

endmodule

`default_nettype wire
