// snn_weight_adder: moves a weight, and tells its sign after that. No register. Picks the form for the technology.
//
// Parameter   Default  Range  Meaning
// Technology  0        0..2   0 generic, 1 ice40up, 2 ice40hx
// WeightBits  8        2..8
//
// Port       Dir  Unit  Meaning
// weight_i   in   lsb   signed
// operand_i  in   lsb   signed; 1 is added to it
// on_i       in   flag  else the weight stays
// top_i      in   flag  sign of operand_i, or its complement
// beyond_i   in   flag
// weight_o   out  lsb   weight_i + operand_i + 1 modulo 2^WeightBits, or weight_i
// sign_o     out  flag  sign of the full sum, complemented with top_i; or beyond_i

`default_nettype none

module snn_weight_adder #(
  parameter Technology = 0,
  parameter WeightBits = 8
) (
  input  wire [WeightBits-1:0] weight_i,
  input  wire [WeightBits-1:0] operand_i,
  input  wire                  on_i,
  input  wire                  top_i,
  input  wire                  beyond_i,
  output wire [WeightBits-1:0] weight_o,
  output wire                  sign_o
);

  generate
    if (Technology != 0) begin : gen_ice40
      snn_weight_adder_ice40 #(
        .WeightBits(WeightBits)
      ) unit (
        .weight_i (weight_i),
        .operand_i(operand_i),
        .on_i     (on_i),
        .top_i    (top_i),
        .beyond_i (beyond_i),
        .weight_o (weight_o),
        .sign_o   (sign_o)
      );
    end else begin : gen_generic
      snn_weight_adder_generic #(
        .WeightBits(WeightBits)
      ) unit (
        .weight_i (weight_i),
        .operand_i(operand_i),
        .on_i     (on_i),
        .top_i    (top_i),
        .beyond_i (beyond_i),
        .weight_o (weight_o),
        .sign_o   (sign_o)
      );
    end
  endgenerate

endmodule

`default_nettype wire
