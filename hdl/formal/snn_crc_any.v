// snn_crc_any: stands in for snn_crc in proofs about what surrounds it: says what it likes, and takes any time.

`default_nettype none

module snn_crc (
  input  wire       clk_i,
  input  wire       clear_i,
  input  wire       load_i,
  input  wire [7:0] data_i,
  input  wire       tail_i,
  output wire       busy_o,
  output wire [7:0] head_o,
  output wire       head_zero_o,
  output wire [7:0] sum_o,
  output wire       match_o
);

  (* anyseq *) reg [18:0] any;

  assign {busy_o, head_o, head_zero_o, sum_o, match_o} = any;

endmodule

`default_nettype wire
