// snn_neuron: integrates the sum of a visit and fires. A pipeline, one neuron a cycle.
//
//   s, v = fresh ? 0, v_init : state
//   x    = v + sum
//   not ternary: o = 0; for k = QuotientBits-1 .. 0, if mask[k] and x' >= threshold << k:  x' -= threshold << k, o += 1 << k
//   ternary:     o = -1 if x < 0 and s > 0;  +1 if x >= threshold and s < max;  else 0;  always 0 if mask[0] = 0
//   s'   = s + o,   v' = x - o * threshold
//
// Parameter      Default  Range              Meaning
// MembraneBits   24       9..40              bits of a membrane potential, signed
// ThresholdBits  16       1..MembraneBits-8  bits of a threshold, unsigned
// QuotientBits   4        1..8               divider stages
// SumBits        16       8..MembraneBits    bits of a sum, signed
// TagBits        8        1..                what travels with a neuron
//
// Port         Dir  Unit   Meaning
// clk_i        in   clock
// rst_i        in   flag   synchronous; forgets the neurons inside
// fresh_i, ternary_i, mask_i, max_n_i        fields of the pass and of the pass register `fire`; steady;
//                     max_n_i is the complement of the largest tracer
// valid_i      in   flag   N1: a neuron
// tag_i        in   bits   N1
// tracer_i     in   count  N1: s of the state word
// v_i          in   lsb    N1: v of the state word
// threshold_i  in   lsb    N1
// v_init_i     in   lsb    N1
// sum_i        in   lsb    N1
// x_valid_o    out  flag   N2, one cycle after N1: x_o is a neuron's potential before firing
// x_o          out  lsb    N2
// better_i     in   flag   N2: joins the tag
// valid_o      out  flag   F: the neuron is done, 1 + max(2, QuotientBits) cycles after N1
// better_o     out  flag   F
// tag_o        out  bits   F
// v_o          out  lsb    F: v'
// tracer_o     out  count  F: s
// next_o       out  count  F: s'
// fired_o      out  count  F: o, two's complement
// mon_x_o      out  lsb    F: x, for simulation; costs nothing when unconnected

`default_nettype none

module snn_neuron #(
  parameter MembraneBits  = 24,
  parameter ThresholdBits = 16,
  parameter QuotientBits  = 4,
  parameter SumBits       = 16,
  parameter TagBits       = 8
) (
  input  wire                     clk_i,
  input  wire                     rst_i,
  input  wire                     fresh_i,
  input  wire                     ternary_i,
  input  wire [QuotientBits-1:0]  mask_i,
  input  wire [7:0]               max_n_i,
  input  wire                     valid_i,
  input  wire [TagBits-1:0]       tag_i,
  input  wire [7:0]               tracer_i,
  input  wire [MembraneBits-1:0]  v_i,
  input  wire [ThresholdBits-1:0] threshold_i,
  input  wire [MembraneBits-1:0]  v_init_i,
  input  wire [SumBits-1:0]       sum_i,
  output wire                     x_valid_o,
  output wire [MembraneBits-1:0]  x_o,
  input  wire                     better_i,
  output wire                     valid_o,
  output wire                     better_o,
  output wire [TagBits-1:0]       tag_o,
  output wire [MembraneBits-1:0]  v_o,
  output wire [7:0]               tracer_o,
  output wire [7:0]               next_o,
  output wire [7:0]               fired_o,
  output wire [MembraneBits-1:0]  mon_x_o
);

  // a negative spike is decided in the first stage and done in the last, so there are two
  localparam Stages = QuotientBits < 2 ? 2 : QuotientBits;
  // what travels beside the division: x, s, may spike up, does not spike down, better, tag
  localparam Bundle = MembraneBits + TagBits + 11;

  // N1
  wire [MembraneBits-1:0] v   = fresh_i ? v_init_i : v_i;
  wire [MembraneBits-1:0] sum = {{(MembraneBits-SumBits+1){sum_i[SumBits-1]}}, sum_i[SumBits-2:0]};

  reg                     x_valid_q = 1'b0;
  reg [TagBits-1:0]       tag_q;
  reg [MembraneBits-1:0]  x_q;
  reg [7:0]               tracer_q;
  reg [ThresholdBits-1:0] minus_q;

  always @(posedge clk_i) begin
    x_valid_q <= valid_i && !rst_i;
    tag_q     <= tag_i;
    x_q       <= v + sum;
    tracer_q  <= fresh_i ? 8'd0 : tracer_i;
    minus_q   <= ~threshold_i;
  end

  assign x_valid_o = x_valid_q;
  assign x_o       = x_q;

  wire down = ternary_i && mask_i[0] && x_q[MembraneBits-1] && tracer_q != 8'd0;
  // tracer >= max: tracer + ~max + 1 carries
  wire [9:0] full_sum = {1'b0, tracer_q, 1'b1} + {1'b0, max_n_i, 1'b1};
  wire up   = mask_i[0] && !(ternary_i && full_sum[9]);


  // stage k decides quotient bit k; slice k + 1 of these is its input, slice k its output
  wire [Stages:0]                     valid;
  wire [(Stages+1)*Bundle-1:0]        bundle;
  wire [(Stages+1)*MembraneBits-1:0]  rest;
  wire [(Stages+1)*ThresholdBits-1:0] minus;
  wire [(Stages+1)*8-1:0]             fired;

  assign valid[Stages] = x_valid_q;
  assign bundle[Stages*Bundle+:Bundle] = {x_q, tracer_q, up, !down, better_i, tag_q};
  assign rest[Stages*MembraneBits+:MembraneBits] = x_q;
  assign minus[Stages*ThresholdBits+:ThresholdBits] = minus_q;
  assign fired[Stages*8+:8] = 8'd0;

  genvar k;
  generate
    for (k = 0; k < Stages; k = k + 1) begin : gen_stage
      reg              valid_q = 1'b0;
      reg [Bundle-1:0] bundle_q;

      wire allow;
      wire stay;

      if (k == 0) begin : gen_last
        assign allow = bundle[Bundle+TagBits+2];
        assign stay  = bundle[Bundle+TagBits+1];
      end else if (k < QuotientBits) begin : gen_early
        assign allow = mask_i[k] && !ternary_i;
        assign stay  = 1'b1;
      end else begin : gen_pad
        assign allow = 1'b0;
        assign stay  = 1'b1;
      end

      snn_divide_stage #(
        .MembraneBits (MembraneBits),
        .ThresholdBits(ThresholdBits),
        .Shift        (k)
      ) stage (
        .clk_i  (clk_i),
        .rest_i (rest[(k+1)*MembraneBits+:MembraneBits]),
        .minus_i(minus[(k+1)*ThresholdBits+:ThresholdBits]),
        .flip_i (k == Stages - 1 && down),
        .allow_i(allow),
        .stay_i (stay),
        .fired_i(fired[(k+1)*8+:8]),
        .rest_o (rest[k*MembraneBits+:MembraneBits]),
        .minus_o(minus[k*ThresholdBits+:ThresholdBits]),
        .fired_o(fired[k*8+:8])
      );

      always @(posedge clk_i) begin
        valid_q  <= valid[k+1] && !rst_i;
        bundle_q <= bundle[(k+1)*Bundle+:Bundle];
      end

      assign valid[k] = valid_q;
      assign bundle[k*Bundle+:Bundle] = bundle_q;
    end
  endgenerate

  wire unused_bits = &{1'b0, minus[ThresholdBits-1:0], full_sum};

  // F
  assign valid_o  = valid[0];
  assign tag_o    = bundle[TagBits-1:0];
  assign better_o = bundle[TagBits];
  assign tracer_o = bundle[TagBits+3+:8];
  assign mon_x_o  = bundle[TagBits+11+:MembraneBits];
  assign v_o      = rest[MembraneBits-1:0];
  assign fired_o  = fired[7:0];
  assign next_o   = tracer_o + fired_o;

endmodule

`default_nettype wire
