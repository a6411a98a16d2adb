// snn_learn: plasticity of one projection, see src/arch/dynamics/plasticity.ts; cycles are those of src/arch/timing.ts.
//
// Cycle 0 is that of start_i. Cycles 0..3: the events are found (two pointers). Then for each group of lanes:
//   load    lanes + 3 cycles   states of the postsynaptic neurons: the change of a presynaptic event, and who fired
//   events  2 n + 3 cycles     each presynaptic event changes its row      none when there are no events
//   scan    2 rows + 3 cycles  each presynaptic neuron's row               none when nobody of the group fired, or there is no rule
// Rows: in an even cycle of a phase an entry (or trace) is there; its weight row is read in the next, there and changed two
// cycles later, and written four later.
//
// Parameters: Rules 1: rectangular rules only, so one presynaptic change for all neurons; 2: all. Others as in snn_core.
//
// Port               Dir  Unit   Meaning
// clk_i              in   clock
// rst_i              in   flag   synchronous; stops
// start_i            in   flag   first cycle
// run_i              in   flag   the instruction is under way, its first cycle included
// origin_pointer_i ... weight_max_i   registers; steady
// pointer_address_o  out  word   read in this cycle
// pointer_data_i     in   word   one cycle later; likewise for list and state
// weight_address_o   out  row    read, or with weight_write_o written
// weight_data_i      in   row
// weight_data_o      out  row
// draw_i, drawn_o                noise, used up when drawn_o
// operations_o       out  synapses that are changed in this cycle's row
// finished_o         out  flag   last cycle

`default_nettype none

module snn_learn #(
  parameter Rules              = 2,
  parameter Lanes              = 8,
  parameter WeightBits         = 8,
  parameter IndexBits          = 12,
  parameter ListAddressBits    = 10,
  parameter ListPointerBits    = 11,
  parameter PointerAddressBits = 8,
  parameter StateAddressBits   = 10,
  parameter WeightAddressBits  = 14
) (
  input  wire                          clk_i,
  input  wire                          rst_i,
  input  wire                          start_i,
  input  wire                          run_i,
  input  wire [PointerAddressBits-1:0] origin_pointer_i,
  input  wire [StateAddressBits-1:0]   state_i,
  input  wire [WeightAddressBits-1:0]  weight_base_i,
  input  wire [WeightAddressBits-1:0]  row_step_i,
  input  wire [9:0]                    groups_i,
  input  wire [5:0]                    lanes_visit_i,
  input  wire [5:0]                    lanes_last_i,
  input  wire [StateAddressBits-1:0]   source_state_i,
  input  wire [10:0]                   rows_i,
  input  wire [13:0]                   pre_rule_i,
  input  wire [21:0]                   post_rule_i,
  input  wire [16:0]                   up_window_i,
  input  wire [16:0]                   down_window_i,
  input  wire [15:0]                   potential_i,
  input  wire [7:0]                    weight_min_i,
  input  wire [7:0]                    weight_max_i,
  output wire [PointerAddressBits-1:0] pointer_address_o,
  input  wire [ListPointerBits-1:0]    pointer_data_i,
  output wire [ListAddressBits-1:0]    list_address_o,
  input  wire [IndexBits-1:0]          list_index_i,
  output wire [StateAddressBits-1:0]   state_address_o,
  input  wire [63:0]                   state_data_i,
  output wire [WeightAddressBits-1:0]  weight_address_o,
  output wire                          weight_write_o,
  input  wire [Lanes*WeightBits-1:0]   weight_data_i,
  output wire [Lanes*WeightBits-1:0]   weight_data_o,
  input  wire [7:0]                    draw_i,
  output wire                          drawn_o,
  output wire [5:0]                    operations_o,
  output wire                          finished_o
);

  localparam [PointerAddressBits-1:0] ONE_POINTER = 1;
  localparam [ListAddressBits-1:0]    ONE_ENTRY   = 1;
  localparam [StateAddressBits-1:0]   ONE_STATE   = 1;
  localparam [ListPointerBits-1:0]    NO_EVENTS   = 0;
  localparam [WeightAddressBits-1:0]  ONE_ROW     = 1;

  // phases, one hot
  reg [2:0] find_q = 3'd0;
  reg       load_q = 1'b0, events_q = 1'b0, scan_q = 1'b0;

  reg [ListPointerBits-1:0]   start_q, count_q;
  reg [9:0]                   group_q;
  reg [WeightAddressBits-1:0] base_q;
  reg [StateAddressBits-1:0]  target_q;

  wire       last_group = group_q == 10'd1;
  wire [5:0] lanes      = last_group ? lanes_last_i : lanes_visit_i;

  // rows (in load: lanes) that are still to come, as a complement; then three cycles pass
  reg [11:0] left_n_q;
  reg        odd_q = 1'b0;
  reg [2:0]  drain_q;
  wire       in_rows = events_q || scan_q;
  wire       none    = left_n_q == 12'hfff;
  wire       ending  = drain_q[2];
  // rows take one cycle more
  wire       pausing = in_rows && !odd_q;

  // load: the state of lane l is there one cycle after its address; its change is kept in the next
  wire            loading = load_q && !none;
  reg             there_q = 1'b0;
  reg [5:0]       lane_q;
  reg [5:0]       fired_count_q;
  reg [Lanes-1:0] fired_q;
  wire            scans   = fired_count_q != 6'd0 && post_rule_i[1:0] != 2'd0 && rows_i != 11'd0;
  wire            some    = count_q != NO_EVENTS;

  // rows
  reg [ListAddressBits-1:0]   entry_q;
  reg [StateAddressBits-1:0]  source_q;
  reg [WeightAddressBits-1:0] scan_row_q, row1_q, row2_q, row4_q;
  reg                         live1_q = 1'b0, live2_q = 1'b0, live3_q = 1'b0, live4_q = 1'b0;
  reg [9:0]                   post1_q, post2_q;
  reg                         changes2_q;
  reg [Lanes*WeightBits-1:0]  weights_q;

  // an entry or a trace is there
  wire here = in_rows && !odd_q && !none;

  wire pre_draws, post_draws;
  wire [9:0] pre_change, post_change;

  assign pointer_address_o = origin_pointer_i + (start_i ? {PointerAddressBits{1'b0}} : ONE_POINTER);
  assign list_address_o    = entry_q;
  assign state_address_o   = loading ? target_q : source_q;
  assign weight_address_o  = live4_q ? row4_q : row1_q;
  assign weight_write_o    = live4_q && run_i;
  assign weight_data_o     = weights_q;
  assign drawn_o           = (there_q && pre_draws) || (scan_q && here && post_draws);
  assign operations_o      = !here ? 6'd0 : events_q ? lanes : fired_count_q;

  wire group_ends = (load_q && ending && !some && !scans) || (events_q && ending && !scans) || (scan_q && ending);

  assign finished_o = group_ends && last_group;

  snn_learn_change #(
    .Rules(Rules)
  ) change (
    .pre_rule_i  (pre_rule_i),
    .post_rule_i (post_rule_i),
    .up_i        (up_window_i),
    .down_i      (down_window_i),
    .potential_i (potential_i),
    .draw_i      (draw_i),
    .v_i         (state_data_i[15:0]),
    .y_i         (state_data_i[47:40]),
    .x_i         (state_data_i[39:32]),
    .pre_draws_o (pre_draws),
    .pre_o       (pre_change),
    .post_draws_o(post_draws),
    .post_o      (post_change)
  );

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      localparam [5:0] LANE = l;

      wire [WeightBits-1:0] weight;
      wire [9:0]            change_here;
      wire                  applies;
      reg                   used_q;

      if (Rules == 1) begin : gen_common
        // one presynaptic change for all, or none
        assign change_here = scan_q ? post2_q : -{2'd0, pre_rule_i[9:2]};
        assign applies     = scan_q ? fired_q[l] && changes2_q : used_q;
      end else begin : gen_own
        reg [9:0] change_q;
        always @(posedge clk_i) if (there_q && lane_q == LANE) change_q <= pre_change;
        assign change_here = scan_q ? post2_q : change_q;
        assign applies     = scan_q ? fired_q[l] && changes2_q : used_q;
      end

      snn_learn_lane #(
        .WeightBits(WeightBits)
      ) lane (
        .weight_i(weight_data_i[l*WeightBits+:WeightBits]),
        .change_i(change_here),
        .apply_i (applies),
        .min_i   (weight_min_i),
        .max_i   (weight_max_i),
        .weight_o(weight)
      );

      always @(posedge clk_i) begin
        if (there_q && lane_q == LANE) begin
          used_q     <= pre_change != 10'd0;
          fired_q[l] <= state_data_i[63];
        end
        if (find_q[2] || group_ends) begin
          used_q     <= 1'b0;
          fired_q[l] <= 1'b0;
        end
        // kept until it is written
        if (live2_q) weights_q[l*WeightBits+:WeightBits] <= weight;
      end
    end
  endgenerate

  generate
    if (WeightAddressBits > IndexBits) begin : gen_wide
      always @(posedge clk_i) begin
        if (here) row1_q <= base_q + (scan_q ? scan_row_q : {{(WeightAddressBits-IndexBits){1'b0}}, list_index_i});
      end
    end else begin : gen_narrow
      always @(posedge clk_i) begin
        if (here) row1_q <= base_q + (scan_q ? scan_row_q : list_index_i[WeightAddressBits-1:0]);
      end
    end
  endgenerate

  wire unused_bits = &{1'b0, state_data_i, list_index_i, pre_change};

  always @(posedge clk_i) begin
    // find the events
    find_q <= {find_q[1:0], start_i};
    if (find_q[0]) start_q <= pointer_data_i;
    if (find_q[1]) count_q <= pointer_data_i - start_q;
    if (start_i) begin
      group_q  <= groups_i;
      base_q   <= weight_base_i;
      target_q <= state_i;
    end

    // lanes of the load, rows of the other phases; three more cycles
    odd_q <= in_rows && !odd_q && !ending;
    if (loading || here) left_n_q <= left_n_q + 12'd1;
    drain_q <= {drain_q[1] && !pausing, drain_q[0] || (drain_q[1] && pausing), (loading || here) && left_n_q == 12'hffe};

    // load
    if (loading) target_q <= target_q + ONE_STATE;
    there_q <= loading;
    lane_q  <= load_q && there_q ? lane_q + 6'd1 : 6'd0;
    if (find_q[2] || group_ends) fired_count_q <= 6'd0;
    else if (there_q) fired_count_q <= fired_count_q + {5'd0, state_data_i[63]};

    // rows
    if (events_q && here) entry_q <= entry_q + ONE_ENTRY;
    if (scan_q && here) begin
      source_q   <= source_q + ONE_STATE;
      scan_row_q <= scan_row_q + ONE_ROW;
    end
    live1_q <= here;
    live2_q <= live1_q;
    live3_q <= live2_q;
    live4_q <= live3_q;
    if (live1_q) row2_q <= row1_q;
    if (live3_q) row4_q <= row2_q;
    if (here) post1_q <= post_change;
    if (live1_q) post2_q <= post1_q;
    if (live1_q) changes2_q <= post1_q != 10'd0;

    // the next phase
    if (find_q[2] || (group_ends && !last_group)) begin
      load_q     <= 1'b1;
      entry_q    <= start_q[ListAddressBits-1:0];
      source_q   <= source_state_i;
      scan_row_q <= {WeightAddressBits{1'b0}};
      left_n_q   <= ~{6'd0, find_q[2] ? lanes : group_q == 10'd2 ? lanes_last_i : lanes_visit_i};
    end else if (ending) begin
      load_q   <= 1'b0;
      left_n_q <= load_q && some ? ~{{(12-ListPointerBits){1'b0}}, count_q} : ~{1'b0, rows_i};
    end
    if (ending) begin
      events_q <= load_q && some;
      scan_q   <= scans && (events_q || (load_q && !some));
      drain_q  <= 3'd0;
    end
    if (group_ends) begin
      group_q <= group_q - 10'd1;
      base_q  <= base_q + row_step_i;
    end

    if (rst_i || !run_i) begin
      find_q   <= 3'd0;
      load_q   <= 1'b0;
      events_q <= 1'b0;
      scan_q   <= 1'b0;
      there_q  <= 1'b0;
      live1_q  <= 1'b0;
      live2_q  <= 1'b0;
      live3_q  <= 1'b0;
      live4_q  <= 1'b0;
      drain_q  <= 3'd0;
      odd_q    <= 1'b0;
    end
  end

endmodule

`default_nettype wire
