// snn_argmax: remembers the neuron with the largest potential; ties go to the first.
//
// Parameter     Default  Range  Meaning
// MembraneBits  24       2..40
// IndexBits     12       1..16
//
// Port         Dir  Unit   Meaning
// clk_i        in   clock
// start_i      in   flag   an argmax pass begins: forget the best
// valid_i      in   flag   a neuron of an argmax pass
// x_i          in   lsb    its potential, signed
// better_o     out  flag   combinational: it is the best so far
// candidate_i  in   flag   a later cycle, in the same order: the neuron that was better gets its index
// index_i      in   index
// best_o       out  lsb    largest potential, signed
// decision_o   out  index  its index

`default_nettype none

module snn_argmax #(
  parameter MembraneBits = 24,
  parameter IndexBits    = 12
) (
  input  wire                    clk_i,
  input  wire                    start_i,
  input  wire                    valid_i,
  input  wire [MembraneBits-1:0] x_i,
  output wire                    better_o,
  input  wire                    candidate_i,
  input  wire [IndexBits-1:0]    index_i,
  output wire [MembraneBits-1:0] best_o,
  output wire [IndexBits-1:0]    decision_o
);

  // the complement of the best in offset binary: x is larger when their sum carries, and nothing has to be inverted
  reg                    none_q;
  reg [MembraneBits-1:0] rival_q    = {MembraneBits{1'b0}};
  reg [IndexBits-1:0]    decision_q = {IndexBits{1'b0}};

  wire [MembraneBits-1:0] x   = {!x_i[MembraneBits-1], x_i[MembraneBits-2:0]};
  wire [MembraneBits:0]   sum = {1'b0, x} + {1'b0, rival_q};

  assign better_o   = valid_i && (none_q || sum[MembraneBits]);
  assign best_o     = {rival_q[MembraneBits-1], ~rival_q[MembraneBits-2:0]};
  assign decision_o = decision_q;

  wire unused_sum = &{1'b0, sum};

  always @(posedge clk_i) begin
    if (start_i) none_q <= 1'b1;
    else if (valid_i) none_q <= 1'b0;
    if (better_o) rival_q <= ~x;
    if (candidate_i) decision_q <= index_i;
  end

endmodule

`default_nettype wire
