// The memories and the multiplier of stand_in as behaviour, cycle for cycle what cells_ice40.v does.

`default_nettype none

module stand_in_spram (
  input  wire        clk_i,
  input  wire        write_i,
  input  wire [13:0] address_i,
  input  wire [15:0] data_i,
  output reg  [15:0] data_o
);
  reg [15:0] memory [0:16383];
  always @(posedge clk_i) begin
    if (write_i) memory[address_i] <= data_i;
    else data_o <= memory[address_i];
  end
endmodule

module stand_in_mac (
  input  wire        clk_i,
  input  wire signed [15:0] a_i,
  input  wire signed [15:0] b_i,
  output reg  signed [31:0] product_o
);
  reg signed [15:0] a_q = 16'sd0;
  reg signed [15:0] b_q = 16'sd0;
  initial product_o = 32'sd0;
  always @(posedge clk_i) begin
    a_q <= a_i;
    b_q <= b_i;
    product_o <= a_q * b_q;
  end
endmodule

`default_nettype wire
