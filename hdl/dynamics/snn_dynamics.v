// snn_dynamics: integrates the sum of a visit and fires, with leak, synaptic current, adaptation, refractory period and traces.
// A pipeline, one neuron a cycle. The equations are those of src/arch/dynamics/neuron.ts, the words those of words.ts.
//
// Parameter  Default  Range  Meaning
// SumBits    20       8..24  bits of a sum, signed
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
// state_i           in   word   N1
// parameter_i       in   word   N1
// sum_i             in   lsb    N1
// x_valid_o         out  flag   seven cycles after N1: x_o is what argmax compares
// x_o               out  lsb
// better_i          in   flag   with x_valid_o: joins the tag
// valid_o           out  flag   F: the neuron is done, eight cycles after N1
// better_o          out  flag   F
// tag_o             out  bits   F
// state_o           out  word   F
// fired_o           out  flag   F
// mon_x_o           out  lsb    F: potential before firing, for simulation; costs nothing when unconnected

`default_nettype none

module snn_dynamics #(
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
  input  wire [63:0]          state_i,
  input  wire [63:0]          parameter_i,
  input  wire [SumBits-1:0]   sum_i,
  output wire                 x_valid_o,
  output wire [15:0]          x_o,
  input  wire                 better_i,
  output wire                 valid_o,
  output wire                 better_o,
  output wire [TagBits-1:0]   tag_o,
  output wire [63:0]          state_o,
  output wire                 fired_o,
  output wire [15:0]          mon_x_o
);

  localparam [1:0]           SUBTRACT = 2'd0, VALUE = 2'd1;
  localparam [1:0]           HOLD = 2'd0, IGNORE = 2'd1;
  localparam [1:0]           MARGIN = 2'd1, POST_TRACE = 2'd2;
  localparam                 DriveBits = SumBits < 16 ? 17 : SumBits + 1;
  localparam [IndexBits-1:0] ONE_INDEX = 1;

  // N1: the words
  wire [63:0] state      = fresh_i ? 64'd0 : state_i;
  wire [15:0] v          = state[15:0];
  wire [15:0] current    = state[31:16];
  wire [15:0] traces     = state[47:32];
  wire [10:0] adaptation = state[58:48];
  wire [3:0]  refractory = state[62:59];
  wire        latest     = state[63];
  wire [15:0] theta      = parameter_i[15:0];
  wire [15:0] bias       = parameter_i[31:16];
  wire [15:0] v_reset    = parameter_i[47:32];
  wire [11:0] leak       = parameter_i[59:48];
  wire [3:0]  rest       = parameter_i[63:60];

  // who this is
  reg [IndexBits-1:0] index_q;
  wire [DriveBits-1:0] drive = {{(DriveBits-16){current[15]}}, current}
                             + ({{(DriveBits-SumBits){sum_i[SumBits-1]}}, sum_i} & {DriveBits{!settled_i}});

  assign drawn_o = valid_i && noise_i && !mute_i && !winner_i;

  // what travels: eight stages, the newest lowest
  reg [8:1]            valid_q = 8'd0;
  reg [8*TagBits-1:0]  tag_q;
  reg [6:1]            here_q;
  reg [7*16-1:0]       traces_q;
  reg [7*4-1:0]        rest_q;
  reg [7*4-1:0]        refractory_q;
  reg [7:1]            latest_q;
  reg [7*16-1:0]       reset_q;
  reg [6*16-1:0]       theta_q;
  reg [5*16-1:0]       v_q;
  reg [6*11-1:0]       adaptation_q;
  reg [5*8-1:0]        draw_q;

  always @(posedge clk_i) begin
    if (start_i) index_q <= index_i;
    else if (valid_i) index_q <= index_q + ONE_INDEX;

    valid_q      <= rst_i ? 8'd0 : {valid_q[7:1], valid_i};
    tag_q        <= {tag_q[7*TagBits-1:0], tag_i};
    here_q       <= {here_q[5:1], index_q == decision_i};
    traces_q     <= {traces_q[6*16-1:0], traces};
    rest_q       <= {rest_q[6*4-1:0], rest};
    refractory_q <= {refractory_q[6*4-1:0], refractory};
    latest_q     <= {latest_q[6:1], latest};
    reset_q      <= {reset_q[6*16-1:0], v_reset};
    theta_q      <= {theta_q[5*16-1:0], theta};
    v_q          <= {v_q[4*16-1:0], v};
    adaptation_q <= {adaptation_q[5*11-1:0], adaptation};
    draw_q       <= {draw_q[4*8-1:0], drawn_o ? draw_i : 8'd0};
  end

  // integrate
  reg [DriveBits-1:0] drive1_q;
  reg [15:0]          bias1_q;
  reg [15:0]          j2_q, j3_q, j4_q, j5_q, j6_q;
  reg [17:0]          offset2_q;
  reg [18:0]          given3_q;
  reg [15:0]          leaked4_q, leaked5_q;
  reg [18:0]          given4_q;
  reg [19:0]          sum5_q;
  reg [15:0]          u6_q;
  wire [15:0]         v_lost, j_lost;

  wire        late1    = delayed_i && latest_q[1];
  wire        drive_ok = drive1_q[DriveBits-1:15] == {(DriveBits-15){drive1_q[DriveBits-1]}};
  wire [15:0] drive1   = drive_ok ? drive1_q[15:0] : {drive1_q[DriveBits-1], {15{!drive1_q[DriveBits-1]}}};
  wire        sum_ok   = sum5_q[19:15] == {5{sum5_q[19]}};
  wire [15:0] sum5     = sum_ok ? sum5_q[15:0] : {sum5_q[19], {15{!sum5_q[19]}}};
  wire        resting5 = refractory_q[4*4+:4] != 4'd0;
  wire        hold5    = settled_i || (resting5 && gate_i == HOLD);
  wire        ignore5  = resting5 && gate_i == IGNORE;
  wire [15:0] j_kept   = j5_q - (j_lost & {16{!settled_i}});

  snn_loss leakage (
    .clk_i     (clk_i),
    .value_i   (v),
    .loss_i    (leak),
    .rounding_i(leak_rounding_i),
    .lost_o    (v_lost)
  );

  snn_loss decay (
    .clk_i     (clk_i),
    .value_i   (j2_q),
    .loss_i    (current_loss_i[11:0]),
    .rounding_i(current_rounding_i),
    .lost_o    (j_lost)
  );

  always @(posedge clk_i) begin
    drive1_q  <= drive;
    bias1_q   <= bias;
    j2_q      <= drive1;
    offset2_q <= {{2{bias1_q[15]}}, bias1_q} - ({2'd0, theta_q[15:0]} & {18{late1}});
    j3_q      <= j2_q;
    given3_q  <= {{3{j2_q[15]}}, j2_q} + {offset2_q[17], offset2_q};
    j4_q      <= j3_q;
    given4_q  <= given3_q;
    leaked4_q <= v_q[2*16+:16] - v_lost;
    j5_q      <= j4_q;
    leaked5_q <= leaked4_q;
    sum5_q    <= {{4{leaked4_q[15]}}, leaked4_q} + {given4_q[18], given4_q};
    j6_q      <= j_kept & {16{settled_i || !current_loss_i[12]}};
    u6_q      <= hold5 ? v_q[4*16+:16] : ignore5 ? leaked5_q : sum5;
  end

  // threshold
  reg [17:0] adapted4_q, adapted5_q, adapted6_q, limit6_q;

  wire [15:0] raised3 = {5'd0, adaptation_q[2*11+:11]} << adapt_scale_i;

  always @(posedge clk_i) begin
    adapted4_q <= {2'd0, theta_q[2*16+:16]} + {2'd0, raised3};
    adapted5_q <= adapted4_q;
    adapted6_q <= adapted5_q;
    limit6_q   <= adapted5_q + {10'd0, draw_q[4*8+:8]};
  end

  // settle: stage 7 decides
  reg        fires7_q, loses7_q;
  reg [15:0] u7_q, j7_q, changed7_q, rank7_q;
  reg [10:0] kept7_q;

  wire        winning  = winner_i && !best_negative_i;
  wire        resting6 = refractory_q[5*4+:4] != 4'd0;
  wire [18:0] above    = {{3{u6_q[15]}}, u6_q} - {1'b0, limit6_q};
  wire [18:0] gap      = {{3{u6_q[15]}}, u6_q} - {1'b0, adapted6_q};
  wire        gap_ok   = gap[18:15] == {4{gap[18]}};
  wire [15:0] margin   = resting6 || !gap_ok ? 16'h8000 : gap[15:0];
  wire        loses6   = winning && !here_q[6];
  wire [15:0] less     = loses6 ? inhibition_i : theta_q[5*16+:16];
  wire [17:0] lowered  = {{2{u6_q[15]}}, u6_q} - {2'd0, less};
  wire        low_ok   = lowered[17:15] == {3{lowered[17]}};
  wire [10:0] fallen   = adaptation_q[5*11+:11] >> adapt_decay_i;

  always @(posedge clk_i) begin
    fires7_q   <= winner_i ? winning && here_q[6] : !mute_i && !resting6 && !above[18];
    loses7_q   <= loses6;
    u7_q       <= u6_q;
    j7_q       <= j6_q;
    changed7_q <= low_ok ? lowered[15:0] : 16'h8000;
    rank7_q    <= rank_i == POST_TRACE ? {8'd0, traces_q[5*16+8+:8]} : rank_i == MARGIN ? margin : u6_q;
    kept7_q    <= adaptation_q[5*11+:11] - (adapt_decay_i == 4'd0 || mute_i ? 11'd0 : fallen);
  end

  assign x_valid_o = valid_q[7];
  assign x_o       = rank7_q;

  // stage 8: the new word
  reg [15:0] v8_q, j8_q, x8_q;
  reg [15:0] traces8_q;
  reg [10:0] adaptation8_q;
  reg [3:0]  refractory8_q;
  reg        fired8_q, latest8_q, better8_q;

  wire [15:0] traces7     = traces_q[6*16+:16];
  wire [3:0]  refractory7 = refractory_q[6*4+:4];
  wire [3:0]  rest7       = rest_q[6*4+:4];
  wire [7:0]  pre_next, post_next;
  wire [11:0] risen       = {1'b0, kept7_q} + {1'b0, adapt_increment_i & {11{fires7_q}}};
  wire [3:0]  waited      = refractory7 - {3'd0, refractory7 != 4'd0};
  wire [3:0]  blocked     = loses7_q && block_i > waited ? block_i : waited;

  snn_trace pre (
    .trace_i    (traces7[7:0]),
    .fired_i    (fires7_q),
    .increment_i(pre_trace_i[7:0]),
    .shift_i    (pre_trace_i[10:8]),
    .timer_i    (pre_trace_i[11]),
    .count_i    (pre_trace_i[12]),
    .sets_i     (pre_trace_i[13]),
    .trace_o    (pre_next)
  );

  snn_trace post (
    .trace_i    (traces7[15:8]),
    .fired_i    (fires7_q),
    .increment_i(post_trace_i[7:0]),
    .shift_i    (post_trace_i[10:8]),
    .timer_i    (post_trace_i[11]),
    .count_i    (post_trace_i[12]),
    .sets_i     (post_trace_i[13]),
    .trace_o    (post_next)
  );

  always @(posedge clk_i) begin
    if (loses7_q || (fires7_q && reset_i == SUBTRACT)) v8_q <= changed7_q;
    else if (fires7_q && reset_i == VALUE) v8_q <= reset_q[6*16+:16];
    else v8_q <= u7_q;
    j8_q          <= j7_q;
    x8_q          <= u7_q;
    traces8_q     <= mute_i ? traces7 : {post_next, pre_next};
    adaptation8_q <= risen[11] ? 11'h7ff : risen[10:0];
    refractory8_q <= mute_i ? refractory7 : fires7_q ? rest7 : blocked;
    latest8_q     <= mute_i ? latest_q[7] : fires7_q;
    fired8_q      <= fires7_q;
    better8_q     <= better_i;
  end

  assign valid_o  = valid_q[8];
  assign tag_o    = tag_q[7*TagBits+:TagBits];
  assign better_o = better8_q;
  assign state_o  = {latest8_q, refractory8_q, adaptation8_q, traces8_q, j8_q, v8_q};
  assign fired_o  = fired8_q;
  assign mon_x_o  = x8_q;

  wire unused_bits = &{1'b0, above, lowered, gap};

endmodule

`default_nettype wire
