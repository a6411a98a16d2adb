// snn_dynamics: integrates the sum of a visit and fires, with leak, synaptic current, adaptation, refractory period and traces.
// A pipeline, one neuron a cycle. The equations are those of src/arch/dynamics/neuron.ts, the words those of words.ts.
// Parts of the words come when they are used, not with the neuron, so that they need not be kept.
//
// Parameter  Default  Range  Meaning
// Technology 0        0..2   see tech/snn_multiply_add.v
// SumBits    18       8..24  bits of a sum, signed
// IndexBits  12       8..16  bits of a neuron index
// TagBits    5        1..    what travels with a neuron
//
// Port              Dir  Unit   Meaning
// clk_i             in   clock
// rst_i             in   flag   synchronous; forgets the neurons inside
// start_i           in   flag   a pass begins
// index_i           in   index  of its first neuron
// fresh_i, mute_i, settled_i, winner_i, noise_i, ..._i   fields of the pass and of its registers; steady
// best_negative_i   in   flag   winner pass: nobody's margin was 0 or more
// decision_i        in   index  winner pass: who may fire
// draw_i            in   bits   noise, used up when drawn_o
// drawn_o           out  flag
// valid_i           in   flag   N1: a neuron
// tag_i             in   bits   N1
// v_i, current_i, refractory_i, latest_i   in   N1: V, J, R and P of the state word
// slow_i            in   bits   N1 + 3: A, y and x of the state word
// leak_i, rest_i    in          N1: of the parameter word
// bias_i            in   lsb    N1 + 1
// theta_i           in   lsb    N1 + 2
// v_reset_i         in   lsb    N1 + 5
// sum_i             in   lsb    N1
// slow_o            out  flag   N1 + 2: slow_i is wanted in the next cycle
// slow_tag_o        out  bits   N1 + 2: tag of that neuron
// valid_o           out  flag   F: the neuron is done, six cycles after N1
// rank_o            out  lsb    F: what argmax compares
// tag_o             out  bits   F
// state_o           out  word   F
// fired_o           out  flag   F
// mon_x_o           out  lsb    F: potential before firing, for simulation; costs nothing when unconnected

`default_nettype none

module snn_dynamics #(
  parameter Technology = 0,
  parameter SumBits   = 20,
  parameter IndexBits = 12,
  parameter TagBits   = 5
) (
  input  wire                 clk_i,
  input  wire                 rst_i,
  input  wire                 start_i,
  input  wire [IndexBits-1:0] index_i,
  input  wire                 fresh_i,
  input  wire                 mute_i,
  input  wire                 settled_i,
  input  wire                 winner_i,
  input  wire                 noise_i,
  input  wire [12:0]          current_loss_i,
  input  wire [1:0]           current_rounding_i,
  input  wire [1:0]           leak_rounding_i,
  input  wire [1:0]           reset_i,
  input  wire                 delayed_i,
  input  wire [1:0]           gate_i,
  input  wire [1:0]           rank_i,
  input  wire [10:0]          adapt_increment_i,
  input  wire [3:0]           adapt_decay_i,
  input  wire [2:0]           adapt_scale_i,
  input  wire [13:0]          pre_trace_i,
  input  wire [13:0]          post_trace_i,
  input  wire [15:0]          inhibition_i,
  input  wire [3:0]           block_i,
  input  wire                 best_negative_i,
  input  wire [IndexBits-1:0] decision_i,
  input  wire [7:0]           draw_i,
  output wire                 drawn_o,
  input  wire                 valid_i,
  input  wire [TagBits-1:0]   tag_i,
  input  wire [15:0]          v_i,
  input  wire [15:0]          current_i,
  input  wire [3:0]           refractory_i,
  input  wire                 latest_i,
  input  wire [26:0]          slow_i,
  input  wire [11:0]          leak_i,
  input  wire [3:0]           rest_i,
  input  wire [15:0]          bias_i,
  input  wire [15:0]          theta_i,
  input  wire [15:0]          v_reset_i,
  input  wire [SumBits-1:0]   sum_i,
  output wire                 slow_o,
  output wire [TagBits-1:0]   slow_tag_o,
  output wire                 valid_o,
  output wire [15:0]          rank_o,
  output wire [TagBits-1:0]   tag_o,
  output wire [63:0]          state_o,
  output wire                 fired_o,
  output wire [15:0]          mon_x_o
);

  localparam [1:0]           SUBTRACT = 2'd0, VALUE = 2'd1;
  localparam [1:0]           HOLD = 2'd0, IGNORE = 2'd1;
  localparam [1:0]           NEAREST = 2'd1, UP = 2'd2, AWAY = 2'd3;
  localparam [1:0]           MARGIN = 2'd1, POST_TRACE = 2'd2;
  localparam                 DriveBits = SumBits < 16 ? 17 : SumBits + 1;
  localparam [IndexBits-1:0] ONE_INDEX = 1;
  localparam [12:0]          WHOLE = 13'd4096;

  // N1
  wire [15:0] v          = v_i & {16{!fresh_i}};
  wire [15:0] current    = current_i & {16{!fresh_i}};
  wire [3:0]  refractory = refractory_i & {4{!fresh_i}};
  wire        latest     = latest_i && !fresh_i;

  // N1 + 3; of a fresh pass 0, which is seen to later
  wire [7:0]  x3          = slow_i[7:0];
  wire [7:0]  y3          = slow_i[15:8];
  wire [10:0] adaptation3 = slow_i[26:16];

  wire resting = refractory != 4'd0;
  wire hold    = settled_i || (resting && gate_i == HOLD);
  wire ignore  = resting && gate_i == IGNORE;

  // who this is
  reg [IndexBits-1:0] index_q;

  assign drawn_o = valid_i && noise_i && !mute_i && !winner_i;

  // what travels, the newest lowest
  reg [6:1]           valid_q = 6'd0;
  reg [6*TagBits-1:0] tag_q;
  reg [4:1]           here_q;
  reg [5*4-1:0]       rest_q;
  reg [5*4-1:0]       refractory_q;
  reg [5:1]           latest_q;
  reg [2*8-1:0]       draw_q;
  reg [15:0]          theta3_q, theta4_q;

  assign slow_o     = valid_q[2];
  assign slow_tag_o = tag_q[1*TagBits+:TagBits];

  always @(posedge clk_i) begin
    if (start_i) index_q <= index_i;
    else if (valid_i) index_q <= index_q + ONE_INDEX;

    valid_q      <= rst_i ? 6'd0 : {valid_q[5:1], valid_i};
    tag_q        <= {tag_q[5*TagBits-1:0], tag_i};
    here_q       <= {here_q[3:1], index_q == decision_i};
    rest_q       <= {rest_q[4*4-1:0], rest_i};
    refractory_q <= {refractory_q[4*4-1:0], refractory};
    latest_q     <= {latest_q[4:1], latest};
    draw_q       <= {draw_q[7:0], drawn_o ? draw_i : 8'd0};
    theta3_q     <= theta_i;
    theta4_q     <= theta3_q;
  end

  // Integrate. V - ((V * d + r) >> 12) is (V * (4096 - d) + 4095 - r) >> 12, so one multiplier with an adder leaks, rounds
  // and adds: what is given comes in 4096ths. A potential that is held is multiplied by 4096.
  reg [15:0] j1_q;
  reg        none1_q, late2_q;
  reg [11:0] round1_q, round2_q;
  reg [18:0] given2_q;

  wire [DriveBits-1:0] drive    = {{(DriveBits-16){current[15]}}, current}
                                + ({{(DriveBits-SumBits){sum_i[SumBits-1]}}, sum_i} & {DriveBits{!settled_i}});
  wire                 drive_ok = drive[DriveBits-1:15] == {(DriveBits-15){drive[DriveBits-1]}};
  wire                 v_exact  = leak_rounding_i == UP || (leak_rounding_i == AWAY && !v[15]);
  // of a potential that is held the rounding is lost again
  wire [11:0]          v_round  = {leak_rounding_i != NEAREST, 11'h7ff} & {12{!v_exact}};
  // the threshold of a delayed reset
  wire [18:0]          granted2 = given2_q - ({3'd0, theta_i} & {19{late2_q}});
  wire [31:0]          potential, kept;

  snn_multiply_add #(
    .Technology(Technology)
  ) leakage (
    .clk_i(clk_i),
    .a_i  (v),
    .b_i  ({3'd0, hold ? WHOLE : WHOLE - {1'b0, leak_i}}),
    .c_i  ({granted2[18], granted2, round2_q}),
    .sum_o(potential)
  );

  always @(posedge clk_i) begin
    j1_q      <= drive_ok ? drive[15:0] : {drive[DriveBits-1], {15{!drive[DriveBits-1]}}};
    none1_q   <= hold || ignore;
    round1_q  <= v_round;
    round2_q  <= round1_q;
    given2_q  <= none1_q ? 19'd0 : {{3{j1_q[15]}}, j1_q} + {{3{bias_i[15]}}, bias_i};
    late2_q   <= !none1_q && delayed_i && latest_q[1];
  end

  // the current decays one stage later
  reg  negative2_q, negative3_q;
  wire j_exact = current_rounding_i == UP || (current_rounding_i == AWAY && !negative3_q);

  snn_multiply_add #(
    .Technology(Technology)
  ) decay (
    .clk_i(clk_i),
    .a_i  (j1_q),
    .b_i  ({3'd0, WHOLE - (current_loss_i & {13{!settled_i}})}),
    .c_i  ({20'd0, {current_rounding_i != NEAREST, 11'h7ff} & {12{!j_exact}}}),
    .sum_o(kept)
  );

  always @(posedge clk_i) begin
    negative2_q <= j1_q[15];
    negative3_q <= negative2_q;
  end

  // threshold, noise included
  reg [16:0] noisy3_q;
  reg [17:0] limit4_q;

  wire [15:0] raised3 = ({5'd0, adaptation3} << adapt_scale_i) & {16{!fresh_i}};

  always @(posedge clk_i) begin
    noisy3_q <= {1'b0, theta_i} + {9'd0, draw_q[1*8+:8]};
    limit4_q <= {1'b0, noisy3_q} + {2'd0, raised3};
  end

  // settle: stage 5 decides
  reg        never5_q, loses5_q;
  reg [15:0] u5_q, changed5_q;
  reg [18:0] above5_q;
  reg [10:0] kept4_q, kept5_q;
  reg [7:0]  y4_q, y5_q;
  reg [15:0] traces4_q, traces5_q;

  // V, current, bias and threshold together need 19 bits: bit 31 is bit 30
  wire        u_ok     = potential[30:27] == {4{potential[30]}};
  wire [15:0] u        = u_ok ? potential[27:12] : {potential[30], {15{!potential[30]}}};
  wire        winning  = winner_i && !best_negative_i;
  wire        resting4 = refractory_q[3*4+:4] != 4'd0;
  wire [18:0] above    = {{3{u[15]}}, u} - {1'b0, limit4_q};
  wire        loses4   = winning && !here_q[4];
  wire [15:0] less     = loses4 ? inhibition_i : theta4_q;
  wire [17:0] lowered  = {{2{u[15]}}, u} - {2'd0, less};
  wire        low_ok   = lowered[17:15] == {3{lowered[17]}};
  wire [10:0] fallen3  = adaptation3 >> adapt_decay_i;

  always @(posedge clk_i) begin
    never5_q   <= winner_i ? !winning || !here_q[4] : mute_i || resting4;
    loses5_q   <= loses4;
    u5_q       <= u;
    changed5_q <= low_ok ? lowered[15:0] : 16'h8000;
    above5_q   <= above;
    kept4_q    <= fresh_i ? 11'd0 : adaptation3 - (adapt_decay_i == 4'd0 || mute_i ? 11'd0 : fallen3);
    kept5_q    <= kept4_q;
    y4_q       <= fresh_i ? 8'd0 : y3;
    y5_q       <= y4_q;
  end

  // stage 6: the new word
  reg [15:0] v6_q, j6_q, x6_q, rank6_q;
  reg [15:0] traces6_q;
  reg [10:0] adaptation6_q;
  reg [3:0]  refractory6_q;
  reg        fired6_q, latest6_q;

  wire        fires5      = !never5_q && (winner_i || !above5_q[18]);
  wire [3:0]  refractory5 = refractory_q[4*4+:4];
  wire [3:0]  rest5       = rest_q[4*4+:4];
  wire [7:0]  pre_less, post_less, pre_kept, post_kept, pre_next, post_next;
  wire        above_ok    = above5_q[18:15] == {4{above5_q[18]}};
  wire [15:0] margin      = refractory5 != 4'd0 || !above_ok ? 16'h8000 : above5_q[15:0];
  wire [11:0] risen       = {1'b0, kept5_q} + {1'b0, adapt_increment_i};
  wire [3:0]  waited      = refractory5 - {3'd0, refractory5 != 4'd0};
  wire [3:0]  blocked     = loses5_q && block_i > waited ? block_i : waited;

  snn_trace pre (
    .shift_i    (pre_trace_i[10:8]),
    .timer_i    (pre_trace_i[11]),
    .count_i    (pre_trace_i[12]),
    .increment_i(pre_trace_i[7:0]),
    .sets_i     (pre_trace_i[13]),
    .still_i    (mute_i),
    .trace_i    (x3),
    .less_o     (pre_less),
    .less_i     (traces4_q[7:0]),
    .kept_o     (pre_kept),
    .kept_i     (traces5_q[7:0]),
    .fired_i    (fires5),
    .trace_o    (pre_next)
  );

  snn_trace post (
    .shift_i    (post_trace_i[10:8]),
    .timer_i    (post_trace_i[11]),
    .count_i    (post_trace_i[12]),
    .increment_i(post_trace_i[7:0]),
    .sets_i     (post_trace_i[13]),
    .still_i    (mute_i),
    .trace_i    (y3),
    .less_o     (post_less),
    .less_i     (traces4_q[15:8]),
    .kept_o     (post_kept),
    .kept_i     (traces5_q[15:8]),
    .fired_i    (fires5),
    .trace_o    (post_next)
  );

  always @(posedge clk_i) begin
    if (loses5_q || (fires5 && reset_i == SUBTRACT)) v6_q <= changed5_q;
    else if (fires5 && reset_i == VALUE) v6_q <= v_reset_i;
    else v6_q <= u5_q;
    j6_q          <= kept[27:12];
    x6_q          <= u5_q;
    traces4_q     <= fresh_i ? 16'd0 : {post_less, pre_less};
    traces5_q     <= {post_kept, pre_kept};
    traces6_q     <= {post_next, pre_next};
    adaptation6_q <= !fires5 ? kept5_q : risen[11] ? 11'h7ff : risen[10:0];
    refractory6_q <= mute_i ? refractory5 : fires5 ? rest5 : blocked;
    latest6_q     <= mute_i ? latest_q[5] : fires5;
    fired6_q      <= fires5;
    rank6_q       <= rank_i == POST_TRACE ? {8'd0, y5_q} : rank_i == MARGIN ? margin : u5_q;
  end

  assign valid_o  = valid_q[6];
  assign tag_o    = tag_q[5*TagBits+:TagBits];
  assign rank_o   = rank6_q;
  assign state_o  = {latest6_q, refractory6_q, adaptation6_q, traces6_q, j6_q, v6_q};
  assign fired_o  = fired6_q;
  assign mon_x_o  = x6_q;

  wire unused_bits = &{1'b0, above, lowered, potential, kept};

endmodule

`default_nettype wire
