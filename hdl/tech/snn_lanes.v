// snn_lanes: Lanes multiply-accumulators that share one payload. Picks the form for the technology.
//
//   clear: every sum becomes 0;  add: sum[l] += weight[l] * payload, or -= when negative       (modulo 2^AccumulatorBits)
//
// Parameter        Default  Range  Meaning
// Technology       0        0..2   0 generic, 1 ice40up (SB_MAC16), 2 ice40hx (as generic)
// Lanes            16       2..32
// WeightBits       4        2..8   two's complement
// AccumulatorBits  16       8..32  two's complement
//
// Port        Dir  Unit   Meaning
// clk_i       in   clock
// weights_i   in   lsb    Lanes weights, lane 0 low
// payload_i   in   count  magnitude
// negative_i  in   flag   sign; then payload_i < 128
// add_i       in   flag
// clear_i     in   flag   not together with add_i
// sums_o      out  lsb    Lanes sums, lane 0 low; they change 3 cycles after the inputs, 4 when AccumulatorBits > 16
//
// Every form has the same stages: operands, product (twice when AccumulatorBits > 16), sum.

`default_nettype none

module snn_lanes #(
  parameter Technology      = 0,
  parameter Lanes           = 16,
  parameter WeightBits      = 4,
  parameter AccumulatorBits = 16
) (
  input  wire                             clk_i,
  input  wire [Lanes*WeightBits-1:0]      weights_i,
  input  wire [7:0]                       payload_i,
  input  wire                             negative_i,
  input  wire                             add_i,
  input  wire                             clear_i,
  output wire [Lanes*AccumulatorBits-1:0] sums_o
);

  generate
    if (Technology == 1) begin : gen_ice40up
      snn_lanes_ice40up #(
        .Lanes          (Lanes),
        .WeightBits     (WeightBits),
        .AccumulatorBits(AccumulatorBits)
      ) lanes (
        .clk_i     (clk_i),
        .weights_i (weights_i),
        .payload_i (payload_i),
        .negative_i(negative_i),
        .add_i     (add_i),
        .clear_i   (clear_i),
        .sums_o    (sums_o)
      );
    end else begin : gen_generic
      snn_lanes_generic #(
        .Lanes          (Lanes),
        .WeightBits     (WeightBits),
        .AccumulatorBits(AccumulatorBits)
      ) lanes (
        .clk_i     (clk_i),
        .weights_i (weights_i),
        .payload_i (payload_i),
        .negative_i(negative_i),
        .add_i     (add_i),
        .clear_i   (clear_i),
        .sums_o    (sums_o)
      );
    end
  endgenerate

endmodule

`default_nettype wire
