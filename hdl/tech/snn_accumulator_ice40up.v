// snn_accumulator_ice40up: a sum that grows, in the adders of one SB_MAC16. See snn_accumulator.

`default_nettype none

module snn_accumulator_ice40up #(
  parameter Width = 24
) (
  input  wire             clk_i,
  input  wire             clear_i,
  input  wire [5:0]       add_i,
  output wire [Width-1:0] sum_o
);

  reg         clear_q = 1'b1;
  wire [31:0] sum;

  assign sum_o = sum[Width-1:0];

  wire unused_sum = &{1'b0, sum};

  always @(posedge clk_i) clear_q <= clear_i;

  // The registers of the operands and of the unused multiplier are on, because icetime looks through cells of any other
  // kind. The lower half adds B, the upper one the carry of the lower (select 2).
  // verilator lint_off PINCONNECTEMPTY
  SB_MAC16 #(
    .NEG_TRIGGER             (1'b0),
    .C_REG                   (1'b0),
    .A_REG                   (1'b1),
    .B_REG                   (1'b1),
    .D_REG                   (1'b0),
    .TOP_8x8_MULT_REG        (1'b1),
    .BOT_8x8_MULT_REG        (1'b1),
    .PIPELINE_16x16_MULT_REG1(1'b1),
    .PIPELINE_16x16_MULT_REG2(1'b1),
    .TOPOUTPUT_SELECT        (2'd1),
    .TOPADDSUB_LOWERINPUT    (2'd0),
    .TOPADDSUB_UPPERINPUT    (1'b0),
    .TOPADDSUB_CARRYSELECT   (2'd2),
    .BOTOUTPUT_SELECT        (2'd1),
    .BOTADDSUB_LOWERINPUT    (2'd0),
    .BOTADDSUB_UPPERINPUT    (1'b0),
    .BOTADDSUB_CARRYSELECT   (2'd0),
    .MODE_8x8                (1'b0),
    .A_SIGNED                (1'b0),
    .B_SIGNED                (1'b0)
  ) mac (
    .CLK       (clk_i),
    .CE        (1'b1),
    .A         (16'd0),
    .B         ({10'd0, add_i}),
    .C         (16'd0),
    .D         (16'd0),
    .AHOLD     (1'b0),
    .BHOLD     (1'b0),
    .CHOLD     (1'b0),
    .DHOLD     (1'b0),
    .IRSTTOP   (1'b0),
    .IRSTBOT   (1'b0),
    .ORSTTOP   (1'b0),
    .ORSTBOT   (1'b0),
    .OLOADTOP  (clear_q),
    .OLOADBOT  (clear_q),
    .ADDSUBTOP (1'b0),
    .ADDSUBBOT (1'b0),
    .OHOLDTOP  (1'b0),
    .OHOLDBOT  (1'b0),
    .CI        (1'b0),
    .ACCUMCI   (1'b0),
    .SIGNEXTIN (1'b0),
    .O         (sum),
    .CO        (),
    .ACCUMCO   (),
    .SIGNEXTOUT()
  );
  // verilator lint_on PINCONNECTEMPTY

endmodule

`default_nettype wire
