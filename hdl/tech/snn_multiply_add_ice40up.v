// snn_multiply_add_ice40up: a product and a sum on one SB_MAC16, every register used. See snn_multiply_add.

`default_nettype none

module snn_multiply_add_ice40up (
  input  wire        clk_i,
  input  wire [15:0] a_i,
  input  wire [15:0] b_i,
  input  wire [31:0] c_i,
  output wire [31:0] sum_o
);

  // verilator lint_off PINCONNECTEMPTY
  SB_MAC16 #(
    .NEG_TRIGGER             (1'b0),
    .C_REG                   (1'b1),
    .A_REG                   (1'b1),
    .B_REG                   (1'b1),
    .D_REG                   (1'b1),
    .TOP_8x8_MULT_REG        (1'b1),
    .BOT_8x8_MULT_REG        (1'b1),
    .PIPELINE_16x16_MULT_REG1(1'b1),
    .PIPELINE_16x16_MULT_REG2(1'b1),
    .TOPOUTPUT_SELECT        (2'd1),
    .TOPADDSUB_LOWERINPUT    (2'd2),
    .TOPADDSUB_UPPERINPUT    (1'b1),
    .TOPADDSUB_CARRYSELECT   (2'd3),
    .BOTOUTPUT_SELECT        (2'd1),
    .BOTADDSUB_LOWERINPUT    (2'd2),
    .BOTADDSUB_UPPERINPUT    (1'b1),
    .BOTADDSUB_CARRYSELECT   (2'd0),
    .MODE_8x8                (1'b0),
    .A_SIGNED                (1'b1),
    .B_SIGNED                (1'b0)
  ) mac (
    .CLK       (clk_i),
    .CE        (1'b1),
    .A         (a_i),
    .B         (b_i),
    .C         (c_i[31:16]),
    .D         (c_i[15:0]),
    .AHOLD     (1'b0),
    .BHOLD     (1'b0),
    .CHOLD     (1'b0),
    .DHOLD     (1'b0),
    .IRSTTOP   (1'b0),
    .IRSTBOT   (1'b0),
    .ORSTTOP   (1'b0),
    .ORSTBOT   (1'b0),
    .OLOADTOP  (1'b0),
    .OLOADBOT  (1'b0),
    .ADDSUBTOP (1'b0),
    .ADDSUBBOT (1'b0),
    .OHOLDTOP  (1'b0),
    .OHOLDBOT  (1'b0),
    .CI        (1'b0),
    .ACCUMCI   (1'b0),
    .SIGNEXTIN (1'b0),
    .O         (sum_o),
    .CO        (),
    .ACCUMCO   (),
    .SIGNEXTOUT()
  );
  // verilator lint_on PINCONNECTEMPTY

endmodule

`default_nettype wire
