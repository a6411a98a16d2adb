// snn_learn_lane: one weight of a row changes: add, then clip to the bound it moves towards. No register.
// The lowest weight is no synapse and stays.
//
// Parameter   Default  Range  Meaning
// WeightBits  8        2..8
//
// Port       Dir  Unit   Meaning
// weight_i   in   lsb    signed
// change_i   in   lsb    signed
// apply_i    in   flag   else the weight stays as it is
// min_i      in   lsb    signed
// max_i      in   lsb    signed
// weight_o   out  lsb    signed

`default_nettype none

module snn_learn_lane #(
  parameter WeightBits = 8
) (
  input  wire [WeightBits-1:0] weight_i,
  input  wire [9:0]            change_i,
  input  wire                  apply_i,
  input  wire [7:0]            min_i,
  input  wire [7:0]            max_i,
  output wire [WeightBits-1:0] weight_o
);

  wire                  falls = change_i[9];
  wire [7:0]            bound = falls ? min_i : max_i;
  wire [10:0]           sum   = {{(11-WeightBits){weight_i[WeightBits-1]}}, weight_i} + {change_i[9], change_i};
  // sum - bound when it falls, sum - bound - 1 when it grows: the sign tells whether the bound is passed
  wire [12:0]           past  = {sum[10], sum, 1'b1} + {~{{4{bound[7]}}, bound}, falls};
  wire                  clips = past[12] == falls;

  wire                  synapse = !weight_i[WeightBits-1] || weight_i[WeightBits-2:0] != {(WeightBits-1){1'b0}};

  assign weight_o = !(apply_i && synapse) ? weight_i : clips ? bound[WeightBits-1:0] : sum[WeightBits-1:0];

  wire unused_bits = &{1'b0, sum, past, bound};

endmodule

`default_nettype wire
