// snn_learn_change: how much weights change, on a presynaptic event and on a postsynaptic spike. No register.
// The rules are those of src/arch/dynamics/plasticity.ts, the fields those of the registers `pre-rule` and `post-rule`.
//
// Port          Dir  Unit   Meaning
// pre_rule_i    in   bits
// post_rule_i   in   bits
// up_i, down_i  in   counts windows of the postsynaptic trace, {above, from}
// potential_i   in   lsb    signed
// draw_i        in   bits   noise
// v_i           in   lsb    potential of the postsynaptic neuron, signed
// y_i           in   count  its trace
// x_i           in   count  trace of the presynaptic neuron
// pre_draws_o   out  flag   the presynaptic change uses draw_i
// pre_o         out  lsb    change on a presynaptic event, signed
// post_draws_o  out  flag   the postsynaptic change uses draw_i
// post_o        out  lsb    change on a postsynaptic spike, signed

`default_nettype none

module snn_learn_change (
  input  wire [13:0] pre_rule_i,
  input  wire [21:0] post_rule_i,
  input  wire [16:0] up_i,
  input  wire [16:0] down_i,
  input  wire [15:0] potential_i,
  input  wire [7:0]  draw_i,
  input  wire [15:0] v_i,
  input  wire [7:0]  y_i,
  input  wire [7:0]  x_i,
  output wire        pre_draws_o,
  output wire [9:0]  pre_o,
  output wire        post_draws_o,
  output wire [9:0]  post_o
);

  localparam [1:0] RECTANGULAR = 2'd1, TRACE = 2'd2, SPIKE_DRIVEN = 2'd3;

  wire [1:0] pre_kind    = pre_rule_i[1:0];
  wire [9:0] pre_amount  = {2'd0, pre_rule_i[9:2]};
  wire [2:0] pre_shift   = pre_rule_i[12:10];
  wire [1:0] post_kind   = post_rule_i[1:0];
  wire [9:0] post_amount = {2'd0, post_rule_i[9:2]};
  wire [2:0] post_shift  = post_rule_i[12:10];
  wire [9:0] offset      = {2'd0, post_rule_i[21:14]};

  assign pre_draws_o  = pre_kind == TRACE && pre_rule_i[13];
  assign post_draws_o = post_kind == TRACE && post_rule_i[13];

  // (trace + r) >> shift, r the low bits of the draw
  wire [8:0] y_dithered = {1'b0, y_i} + {1'b0, draw_i & ~(8'hff << pre_shift) & {8{pre_draws_o}}};
  wire [8:0] x_dithered = {1'b0, x_i} + {1'b0, draw_i & ~(8'hff << post_shift) & {8{post_draws_o}}};
  wire [9:0] y_part     = {1'b0, y_dithered >> pre_shift};
  wire [9:0] x_part     = {1'b0, x_dithered >> post_shift};

  wire above = $signed(v_i) >= $signed(potential_i);
  wire up    = above && y_i >= up_i[7:0] && {1'b0, y_i} < up_i[16:8];
  wire down  = !above && y_i >= down_i[7:0] && {1'b0, y_i} < down_i[16:8];

  reg [9:0] pre;
  reg [9:0] post;

  always @(*) begin
    case (pre_kind)
      RECTANGULAR:  pre = y_i != 8'd0 ? -pre_amount : 10'd0;
      TRACE:        pre = -y_part;
      SPIKE_DRIVEN: pre = up ? pre_amount : down ? -pre_amount : 10'd0;
      default:      pre = 10'd0;
    endcase
    case (post_kind)
      RECTANGULAR: post = x_i != 8'd0 ? post_amount : -offset;
      TRACE:       post = x_part - offset;
      default:     post = 10'd0;
    endcase
  end

  assign pre_o  = pre;
  assign post_o = post;

endmodule

`default_nettype wire
