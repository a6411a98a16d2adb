// snn_merge: combines the members of a pool window, channel by channel, and hands one candidate on for each.
//
//   none: payload = o                                    (every neuron is first and last)
//   max:  payload = max over members of s' - max over members of s
//   sum:  payload = sum over members of o
//
// The running values of a channel live in a small memory; a neuron that follows one of the same channel gets them
// directly, because they are not yet written.
//
// Parameter  Default  Range  Meaning
// Lanes      16       2..32  channels at most
//
// Port       Dir  Unit   Meaning
// clk_i      in   clock
// rst_i      in   flag   synchronous; forgets the neurons inside
// max_i      in   flag   merge mode max; steady
// sum_i      in   flag   merge mode sum; neither: none; steady
// valid_i    in   flag   F: a neuron
// restart_i  in   flag   F: it has channel 0, others follow in order
// first_i    in   flag   F: first member of its channel
// last_i     in   flag   F: last member
// final_i    in   flag   F: last neuron of the pass
// better_i   in   flag   F: travels with the neuron
// tracer_i   in   count  F: s
// next_i     in   count  F: s'
// fired_i    in   count  F: o, two's complement
// valid_o    out  flag   M2, two cycles after F: a candidate
// payload_o  out  count  M2: modulo 256, valid with valid_o
// final_o    out  flag   M2: last neuron of the pass, candidate or not
// better_o   out  flag   M2

`default_nettype none

module snn_merge #(
  parameter Lanes = 16
) (
  input  wire       clk_i,
  input  wire       rst_i,
  input  wire       max_i,
  input  wire       sum_i,
  input  wire       valid_i,
  input  wire       restart_i,
  input  wire       first_i,
  input  wire       last_i,
  input  wire       final_i,
  input  wire       better_i,
  input  wire [7:0] tracer_i,
  input  wire [7:0] next_i,
  input  wire [7:0] fired_i,
  output wire       valid_o,
  output wire [7:0] payload_o,
  output wire       final_o,
  output wire       better_o
);

  localparam ChannelBits = $clog2(Lanes);

  // F
  reg  [ChannelBits-1:0] channel_q;
  wire [ChannelBits-1:0] channel = restart_i ? {ChannelBits{1'b0}} : channel_q;

  // M1; s and s' are kept as complements: one is larger when it does not carry with the rival, and nothing is inverted.
  // s is 0 unless the mode is max, o is 0 when it is
  reg                   valid1_q = 1'b0;
  reg                   final1_q = 1'b0;
  reg                   better1_q;
  reg                   first1_q;
  reg                   last1_q;
  reg                   same1_q;
  reg [ChannelBits-1:0] channel1_q;
  reg [7:0]             tracer1_q;
  reg [7:0]             next1_q;
  reg [7:0]             fired1_q;

  // M2: also what the next neuron of the same channel continues with; low as its complement
  reg       valid2_q = 1'b0;
  reg       final2_q = 1'b0;
  reg       better2_q;
  reg [7:0] low2_q;
  reg [7:0] high2_q;

  wire [15:0] stored;
  wire [7:0]  low      = first1_q ? 8'd0 : same1_q ? ~low2_q : stored[7:0];
  wire [7:0]  high     = first1_q ? 8'd0 : same1_q ? high2_q : stored[15:8];
  wire [7:0]  total    = high + fired1_q;
  wire [8:0]  low_sum  = {1'b0, low} + {1'b0, tracer1_q};
  wire [8:0]  high_sum = {1'b0, high} + {1'b0, next1_q};
  wire [7:0]  low_new  = low_sum[8] ? low : ~tracer1_q;
  wire [7:0]  high_new = max_i && !high_sum[8] ? ~next1_q : total;
  wire [8:0]  payload  = {high2_q, 1'b1} + {low2_q, 1'b1};

  wire unused_sums = &{1'b0, low_sum, high_sum, payload[0]};

  snn_ram_1r1w #(
    .Width      (16),
    .Depth      (1 << ChannelBits),
    .AddressBits(ChannelBits)
  ) ram (
    .clk_i       (clk_i),
    .wr_en_i     (valid1_q),
    .wr_address_i(channel1_q),
    .wr_data_i   ({high_new, low_new}),
    .rd_en_i     (1'b1),
    .rd_address_i(channel),
    .rd_data_o   (stored)
  );

  assign valid_o   = valid2_q;
  assign final_o   = final2_q;
  assign better_o  = better2_q;
  assign payload_o = payload[8:1];

  always @(posedge clk_i) begin
    if (valid_i) channel_q <= channel + {{(ChannelBits-1){1'b0}}, 1'b1};

    valid1_q   <= valid_i;
    final1_q   <= valid_i && final_i;
    better1_q  <= valid_i && better_i;
    first1_q   <= first_i || !(max_i || sum_i);
    last1_q    <= last_i || !(max_i || sum_i);
    same1_q    <= valid1_q && channel == channel1_q;
    channel1_q <= channel;
    tracer1_q  <= ~(tracer_i & {8{max_i}});
    next1_q    <= ~next_i;
    fired1_q   <= fired_i & {8{!max_i}};

    valid2_q  <= valid1_q && last1_q;
    final2_q  <= final1_q;
    better2_q <= better1_q;
    low2_q    <= ~low_new;
    high2_q   <= high_new;

    if (rst_i) begin
      valid1_q <= 1'b0;
      final1_q <= 1'b0;
      valid2_q <= 1'b0;
      final2_q <= 1'b0;
    end
  end

endmodule

`default_nettype wire
