// snn_plasticity: the instructions that walk over synapses beside passes: `learn` and `reward`, or `scatter`.
//
// Parameters: as in snn_core.
//
// Port                 Dir  Unit   Meaning
// clk_i                in   clock
// rst_i                in   flag   synchronous; stops
// start_i              in   flag   first cycle of an instruction
// learn_i              in   flag   `learn` or `scatter` is under way
// reward_i             in   flag   `reward` is
// origin_pointer_i ... reward_amount_i   registers; steady. rows_i: of `reward`; source_*: of `learn`
// pointer_address_o    out  word   read in this cycle; likewise for list, state and weights
// pointer_data_i       in   word   one cycle later
// weight_write_o       out  flag   weight_data_o is written instead
// weight_data_o        out  row    with Learning one cycle after host_row_i that row, while learn_i is low
// scatter_o            out  flag   the synaptic current at state_address_o is written
// current_o            out  lsb    with scatter_o
// draw_i, drawn_o                  noise, used up when drawn_o
// operations_o         out  synapses in this cycle
// finished_o           out  flag   last cycle of the instruction

`default_nettype none

module snn_plasticity #(
  parameter Technology         = 0,
  parameter Learning           = 2,
  parameter Scatter            = 0,
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
  input  wire                          learn_i,
  input  wire                          reward_i,
  input  wire [PointerAddressBits-1:0] origin_pointer_i,
  input  wire [StateAddressBits-1:0]   state_i,
  input  wire [WeightAddressBits-1:0]  weight_base_i,
  input  wire [WeightAddressBits-1:0]  row_step_i,
  input  wire [9:0]                    groups_i,
  input  wire [5:0]                    lanes_visit_i,
  input  wire [5:0]                    lanes_last_i,
  input  wire [StateAddressBits-1:0]   source_state_i,
  input  wire [10:0]                   source_rows_i,
  input  wire [13:0]                   pre_rule_i,
  input  wire [21:0]                   post_rule_i,
  input  wire [16:0]                   up_window_i,
  input  wire [16:0]                   down_window_i,
  input  wire [15:0]                   potential_i,
  input  wire [7:0]                    weight_min_i,
  input  wire [7:0]                    weight_max_i,
  input  wire [IndexBits:0]            rows_i,
  input  wire [WeightAddressBits-1:0]  eligibility_i,
  input  wire [6:0]                    reward_amount_i,
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
  input  wire [7:0]                    draw_i,
  output wire                          drawn_o,
  output wire [5:0]                    operations_o,
  output wire                          finished_o
);

  generate
    if (Learning != 0) begin : gen_learning
      wire                         change_write, reward_write, changed, rewarded;
      wire [WeightAddressBits-1:0] change_address, reward_address;
      wire [Lanes*WeightBits-1:0]  change_weights, reward_weights;
      wire [5:0]                   change_operations, reward_operations;

      snn_learn #(
        .Technology        (Technology),
        .Rules             (Learning),
        .Lanes             (Lanes),
        .WeightBits        (WeightBits),
        .IndexBits         (IndexBits),
        .ListAddressBits   (ListAddressBits),
        .ListPointerBits   (ListPointerBits),
        .PointerAddressBits(PointerAddressBits),
        .StateAddressBits  (StateAddressBits),
        .WeightAddressBits (WeightAddressBits)
      ) learn (
        .clk_i            (clk_i),
        .rst_i            (rst_i),
        .start_i          (start_i && learn_i),
        .run_i            (learn_i),
        .origin_pointer_i (origin_pointer_i),
        .state_i          (state_i),
        .weight_base_i    (weight_base_i),
        .row_step_i       (row_step_i),
        .groups_i         (groups_i),
        .lanes_visit_i    (lanes_visit_i),
        .lanes_last_i     (lanes_last_i),
        .source_state_i   (source_state_i),
        .rows_i           (source_rows_i),
        .pre_rule_i       (pre_rule_i),
        .post_rule_i      (post_rule_i),
        .up_window_i      (up_window_i),
        .down_window_i    (down_window_i),
        .potential_i      (potential_i),
        .weight_min_i     (weight_min_i),
        .weight_max_i     (weight_max_i),
        .pointer_address_o(pointer_address_o),
        .pointer_data_i   (pointer_data_i),
        .list_address_o   (list_address_o),
        .list_index_i     (list_index_i),
        .state_address_o  (state_address_o),
        .state_data_i     (state_data_i),
        .weight_address_o (change_address),
        .weight_write_o   (change_write),
        .weight_data_i    (weight_data_i),
        .weight_data_o    (change_weights),
        .host_row_i       (host_row_i),
        .draw_i           (draw_i),
        .drawn_o          (drawn_o),
        .operations_o     (change_operations),
        .finished_o       (changed)
      );

      if (Learning == 2) begin : gen_reward
        snn_reward #(
          .Lanes            (Lanes),
          .WeightBits       (WeightBits),
          .IndexBits        (IndexBits),
          .WeightAddressBits(WeightAddressBits)
        ) rewarding (
          .clk_i           (clk_i),
          .rst_i           (rst_i),
          .start_i         (start_i && reward_i),
          .run_i           (reward_i),
          .rows_i          (rows_i),
          .weight_base_i   (weight_base_i),
          .eligibility_i   (eligibility_i),
          .reward_i        (reward_amount_i),
          .weight_min_i    (weight_min_i),
          .weight_max_i    (weight_max_i),
          .weight_address_o(reward_address),
          .weight_write_o  (reward_write),
          .weight_data_i   (weight_data_i),
          .weight_data_o   (reward_weights),
          .operations_o    (reward_operations),
          .finished_o      (rewarded)
        );
      end else begin : gen_no_reward
        assign reward_address    = {WeightAddressBits{1'b0}};
        assign reward_write      = 1'b0;
        assign reward_weights    = {(Lanes*WeightBits){1'b0}};
        assign reward_operations = 6'd0;
        assign rewarded          = 1'b0;

        wire unused_reward = &{1'b0, reward_amount_i, eligibility_i, rows_i};
      end

      assign finished_o       = changed || rewarded;
      assign weight_write_o   = change_write || reward_write;
      assign weight_address_o = reward_i ? reward_address : change_address;
      assign weight_data_o    = reward_i ? reward_weights : change_weights;
      assign operations_o     = reward_i ? reward_operations : change_operations;
      assign scatter_o        = 1'b0;
      assign current_o        = 16'd0;
    end else begin : gen_no_learning
      wire unused_learning = &{1'b0, source_rows_i, source_state_i, state_i, row_step_i, groups_i, lanes_visit_i, lanes_last_i,
                             pre_rule_i, post_rule_i, up_window_i, down_window_i, potential_i, weight_min_i, weight_max_i,
                             rows_i, reward_i, reward_amount_i, eligibility_i, host_row_i, draw_i, state_data_i};
      assign weight_write_o = 1'b0;
      assign drawn_o        = 1'b0;
      assign weight_data_o  = {(Lanes*WeightBits){1'b0}};

      if (Scatter != 0) begin : gen_scatter
        snn_scatter #(
          .IndexBits         (IndexBits),
          .ListAddressBits   (ListAddressBits),
          .ListPointerBits   (ListPointerBits),
          .PointerAddressBits(PointerAddressBits),
          .StateAddressBits  (StateAddressBits),
          .WeightAddressBits (WeightAddressBits)
        ) scatter (
          .clk_i            (clk_i),
          .rst_i            (rst_i),
          .start_i          (start_i),
          .run_i            (learn_i),
          .origin_pointer_i (origin_pointer_i),
          .weight_base_i    (weight_base_i),
          .pointer_address_o(pointer_address_o),
          .pointer_data_i   (pointer_data_i),
          .list_address_o   (list_address_o),
          .list_index_i     (list_index_i),
          .weight_address_o (weight_address_o),
          .weight_data_i    (weight_data_i),
          .state_address_o  (state_address_o),
          .current_i        (state_data_i[31:16]),
          .current_o        (current_o),
          .write_o          (scatter_o),
          .finished_o       (finished_o)
        );

        assign operations_o = {5'd0, scatter_o};
      end else begin : gen_no_scatter
        assign finished_o        = 1'b0;
        assign pointer_address_o = {PointerAddressBits{1'b0}};
        assign list_address_o    = {ListAddressBits{1'b0}};
        assign state_address_o   = {StateAddressBits{1'b0}};
        assign weight_address_o  = {WeightAddressBits{1'b0}};
        assign operations_o      = 6'd0;
        assign scatter_o         = 1'b0;
        assign current_o         = 16'd0;

        wire unused_scatter = &{1'b0, clk_i, rst_i, start_i, learn_i, origin_pointer_i, weight_base_i, pointer_data_i,
                                list_index_i, weight_data_i};
      end
    end
  endgenerate

endmodule

`default_nettype wire
