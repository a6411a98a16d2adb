// snn_population: neurons with dynamics, their registers and noise, and what changes their synapses.
//
// Parameters: as in snn_core; TagBits: what travels with a neuron.
//
// Port                 Dir  Unit   Meaning
// clk_i                in   clock
// rst_i                in   flag   synchronous; forgets the neurons inside and stops an instruction
// set_i                in   flag   register 16 + register_i is loaded with value_i
// register_i           in   index
// value_i              in   bits
// rewind_o, spacing_o  out         registers for the walk
// start_i              in   flag   a pass begins
// index_i ... winner_i             fields of the pass; steady
// best_negative_i, decision_i      outcome of the latest argmax pass
// valid_i .. sum_i                 N1: a neuron; state_data_i and parameter_i come as snn_neuron_memories has it
// slow_o, slow_tag_o               N0 + 3, see there
// valid_o .. mon_x_o               F: the neuron is done, see snn_dynamics
// learn_start_i .. channels_i      `learn`, `reward` or `scatter`, and the registers that they use; see snn_plasticity
// pointer_address_o .. finished_o  their use of the memories, see there

`default_nettype none

module snn_population #(
  parameter Technology         = 0,
  parameter Learning           = 0,
  parameter Scatter            = 0,
  parameter Lanes              = 8,
  parameter WeightBits         = 8,
  parameter AccumulatorBits    = 18,
  parameter IndexBits          = 12,
  parameter TagBits            = 5,
  parameter ListAddressBits    = 10,
  parameter ListPointerBits    = 11,
  parameter PointerAddressBits = 8,
  parameter StateAddressBits   = 10,
  parameter WeightAddressBits  = 14
) (
  input  wire                          clk_i,
  input  wire                          rst_i,
  input  wire                          set_i,
  input  wire [3:0]                    register_i,
  input  wire [21:0]                   value_i,
  output wire                          rewind_o,
  output wire [5:0]                    spacing_o,
  input  wire                          start_i,
  input  wire [IndexBits-1:0]          index_i,
  input  wire                          fresh_i,
  input  wire                          mute_i,
  input  wire                          settled_i,
  input  wire                          winner_i,
  input  wire                          best_negative_i,
  input  wire [IndexBits-1:0]          decision_i,
  input  wire                          valid_i,
  input  wire [TagBits-1:0]            tag_i,
  input  wire [63:0]                   parameter_i,
  input  wire [AccumulatorBits-1:0]    sum_i,
  output wire                          slow_o,
  output wire [TagBits-1:0]            slow_tag_o,
  output wire                          valid_o,
  output wire [15:0]                   rank_o,
  output wire [TagBits-1:0]            tag_o,
  output wire [63:0]                   state_o,
  output wire                          fired_o,
  output wire [15:0]                   mon_x_o,
  input  wire                          learn_start_i,
  input  wire                          learn_i,
  input  wire                          reward_i,
  input  wire [PointerAddressBits-1:0] origin_pointer_i,
  input  wire [StateAddressBits-1:0]   state_base_i,
  input  wire [WeightAddressBits-1:0]  weight_base_i,
  input  wire [WeightAddressBits-1:0]  row_step_i,
  input  wire [9:0]                    groups_i,
  input  wire [5:0]                    lanes_visit_i,
  input  wire [5:0]                    lanes_last_i,
  input  wire [IndexBits:0]            channels_i,
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
  output wire                          scatter_o,
  output wire [15:0]                   current_o,
  output wire [5:0]                    operations_o,
  output wire                          finished_o
);

  wire [12:0] current_loss;
  wire [1:0]  current_rounding, leak_rounding, reset, gate, rank;
  wire        delayed, noise, seed, drawn, learn_drawn;
  wire [10:0] adapt_increment, learn_rows;
  wire [3:0]  adapt_decay, block;
  wire [2:0]  adapt_scale;
  wire [13:0] pre_trace, post_trace, pre_rule;
  wire [15:0] inhibition, learn_potential;
  wire [21:0] post_rule;
  wire [16:0] up_window, down_window;
  wire [7:0]  weight_min, weight_max, draw;
  wire [6:0]  reward;

  wire [StateAddressBits-1:0]  learn_state;
  wire [WeightAddressBits-1:0] eligibility;

  snn_dynamics_registers #(
    .StateAddressBits (StateAddressBits),
    .WeightAddressBits(WeightAddressBits)
  ) dynamics_registers (
    .clk_i             (clk_i),
    .set_i             (set_i),
    .register_i        (register_i),
    .value_i           (value_i),
    .seed_o            (seed),
    .current_loss_o    (current_loss),
    .current_rounding_o(current_rounding),
    .leak_rounding_o   (leak_rounding),
    .reset_o           (reset),
    .delayed_o         (delayed),
    .gate_o            (gate),
    .rank_o            (rank),
    .noise_o           (noise),
    .rewind_o          (rewind_o),
    .spacing_o         (spacing_o),
    .adapt_increment_o (adapt_increment),
    .adapt_decay_o     (adapt_decay),
    .adapt_scale_o     (adapt_scale),
    .pre_trace_o       (pre_trace),
    .post_trace_o      (post_trace),
    .inhibition_o      (inhibition),
    .block_o           (block),
    .learn_state_o     (learn_state),
    .learn_rows_o      (learn_rows),
    .pre_rule_o        (pre_rule),
    .post_rule_o       (post_rule),
    .up_window_o       (up_window),
    .down_window_o     (down_window),
    .learn_potential_o (learn_potential),
    .weight_min_o      (weight_min),
    .weight_max_o      (weight_max),
    .reward_o          (reward),
    .eligibility_o     (eligibility)
  );

  snn_noise noise_generator (
    .clk_i  (clk_i),
    .seed_i (seed),
    .value_i(value_i),
    .draw_i (drawn || learn_drawn),
    .draw_o (draw)
  );

  snn_dynamics #(
    .Technology(Technology),
    .SumBits   (AccumulatorBits),
    .IndexBits (IndexBits),
    .TagBits   (TagBits)
  ) neurons (
    .clk_i             (clk_i),
    .rst_i             (rst_i),
    .start_i           (start_i),
    .index_i           (index_i),
    .fresh_i           (fresh_i),
    .mute_i            (mute_i),
    .settled_i         (settled_i),
    .winner_i          (winner_i),
    .noise_i           (noise),
    .current_loss_i    (current_loss),
    .current_rounding_i(current_rounding),
    .leak_rounding_i   (leak_rounding),
    .reset_i           (reset),
    .delayed_i         (delayed),
    .gate_i            (gate),
    .rank_i            (rank),
    .adapt_increment_i (adapt_increment),
    .adapt_decay_i     (adapt_decay),
    .adapt_scale_i     (adapt_scale),
    .pre_trace_i       (pre_trace),
    .post_trace_i      (post_trace),
    .inhibition_i      (inhibition),
    .block_i           (block),
    .best_negative_i   (best_negative_i),
    .decision_i        (decision_i),
    .draw_i            (draw),
    .drawn_o           (drawn),
    .valid_i           (valid_i),
    .tag_i             (tag_i),
    .v_i               (state_data_i[15:0]),
    .current_i         (state_data_i[31:16]),
    .refractory_i      (state_data_i[62:59]),
    .latest_i          (state_data_i[63]),
    .slow_i            (state_data_i[58:32]),
    .leak_i            (parameter_i[59:48]),
    .rest_i            (parameter_i[63:60]),
    .bias_i            (parameter_i[31:16]),
    .theta_i           (parameter_i[15:0]),
    .v_reset_i         (parameter_i[47:32]),
    .sum_i             (sum_i),
    .slow_o            (slow_o),
    .slow_tag_o        (slow_tag_o),
    .valid_o           (valid_o),
    .rank_o            (rank_o),
    .tag_o             (tag_o),
    .state_o           (state_o),
    .fired_o           (fired_o),
    .mon_x_o           (mon_x_o)
  );

  snn_plasticity #(
    .Technology        (Technology),
    .Learning          (Learning),
    .Scatter           (Scatter),
    .Lanes             (Lanes),
    .WeightBits        (WeightBits),
    .IndexBits         (IndexBits),
    .ListAddressBits   (ListAddressBits),
    .ListPointerBits   (ListPointerBits),
    .PointerAddressBits(PointerAddressBits),
    .StateAddressBits  (StateAddressBits),
    .WeightAddressBits (WeightAddressBits)
  ) plasticity (
    .clk_i            (clk_i),
    .rst_i            (rst_i),
    .start_i          (learn_start_i),
    .learn_i          (learn_i),
    .reward_i         (reward_i),
    .origin_pointer_i (origin_pointer_i),
    .state_i          (state_base_i),
    .weight_base_i    (weight_base_i),
    .row_step_i       (row_step_i),
    .groups_i         (groups_i),
    .lanes_visit_i    (lanes_visit_i),
    .lanes_last_i     (lanes_last_i),
    .source_state_i   (learn_state),
    .source_rows_i    (learn_rows),
    .pre_rule_i       (pre_rule),
    .post_rule_i      (post_rule),
    .up_window_i      (up_window),
    .down_window_i    (down_window),
    .potential_i      (learn_potential),
    .weight_min_i     (weight_min),
    .weight_max_i     (weight_max),
    .rows_i           (channels_i),
    .eligibility_i    (eligibility),
    .reward_amount_i  (reward),
    .pointer_address_o(pointer_address_o),
    .pointer_data_i   (pointer_data_i),
    .list_address_o   (list_address_o),
    .list_index_i     (list_index_i),
    .state_address_o  (state_address_o),
    .state_data_i     (state_data_i),
    .weight_address_o (weight_address_o),
    .weight_write_o   (weight_write_o),
    .weight_data_i    (weight_data_i),
    .weight_data_o    (weight_data_o),
    .host_row_i       (host_row_i),
    .scatter_o        (scatter_o),
    .current_o        (current_o),
    .draw_i           (draw),
    .drawn_o          (learn_drawn),
    .operations_o     (operations_o),
    .finished_o       (finished_o)
  );

endmodule

`default_nettype wire
