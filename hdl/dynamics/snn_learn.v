// snn_learn: plasticity of one projection, see src/arch/dynamics/plasticity.ts; cycles are those of src/arch/timing.ts.
//
// Cycle 0 is that of start_i. Cycles 0..3: the events are found (two pointers). Then for each group of lanes:
//   load    lanes + 3 cycles   states of the postsynaptic neurons: the change of a presynaptic event, and who fired
//   events  2 n + 3 cycles     each presynaptic event changes its row      none when there are no events
//   scan    2 rows + 3 cycles  each presynaptic neuron's row               none when nobody of the group fired, or there is no rule
// Rows: in an even cycle of a phase an entry (or trace) is there; its weight row is read in the next, there two cycles later
// and kept, compared with the bound in the third, changed and written in the fourth. See snn_learn_row.
//
// Parameters: Technology see tech/snn_weight_adder.v; Rules 1: rectangular rules only, so one presynaptic change for all neurons; 2: all. Others as in snn_core.
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
// weight_data_o      out  row    one cycle after host_row_i that row, while run_i is low
// host_row_i         in   row
// draw_i, drawn_o                noise, used up when drawn_o
// operations_o       out  synapses that are changed in this cycle's row
// finished_o         out  flag   last cycle

`default_nettype none

module snn_learn #(
  parameter Technology         = 0,
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
  input  wire [Lanes*WeightBits-1:0]   host_row_i,
  input  wire [7:0]                    draw_i,
  output wire                          drawn_o,
  output wire [5:0]                    operations_o,
  output wire                          finished_o
);

  localparam [PointerAddressBits-1:0] ONE_POINTER = 1;
  localparam LaneBits  = $clog2(Lanes);
  localparam RowBits   = WeightAddressBits < 11 ? WeightAddressBits : 11;
  localparam PlaceBits = ListAddressBits > StateAddressBits ? ListAddressBits : StateAddressBits;
  localparam [LaneBits-1:0] ONE_LANE = 1;

  // phases, one hot
  reg [2:0] find_q = 3'd0;
  reg       load_q = 1'b0, events_q = 1'b0, scan_q = 1'b0;

  reg [PointerAddressBits-1:0] next_pointer_q;
  reg [ListPointerBits-1:0]   start_q, count_q;
  // known early, because the end of the instruction depends on them
  reg                         some_q, may_scan_q, any_fired_q;
  reg [WeightAddressBits-1:0] base_q;
  reg                         last_group_q;

  // complements of what is left: groups; lanes or rows of a phase, after which three more cycles pass; the last of them, and
  // of finding the events, is the end
  wire [9:0]  group_n;
  wire [11:0] left_n;
  reg         odd_q = 1'b0;
  reg [2:0]   drain_q;
  wire        in_rows = events_q || scan_q;
  reg         none_q = 1'b0;
  wire        ending  = drain_q[2];
  // rows take one cycle more
  wire        pausing = in_rows && !odd_q;
  wire        last_next = group_n == ~10'd2;
  wire [5:0]  lanes     = last_group_q ? lanes_last_i : lanes_visit_i;

  // load: the state of lane l is there one cycle after its address; its change is kept in the next
  wire                loading = load_q && !none_q;
  reg                 there_q = 1'b0;
  reg [LaneBits-1:0]  lane_q;
  reg [5:0]           fired_count_q;
  reg [Lanes-1:0]     fired_q;
  wire                scans = any_fired_q && may_scan_q;

  // rows
  reg [WeightAddressBits-1:0] row1_q, row2_q;
  reg                         live1_q = 1'b0, live2_q = 1'b0, live3_q = 1'b0, live4_q = 1'b0;
  // lanes that the phase changes
  reg [Lanes-1:0]             chosen_q = {Lanes{1'b0}};
  wire [StateAddressBits-1:0] target;
  wire [PlaceBits-1:0]        place;
  wire [RowBits-1:0]          scan_row;

  // an entry or a trace is there
  wire here = in_rows && !odd_q && !none_q;
  wire last = (loading || here) && left_n == 12'hffe;

  wire group_ends = (load_q && ending && !some_q && !scans) || (events_q && ending && !scans) || (scan_q && ending);
  wire next_group = find_q[2] || (group_ends && !last_group_q);
  wire to_events  = load_q && some_q;
  wire to_scan    = ending && scans && (events_q || (load_q && !some_q));

  wire pre_draws, post_draws, used;

  assign pointer_address_o = start_i ? origin_pointer_i : next_pointer_q;
  assign list_address_o    = place[ListAddressBits-1:0];
  assign state_address_o   = loading ? target : place[StateAddressBits-1:0];
  assign weight_address_o  = live4_q ? row2_q : row1_q;
  assign weight_write_o    = live4_q && run_i;
  assign drawn_o           = (there_q && pre_draws) || (scan_q && here && post_draws);
  assign operations_o      = !here ? 6'd0 : events_q ? lanes : fired_count_q;
  assign finished_o        = group_ends && last_group_q;

  snn_counter #(
    .Width(10)
  ) group_counter (
    .clk_i  (clk_i),
    .load_i (start_i),
    .value_i(~groups_i),
    .count_i(group_ends),
    .value_o(group_n)
  );

  snn_counter #(
    .Width(12)
  ) left_counter (
    .clk_i  (clk_i),
    .load_i (ending),
    .value_i(next_group ? ~{6'd0, (find_q[2] ? last_group_q : last_next) ? lanes_last_i : lanes_visit_i}
             : to_events ? ~{{(12-ListPointerBits){1'b0}}, count_q} : ~{1'b0, rows_i}),
    .count_i(loading || here),
    .value_o(left_n)
  );

  snn_counter #(
    .Width(StateAddressBits)
  ) target_counter (
    .clk_i  (clk_i),
    .load_i (start_i),
    .value_i(state_i),
    .count_i(loading),
    .value_o(target)
  );

  // list entry or source neuron; its first is read in the last cycle of the phase before
  wire [PlaceBits-1:0] first_entry, first_source;

  generate
    if (ListAddressBits < PlaceBits) begin : gen_short_list
      assign first_entry = {{(PlaceBits-ListAddressBits){1'b0}}, start_q[ListAddressBits-1:0]};
    end else begin : gen_full_list
      assign first_entry = start_q[ListAddressBits-1:0];
    end
    if (StateAddressBits < PlaceBits) begin : gen_short_state
      assign first_source = {{(PlaceBits-StateAddressBits){1'b0}}, source_state_i};
    end else begin : gen_full_state
      assign first_source = source_state_i;
    end
  endgenerate

  snn_counter #(
    .Width(PlaceBits)
  ) place_counter (
    .clk_i  (clk_i),
    .load_i (drain_q[1]),
    .value_i(to_events ? first_entry : first_source),
    .count_i(here),
    .value_o(place)
  );

  snn_counter #(
    .Width(RowBits)
  ) row_counter (
    .clk_i  (clk_i),
    .load_i (drain_q[1]),
    .value_i({RowBits{1'b0}}),
    .count_i(here),
    .value_o(scan_row)
  );

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      localparam [LaneBits-1:0] LANE = l;
      wire here_now = there_q && lane_q == LANE;

      always @(posedge clk_i) begin
        if (here_now) begin
          chosen_q[l] <= used;
          fired_q[l]  <= state_data_i[63];
        end
        if (to_scan) chosen_q[l] <= fired_q[l];
        if (group_ends || !run_i) begin
          chosen_q[l] <= 1'b0;
          fired_q[l]  <= 1'b0;
        end
      end
    end

    if (Rules == 1) begin : gen_pairs
      // all lanes change alike: presynaptic events weaken, postsynaptic spikes strengthen or weaken
      reg  rises1_q, rises2_q, changes_q;
      reg  [9:0] operand_q;
      wire rises = live2_q ? rises1_q : rises2_q;

      reg  [7:0] loss_q;
      wire [7:0] amount = rises ? post_rule_i[9:2] : loss_q;
      wire [7:0] bound  = rises ? weight_max_i : weight_min_i;
      // the change, less the bound and 1 or only less 1; the row adds the 1
      wire [10:0] operand = {{2{!rises}}, amount ^ {8{!rises}}, 1'b1} + {~({{2{bound[7]}}, bound} & {10{live2_q}}), !rises};

      assign pre_draws  = 1'b0;
      assign post_draws = 1'b0;
      assign used       = pre_rule_i[1:0] == 2'd1 && state_data_i[47:40] != 8'd0;

      always @(posedge clk_i) begin
        if (here) rises1_q <= scan_q && state_data_i[39:32] != 8'd0;
        if (live2_q) rises2_q <= rises1_q;
        loss_q    <= scan_q ? post_rule_i[21:14] : pre_rule_i[9:2];
        changes_q <= amount != 8'd0;
        operand_q <= operand[10:1];
      end

      snn_learn_row #(
        .Technology(Technology),
        .Lanes     (Lanes),
        .WeightBits(WeightBits),
        .Own       (0)
      ) row (
        .clk_i    (clk_i),
        .load_i   (live2_q || !run_i),
        .row_i    (run_i ? weight_data_i : host_row_i),
        .operand_i(operand_q),
        .rises_i  (rises2_q),
        .changes_i(changes_q),
        .chosen_i (chosen_q),
        .min_i    (weight_min_i),
        .max_i    (weight_max_i),
        .row_o    (weight_data_o)
      );

      wire unused_bits = &{1'b0, operand[0], up_window_i, down_window_i, potential_i, draw_i, state_data_i, live3_q,
                           pre_rule_i, post_rule_i};
    end else begin : gen_all
      reg  [9:0]          post1_q, post2_q;
      reg  [Lanes*10-1:0] changes_q;
      wire [Lanes*10-1:0] operands;
      wire [Lanes-1:0]    rises, changes;
      wire [9:0]          pre_change, post_change;

      assign used = 1'b1;

      snn_learn_change change (
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

      always @(posedge clk_i) begin
        if (here) post1_q <= post_change;
        if (live2_q) post2_q <= post1_q;
      end

      for (l = 0; l < Lanes; l = l + 1) begin : gen_change
        localparam [LaneBits-1:0] LANE = l;
        wire [9:0] change_here = scan_q ? post2_q : changes_q[l*10+:10];
        wire [7:0] bound       = rises[l] ? weight_max_i : weight_min_i;

        assign rises[l]           = !change_here[9];
        assign changes[l]         = change_here != 10'd0;
        assign operands[l*10+:10] = change_here + ~({{2{bound[7]}}, bound} & {10{live3_q}});

        always @(posedge clk_i) if (there_q && lane_q == LANE) changes_q[l*10+:10] <= pre_change;
      end

      snn_learn_row #(
        .Technology(Technology),
        .Lanes     (Lanes),
        .WeightBits(WeightBits),
        .Own       (1)
      ) row (
        .clk_i    (clk_i),
        .load_i   (live2_q || !run_i),
        .row_i    (run_i ? weight_data_i : host_row_i),
        .operand_i(operands),
        .rises_i  (rises),
        .changes_i(changes),
        .chosen_i (chosen_q),
        .min_i    (weight_min_i),
        .max_i    (weight_max_i),
        .row_o    (weight_data_o)
      );

      wire unused_bits = &{1'b0, state_data_i};
    end

    if (WeightAddressBits > RowBits) begin : gen_wide_scan
      wire [WeightAddressBits-1:0] from_scan = {{(WeightAddressBits-RowBits){1'b0}}, scan_row};
      if (WeightAddressBits > IndexBits) begin : gen_wide
        always @(posedge clk_i) begin
          if (here) row1_q <= base_q + (scan_q ? from_scan : {{(WeightAddressBits-IndexBits){1'b0}}, list_index_i});
        end
      end else begin : gen_narrow
        always @(posedge clk_i) if (here) row1_q <= base_q + (scan_q ? from_scan : list_index_i[WeightAddressBits-1:0]);
      end
    end else begin : gen_narrow_scan
      if (WeightAddressBits > IndexBits) begin : gen_wide
        always @(posedge clk_i) begin
          if (here) row1_q <= base_q + (scan_q ? scan_row : {{(WeightAddressBits-IndexBits){1'b0}}, list_index_i});
        end
      end else begin : gen_narrow
        always @(posedge clk_i) if (here) row1_q <= base_q + (scan_q ? scan_row : list_index_i[WeightAddressBits-1:0]);
      end
    end
  endgenerate

  wire unused_places = &{1'b0, start_q, place, list_index_i};

  always @(posedge clk_i) begin
    // find the events
    find_q <= {find_q[1:0], start_i};
    if (find_q[0]) start_q <= pointer_data_i;
    if (find_q[1]) begin
      count_q <= pointer_data_i - start_q;
      some_q  <= pointer_data_i != start_q;
    end
    may_scan_q <= post_rule_i[1:0] != 2'd0 && rows_i != 11'd0;
    next_pointer_q <= origin_pointer_i + ONE_POINTER;
    if (start_i) begin
      last_group_q <= groups_i == 10'd1;
      base_q       <= weight_base_i;
    end

    // lanes of the load, rows of the other phases; three more cycles
    odd_q   <= in_rows && !odd_q && !ending;
    drain_q <= {(drain_q[1] && !pausing) || find_q[1], drain_q[0] || (drain_q[1] && pausing), last};
    none_q  <= !ending && (none_q || last);

    // load
    there_q <= loading;
    lane_q  <= load_q && there_q ? lane_q + ONE_LANE : {LaneBits{1'b0}};
    if (find_q[2] || group_ends) begin
      fired_count_q <= 6'd0;
      any_fired_q   <= 1'b0;
    end else if (there_q) begin
      fired_count_q <= fired_count_q + {5'd0, state_data_i[63]};
      any_fired_q   <= any_fired_q || state_data_i[63];
    end

    // rows
    live1_q <= here;
    live2_q <= live1_q;
    live3_q <= live2_q;
    live4_q <= live3_q;
    if (live2_q) row2_q <= row1_q;

    // the next phase
    if (next_group) load_q <= 1'b1;
    else if (ending) load_q <= 1'b0;
    if (ending) begin
      events_q <= to_events;
      scan_q   <= to_scan;
      drain_q  <= 3'd0;
    end
    if (group_ends) begin
      last_group_q <= last_next;
      base_q       <= base_q + row_step_i;
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
      none_q   <= 1'b0;
      odd_q    <= 1'b0;
    end
  end

endmodule

`default_nettype wire
