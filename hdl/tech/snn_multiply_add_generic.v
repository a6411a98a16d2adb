// snn_multiply_add_generic: a product and a sum, in four stages. See snn_multiply_add.

`default_nettype none

module snn_multiply_add_generic (
  input  wire        clk_i,
  input  wire [15:0] a_i,
  input  wire [15:0] b_i,
  input  wire [31:0] c_i,
  output wire [31:0] sum_o
);

  reg [15:0] a_q;
  reg [15:0] b_q;
  reg [31:0] c_q;
  reg [31:0] product_q;
  reg [31:0] product2_q;
  reg [31:0] sum_q;

  assign sum_o = sum_q;

  always @(posedge clk_i) begin
    a_q        <= a_i;
    b_q        <= b_i;
    product_q  <= {{16{a_q[15]}}, a_q} * {16'd0, b_q};
    product2_q <= product_q;
    c_q        <= c_i;
    sum_q      <= product2_q + c_q;
  end

endmodule

`default_nettype wire
