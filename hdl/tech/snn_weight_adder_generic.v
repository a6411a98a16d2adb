// snn_weight_adder_generic: moves a weight, as any adder does. See snn_weight_adder.

`default_nettype none

module snn_weight_adder_generic #(
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

  wire [WeightBits+1:0] sum = {weight_i[WeightBits-1], weight_i, 1'b1} + {top_i, operand_i, 1'b1};

  assign weight_o = on_i ? sum[WeightBits:1] : weight_i;
  assign sign_o   = sum[WeightBits+1] || beyond_i;

  wire unused_bits = &{1'b0, sum};

endmodule

`default_nettype wire
