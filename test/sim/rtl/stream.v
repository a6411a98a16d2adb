// stream: a + b after two cycles; takes a pair only in every third cycle, answers wide and narrow.

`default_nettype none

module stream #(
  parameter Every = 3
) (
  input  wire        clk_i,
  input  wire        valid_i,
  output wire        ready_o,
  input  wire [39:0] a_i,
  input  wire [7:0]  b_i,
  output reg         valid_o,
  output reg  [71:0] sum_o,
  output wire [12:0] odd_o
);
  reg [7:0]  phase_q = 8'd0;
  reg        taken_q = 1'b0;
  reg [71:0] sum_q = 72'd0;
  initial valid_o = 1'b0;
  assign ready_o = phase_q == 8'd0;
  assign odd_o = a_i[12:0] ^ {5'd0, b_i};   // combinational
  always @(posedge clk_i) begin
    phase_q <= phase_q == Every - 1 ? 8'd0 : phase_q + 8'd1;
    taken_q <= valid_i && ready_o;
    sum_q <= {a_i, 32'd0} + {64'd0, b_i};
    valid_o <= taken_q;
    sum_o <= sum_q;
  end
endmodule

`default_nettype wire
