// snn_accumulator_generic: a sum that grows, in LUTs. See snn_accumulator.

`default_nettype none

module snn_accumulator_generic #(
  parameter Width = 24
) (
  input  wire             clk_i,
  input  wire             clear_i,
  input  wire [5:0]       add_i,
  output wire [Width-1:0] sum_o
);

  reg             clear_q = 1'b0;
  reg [5:0]       add_q   = 6'd0;
  reg [Width-1:0] sum_q   = {Width{1'b0}};

  assign sum_o = sum_q;

  always @(posedge clk_i) begin
    clear_q <= clear_i;
    add_q   <= add_i;
    sum_q   <= clear_q ? {Width{1'b0}} : sum_q + {{(Width-6){1'b0}}, add_q};
  end

endmodule

`default_nettype wire
