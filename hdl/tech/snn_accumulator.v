// snn_accumulator: a sum that grows. Picks the form for the technology.
//
// Parameter   Default  Range  Meaning
// Technology  0        0..2   0 generic, 1 ice40up (the adder of an SB_MAC16), 2 ice40hx (LUTs, as generic)
// Width       24       8..32  bits of the sum
//
// Port     Dir  Unit   Meaning
// clk_i    in   clock
// clear_i  in   flag   the sum becomes 0; wins over add_i of the same cycle
// add_i    in   count
// sum_o    out  count  modulo 2^Width; add_i and clear_i show two cycles later

`default_nettype none

module snn_accumulator #(
  parameter Technology = 0,
  parameter Width      = 24
) (
  input  wire             clk_i,
  input  wire             clear_i,
  input  wire [5:0]       add_i,
  output wire [Width-1:0] sum_o
);

  generate
    if (Technology == 1) begin : gen_ice40up
      snn_accumulator_ice40up #(
        .Width(Width)
      ) unit (
        .clk_i  (clk_i),
        .clear_i(clear_i),
        .add_i  (add_i),
        .sum_o  (sum_o)
      );
    end else begin : gen_generic
      snn_accumulator_generic #(
        .Width(Width)
      ) unit (
        .clk_i  (clk_i),
        .clear_i(clear_i),
        .add_i  (add_i),
        .sum_o  (sum_o)
      );
    end
  endgenerate

endmodule

`default_nettype wire
