// The memories and the multiplier of stand_in as cells of the UP5K.

`default_nettype none

module stand_in_spram (
  input  wire        clk_i,
  input  wire        write_i,
  input  wire [13:0] address_i,
  input  wire [15:0] data_i,
  output wire [15:0] data_o
);
  SB_SPRAM256KA spram (
    .ADDRESS(address_i),
    .DATAIN(data_i),
    .MASKWREN(4'b1111),
    .WREN(write_i),
    .CHIPSELECT(1'b1),
    .CLOCK(clk_i),
    .STANDBY(1'b0),
    .SLEEP(1'b0),
    .POWEROFF(1'b1),
    .DATAOUT(data_o)
  );
endmodule

module stand_in_mac (
  input  wire        clk_i,
  input  wire [15:0] a_i,
  input  wire [15:0] b_i,
  output wire [31:0] product_o
);
  SB_MAC16 #(
    .A_REG(1'b1),
    .B_REG(1'b1),
    .TOPOUTPUT_SELECT(2'b11),
    .BOTOUTPUT_SELECT(2'b11),
    .PIPELINE_16x16_MULT_REG2(1'b1),
    .A_SIGNED(1'b1),
    .B_SIGNED(1'b1)
  ) mac (
    .CLK(clk_i),
    .CE(1'b1),
    .A(a_i),
    .B(b_i),
    .C(16'd0),
    .D(16'd0),
    .AHOLD(1'b0),
    .BHOLD(1'b0),
    .CHOLD(1'b0),
    .DHOLD(1'b0),
    .IRSTTOP(1'b0),
    .IRSTBOT(1'b0),
    .ORSTTOP(1'b0),
    .ORSTBOT(1'b0),
    .OLOADTOP(1'b0),
    .OLOADBOT(1'b0),
    .ADDSUBTOP(1'b0),
    .ADDSUBBOT(1'b0),
    .OHOLDTOP(1'b0),
    .OHOLDBOT(1'b0),
    .CI(1'b0),
    .ACCUMCI(1'b0),
    .SIGNEXTIN(1'b0),
    .O(product_o)
  );
endmodule

`default_nettype wire
