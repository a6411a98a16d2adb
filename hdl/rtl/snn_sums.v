// snn_sums: holds the sums of a visit and hands them out one a cycle, lane 0 first, while the lanes gather the next visit.
//
// Parameter        Default  Range  Meaning
// Lanes            16       2..32
// AccumulatorBits  16       8..32
//
// Port     Dir  Unit  Meaning
// clk_i    in   clock
// load_i   in   flag  take all sums
// shift_i  in   flag  sum_o is used up; loading wins
// sums_i   in   lsb   Lanes sums, lane 0 low
// sum_o    out  lsb   the sum of the next lane

`default_nettype none

module snn_sums #(
  parameter Lanes           = 16,
  parameter AccumulatorBits = 16
) (
  input  wire                             clk_i,
  input  wire                             load_i,
  input  wire                             shift_i,
  input  wire [Lanes*AccumulatorBits-1:0] sums_i,
  output wire [AccumulatorBits-1:0]       sum_o
);

  reg [Lanes*AccumulatorBits-1:0] sums_q;

  assign sum_o = sums_q[AccumulatorBits-1:0];

  always @(posedge clk_i) begin
    if (load_i) sums_q <= sums_i;
    else if (shift_i) sums_q <= {{AccumulatorBits{1'b0}}, sums_q[Lanes*AccumulatorBits-1:AccumulatorBits]};
  end

endmodule

`default_nettype wire
