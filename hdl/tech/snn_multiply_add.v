// snn_multiply_add: a * b + c, a pipeline without a stall. Picks the form for the technology.
//
// Parameter   Default  Range  Meaning
// Technology  0        0..2   0 generic, 1 ice40up (SB_MAC16), 2 ice40hx (LUTs, as generic)
//
// Port     Dir  Unit   Meaning
// clk_i    in   clock
// a_i      in   lsb    signed
// b_i      in   lsb    unsigned
// c_i      in   lsb    signed; belongs to the a_i and b_i of two cycles before
// sum_o    out  lsb    signed, four cycles after its a_i and b_i

`default_nettype none

module snn_multiply_add #(
  parameter Technology = 0
) (
  input  wire        clk_i,
  input  wire [15:0] a_i,
  input  wire [15:0] b_i,
  input  wire [31:0] c_i,
  output wire [31:0] sum_o
);

  generate
    if (Technology == 1) begin : gen_ice40up
      snn_multiply_add_ice40up unit (
        .clk_i(clk_i),
        .a_i  (a_i),
        .b_i  (b_i),
        .c_i  (c_i),
        .sum_o(sum_o)
      );
    end else begin : gen_generic
      snn_multiply_add_generic unit (
        .clk_i(clk_i),
        .a_i  (a_i),
        .b_i  (b_i),
        .c_i  (c_i),
        .sum_o(sum_o)
      );
    end
  endgenerate

endmodule

`default_nettype wire
