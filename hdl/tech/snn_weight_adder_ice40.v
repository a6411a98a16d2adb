// snn_weight_adder_ice40: moves a weight in one logic cell a bit, the choice of the sum included. See snn_weight_adder.

`default_nettype none

module snn_weight_adder_ice40 #(
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

  wire [WeightBits:0] carry;

  assign carry[0] = 1'b1;

  genvar i;
  generate
    for (i = 0; i < WeightBits; i = i + 1) begin : gen_bit
      // I0 ? I1 ^ I2 ^ I3 : I1
      SB_LUT4 #(
        .LUT_INIT(16'b1100_0110_0110_1100)
      ) sum (
        .I0(on_i),
        .I1(weight_i[i]),
        .I2(operand_i[i]),
        .I3(carry[i]),
        .O (weight_o[i])
      );

      SB_CARRY ripple (
        .I0(weight_i[i]),
        .I1(operand_i[i]),
        .CI(carry[i]),
        .CO(carry[i+1])
      );
    end
  endgenerate

  // I0 || I1 ^ I2 ^ I3
  SB_LUT4 #(
    .LUT_INIT(16'b1110_1011_1011_1110)
  ) sign (
    .I0(beyond_i),
    .I1(weight_i[WeightBits-1]),
    .I2(top_i),
    .I3(carry[WeightBits]),
    .O (sign_o)
  );

endmodule

`default_nettype wire
