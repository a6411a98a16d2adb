// snn_core: one core. Runs any program that fits its memories; contract and cycle table are in hdl/README.md.
//
// Parameter        Default  Range       Meaning (src/arch/core-config.ts)
// Lanes            16       2..32       neurons served in parallel; weights in one row
// WeightBits       4        2..8        bits of a weight
// AccumulatorBits  16       8..32       bits of a lane's sum
// MembraneBits     24       9..40       bits of a membrane potential, at least AccumulatorBits
// ThresholdBits    16       1..31       bits of a threshold, at most MembraneBits - QuotientBits
// QuotientBits     4        1..8        divider stages
// IndexBits        12       8..16       bits of a neuron index
// WeightDepth      16384    16..65536   rows; all depths are powers of two
// ListDepth        2048     16..65536   entries
// PointerDepth     1024     16..65536   words
// ParameterDepth   512      16..65536   words
// StateDepth       1024     16..65536   words
// ProgramDepth     256      32..1024    words
// LinkDepth        512      16..32768   bytes of the link's buffer, only shown to the host
// Dynamics         0        0..1        neurons with leak, current, adaptation (dynamics/snn_dynamics.v) instead of a divider;
//                                       wants MembraneBits 16; state and parameter words have 64 bits;
//                                       WeightDepth at most 16384, ListDepth and StateDepth at most 2048
// Learning         0        0..2        1: `learn` with rectangular rules, 2: with all, and `reward`; wants Dynamics
// Scatter          0        0..1        `scatter`; wants Dynamics, no Learning, and rows of 64 bits
// Technology       1        0..2        0 generic, 1 ice40up, 2 ice40hx
// HostBits         64       64..256     bits of the host bus, at least those of the widest word
//
// Port                Dir  Unit   Meaning
// clk_i               in   clock
// rst_i               in   flag   synchronous, active high
// host_select_i       in   index  memory or registers (src/arch/memory.ts)
// host_address_i      in   word
// host_write_i        in   flag   write host_wdata_i; one cycle
// host_wdata_i        in   word
// host_read_i         in   flag   read; one cycle, not together with a write
// host_rdata_o        out  word   with host_rvalid_o
// host_rvalid_o       out  flag   one cycle after host_read_i, with Dynamics two; until then select and address stay
// in_valid_i          in   flag   an input value is offered
// in_ready_o          out  flag   it is taken when both are high
// in_value_i          in   count
// in_waiting_o        out  flag   the program waits for input values
// in_count_o          out  values how many
// running_o           out  flag   the host may not use the memories
// done_o              out  flag   one cycle: decision and counters of a sample are ready
// state_o             out  state  as in the register `status`
// fault_o             out  fault  as in the register `status`
// decision_o          out  index  register `decision`
// cycles_o            out  cycles register `cycles`
// mon_*               out         for simulation; synthesis drops what is not connected
//   mon_pass_o           a pass runs
//   mon_pc_o             address of the instruction
//   mon_read_valid_o     a list entry is read
//   mon_neuron_valid_o   a neuron is done: x before firing, v and s after
//   mon_emit_valid_o     a candidate: payload (two's complement or count), index

`default_nettype none

module snn_core #(
  parameter Lanes           = 16,
  parameter WeightBits      = 4,
  parameter AccumulatorBits = 16,
  parameter MembraneBits    = 24,
  parameter ThresholdBits   = 16,
  parameter QuotientBits    = 4,
  parameter IndexBits       = 12,
  parameter WeightDepth     = 16384,
  parameter ListDepth       = 2048,
  parameter PointerDepth    = 1024,
  parameter ParameterDepth  = 512,
  parameter StateDepth      = 1024,
  parameter ProgramDepth    = 256,
  parameter LinkDepth       = 512,
  parameter Dynamics        = 0,
  parameter Learning        = 0,
  parameter Scatter         = 0,
  parameter Technology      = 1,
  parameter HostBits        = 64
) (
  input  wire                            clk_i,
  input  wire                            rst_i,
  input  wire [2:0]                      host_select_i,
  input  wire [15:0]                     host_address_i,
  input  wire                            host_write_i,
  input  wire [HostBits-1:0]             host_wdata_i,
  input  wire                            host_read_i,
  output wire [HostBits-1:0]             host_rdata_o,
  output wire                            host_rvalid_o,
  input  wire                            in_valid_i,
  output wire                            in_ready_o,
  input  wire [7:0]                      in_value_i,
  output wire                            in_waiting_o,
  output wire [IndexBits:0]              in_count_o,
  output wire                            running_o,
  output wire                            done_o,
  output wire [3:0]                      state_o,
  output wire [3:0]                      fault_o,
  output wire [IndexBits-1:0]            decision_o,
  output wire [23:0]                     cycles_o,
  output wire                            mon_pass_o,
  output wire [$clog2(ProgramDepth)-1:0] mon_pc_o,
  output wire                            mon_read_valid_o,
  output wire                            mon_neuron_valid_o,
  output wire [MembraneBits-1:0]         mon_neuron_x_o,
  output wire [MembraneBits-1:0]         mon_neuron_v_o,
  output wire [7:0]                      mon_neuron_s_o,
  output wire                            mon_emit_valid_o,
  output wire [7:0]                      mon_emit_payload_o,
  output wire [IndexBits-1:0]            mon_emit_index_o
);

  localparam ProgramAddressBits   = $clog2(ProgramDepth);
  localparam ParameterAddressBits = $clog2(ParameterDepth);
  localparam PointerAddressBits   = $clog2(PointerDepth);
  localparam ListAddressBits      = $clog2(ListDepth);
  localparam ListPointerBits      = $clog2(ListDepth + 1);
  localparam StateAddressBits     = $clog2(StateDepth);
  localparam WeightAddressBits    = $clog2(WeightDepth);
  localparam LinkAddressBits      = $clog2(LinkDepth);
  localparam ProductStages        = AccumulatorBits > 16 ? 2 : 1;
  localparam TagBits              = Dynamics != 0 ? 5 : 4;
  localparam StateBits            = Dynamics != 0 ? 64 : MembraneBits + 8;
  localparam ParameterBits        = Dynamics != 0 ? 64 : ThresholdBits + MembraneBits;
  localparam CycleBits            = 24;
  localparam OperationBits        = 28;

  generate
    if (HostBits < Lanes * WeightBits || HostBits < ParameterBits || HostBits < StateBits) begin : gen_host_bits
      snn_core_host_bits_too_small illegal ();
    end
    if (Dynamics != 0 ? MembraneBits != 16 || AccumulatorBits > 24 : AccumulatorBits > MembraneBits || ThresholdBits + QuotientBits > MembraneBits) begin : gen_membrane_bits
      snn_core_membrane_bits_too_small illegal ();
    end
    // as far as the fields of the registers reach
    if (Dynamics != 0 && (WeightDepth > 16384 || ListDepth > 2048 || StateDepth > 2048)) begin : gen_depths
      snn_core_depths_too_large_for_dynamics illegal ();
    end
    if (Scatter != 0 && (Dynamics == 0 || Learning != 0 || Lanes * WeightBits != 64)) begin : gen_scatter_rows
      snn_core_scatter_wants_dynamics_without_learning_and_rows_of_64_bits illegal ();
    end
  endgenerate

  // controller and pass registers
  wire                          flush, idle, start, pass_runs, input_runs, finished;
  wire                          fresh, store, emit, merge_max, merge_sum, argmax, source_signed, ternary;
  wire                          mute, settled, winner, into_state, learn_runs, reward_runs, learn_start, learned;
  wire                          set_register, take, close_input, begin_sample, count_cycle, done;
  reg                           done_q  = 1'b0;
  reg                           done2_q = 1'b0;
  reg                           spike_q = 1'b0;
  wire                          restart, stop, watchdog;
  wire [IndexBits:0]            left;
  wire [CycleBits-1:0]          watchdog_limit;
  wire [11:0]                   break_limit;
  wire [ProgramAddressBits-1:0] program_address, table_address, table_base, pc;
  wire                          table_read;
  wire [31:0]                   program_data;

  wire [11:0]                     source_width, kernel_width, origin_x;
  wire [9:0]                      source_height_n, origin_y, window_groups;
  wire [7:0]                      kernel_rows, fire_max_n;
  wire [PointerAddressBits-1:0]   origin_pointer, pointer_base;
  wire [WeightAddressBits-1:0]    weight_base, row_step;
  wire [10:0]                     grid_columns, grid_rows;
  wire [3:0]                      window_columns, window_rows;
  wire [5:0]                      lanes_visit, lanes_last, lanes_position;
  wire [ParameterAddressBits-1:0] parameters;
  wire [StateAddressBits-1:0]     state_base;
  wire [QuotientBits-1:0]         fire_mask;
  wire [ListPointerBits-1:0]      list_base;
  wire [IndexBits:0]              channels;
  wire [IndexBits-1:0]            index_base;

  wire walk;
  wire accepted = take && in_valid_i;

  snn_controller #(
    .ProgramAddressBits(ProgramAddressBits),
    .IndexBits         (IndexBits),
    .Dynamics          (Dynamics),
    .Learning          (Learning),
    .Scatter           (Scatter)
  ) controller (
    .clk_i            (clk_i),
    .rst_i            (rst_i),
    .restart_i        (restart),
    .stop_i           (stop),
    .watchdog_i       (watchdog),
    .break_i          (break_limit),
    .program_address_o(program_address),
    .program_data_i   (program_data),
    .table_address_i  (table_address),
    .table_read_i     (table_read),
    .set_o            (set_register),
    .start_o          (start),
    .fresh_o          (fresh),
    .store_o          (store),
    .emit_o           (emit),
    .max_o            (merge_max),
    .sum_o            (merge_sum),
    .argmax_o         (argmax),
    .signed_o         (source_signed),
    .ternary_o        (ternary),
    .mute_o           (mute),
    .settled_o        (settled),
    .winner_o         (winner),
    .table_o          (table_base),
    .pass_o           (pass_runs),
    .input_o          (input_runs),
    .into_state_o     (into_state),
    .learn_o          (learn_runs),
    .reward_o         (reward_runs),
    .learn_start_o    (learn_start),
    .finished_i       (finished),
    .learned_i        (learned),
    .spike_i          (spike_q),
    .taking_i         (in_valid_i),
    .take_o           (take),
    .close_o          (close_input),
    .left_o           (left),
    .idle_o           (idle),
    .flush_o          (flush),
    .begin_o          (begin_sample),
    .count_o          (count_cycle),
    .done_o           (done),
    .state_o          (state_o),
    .fault_o          (fault_o),
    .pc_o             (pc)
  );

  snn_pass_registers #(
    .QuotientBits        (QuotientBits),
    .IndexBits           (IndexBits),
    .ListPointerBits     (ListPointerBits),
    .PointerAddressBits  (PointerAddressBits),
    .ParameterAddressBits(ParameterAddressBits),
    .StateAddressBits    (StateAddressBits),
    .WeightAddressBits   (WeightAddressBits)
  ) registers (
    .clk_i           (clk_i),
    .set_i           (set_register && !program_data[26]),
    .register_i      (program_data[25:22]),
    .value_i         (program_data[21:0]),
    .source_width_o  (source_width),
    .source_height_n_o(source_height_n),
    .kernel_width_o  (kernel_width),
    .kernel_rows_o   (kernel_rows),
    .origin_x_o      (origin_x),
    .origin_y_o      (origin_y),
    .origin_pointer_o(origin_pointer),
    .weight_base_o   (weight_base),
    .row_step_o      (row_step),
    .grid_columns_o  (grid_columns),
    .grid_rows_o     (grid_rows),
    .window_columns_o(window_columns),
    .window_rows_o   (window_rows),
    .window_groups_o (window_groups),
    .lanes_visit_o   (lanes_visit),
    .lanes_last_o    (lanes_last),
    .lanes_position_o(lanes_position),
    .parameters_o    (parameters),
    .state_o         (state_base),
    .fire_mask_o     (fire_mask),
    .fire_max_n_o    (fire_max_n),
    .list_o          (list_base),
    .pointer_o       (pointer_base),
    .channels_o      (channels),
    .index_o         (index_base)
  );

  // walk
  wire                          visit_valid, visit_take;
  wire [PointerAddressBits-1:0] visit_left, visit_right, visit_pointer;
  wire [9:0]                    visit_y;
  wire [WeightAddressBits-1:0]  visit_weight;
  wire                          visit_first, visit_last, visit_edge, visit_final;
  wire [PointerAddressBits-1:0] pointer_address;
  wire [ListPointerBits-1:0]    pointer_data;
  wire                          segment_valid, segment_take, segment_some, segment_close;
  wire [ListAddressBits-1:0]    segment_start;
  wire [ListPointerBits-1:0]    segment_count;
  wire [WeightAddressBits-1:0]  segment_offset;
  wire                          segment_first, segment_last, segment_edge, segment_final;

  snn_stepper #(
    .PointerAddressBits(PointerAddressBits),
    .WeightAddressBits (WeightAddressBits),
    .ProgramAddressBits(ProgramAddressBits)
  ) stepper (
    .clk_i           (clk_i),
    .rst_i           (flush),
    .start_i         (start && pass_runs),
    .enable_i        (walk),
    .origin_x_i      (origin_x),
    .origin_y_i      (origin_y),
    .origin_pointer_i(origin_pointer),
    .weight_base_i   (weight_base),
    .grid_columns_i  (grid_columns),
    .grid_rows_i     (grid_rows),
    .window_columns_i(window_columns),
    .window_rows_i   (window_rows),
    .window_groups_i (window_groups),
    .kernel_width_i  (kernel_width),
    .source_width_i  (source_width),
    .table_i         (table_base),
    .table_address_o (table_address),
    .table_read_o    (table_read),
    .table_data_i    (program_data),
    .visit_valid_o   (visit_valid),
    .visit_take_i    (visit_take),
    .visit_left_o    (visit_left),
    .visit_right_o   (visit_right),
    .visit_pointer_o (visit_pointer),
    .visit_y_o       (visit_y),
    .visit_weight_o  (visit_weight),
    .visit_first_o   (visit_first),
    .visit_last_o    (visit_last),
    .visit_edge_o    (visit_edge),
    .visit_final_o   (visit_final)
  );

  snn_walker #(
    .ListAddressBits   (ListAddressBits),
    .ListPointerBits   (ListPointerBits),
    .PointerAddressBits(PointerAddressBits),
    .WeightAddressBits (WeightAddressBits)
  ) walker (
    .clk_i            (clk_i),
    .rst_i            (flush),
    .source_width_i   (source_width),
    .source_height_n_i(source_height_n),
    .kernel_rows_i    (kernel_rows),
    .row_step_i       (row_step),
    .enable_o         (walk),
    .visit_valid_i    (visit_valid),
    .visit_take_o     (visit_take),
    .visit_left_i     (visit_left),
    .visit_right_i    (visit_right),
    .visit_pointer_i  (visit_pointer),
    .visit_y_i        (visit_y),
    .visit_weight_i   (visit_weight),
    .visit_first_i    (visit_first),
    .visit_last_i     (visit_last),
    .visit_edge_i     (visit_edge),
    .visit_final_i    (visit_final),
    .pointer_address_o(pointer_address),
    .pointer_data_i   (pointer_data),
    .segment_valid_o  (segment_valid),
    .segment_take_i   (segment_take),
    .segment_start_o  (segment_start),
    .segment_count_o  (segment_count),
    .segment_offset_o (segment_offset),
    .segment_some_o   (segment_some),
    .segment_close_o  (segment_close),
    .segment_first_o  (segment_first),
    .segment_last_o   (segment_last),
    .segment_edge_o   (segment_edge),
    .segment_final_o  (segment_final)
  );

  // gather
  wire                         list_read, add, close, negative;
  wire                         early_close;
  wire [3:0]                   early_flags;
  wire                         close_first, close_last, close_edge, close_final;
  wire [ListAddressBits-1:0]   list_address;
  wire [IndexBits+7:0]         list_data;
  wire [5:0]                   lanes;
  wire [WeightAddressBits-1:0] weight_address;
  wire [7:0]                   payload;

  snn_gather #(
    .IndexBits        (IndexBits),
    .ListAddressBits  (ListAddressBits),
    .ListPointerBits  (ListPointerBits),
    .WeightAddressBits(WeightAddressBits),
    .Dynamics         (Dynamics)
  ) gather (
    .clk_i           (clk_i),
    .rst_i           (flush),
    .signed_i        (source_signed),
    .lanes_visit_i   (lanes_visit),
    .lanes_last_i    (lanes_last),
    .spacing_i       (spacing),
    .segment_valid_i (segment_valid),
    .segment_take_o  (segment_take),
    .segment_start_i (segment_start),
    .segment_count_i (segment_count),
    .segment_offset_i(segment_offset),
    .segment_some_i  (segment_some),
    .segment_close_i (segment_close),
    .segment_first_i (segment_first),
    .segment_last_i  (segment_last),
    .segment_edge_i  (segment_edge),
    .segment_final_i (segment_final),
    .list_read_o     (list_read),
    .list_address_o  (list_address),
    .list_data_i     (list_data),
    .lanes_o         (lanes),
    .weight_address_o(weight_address),
    .add_o           (add),
    .close_o         (close),
    .payload_o       (payload),
    .negative_o      (negative),
    .first_o         (close_first),
    .last_o          (close_last),
    .edge_o          (close_edge),
    .final_o         (close_final),
    .early_close_o   (early_close),
    .early_flags_o   (early_flags)
  );

  // lanes; the closing token reaches the sums ProductStages + 1 cycles later, the sequencer one cycle earlier
  wire [Lanes*WeightBits-1:0]      weight_data;
  wire [Lanes*AccumulatorBits-1:0] sums;
  wire [AccumulatorBits-1:0]       sum;

  reg        valid1_q = 1'b0;
  wire       sums_ready, visit_ends;
  wire [3:0] visit_flags;

  generate
    if (Dynamics != 0) begin : gen_adders
      // the sums are complete in the cycle of the token
      snn_adders #(
        .Lanes          (Lanes),
        .WeightBits     (WeightBits),
        .AccumulatorBits(AccumulatorBits),
        .Learning       (Learning)
      ) lane_array (
        .clk_i    (clk_i),
        .weights_i(weight_data),
        .add_i    (add),
        .clear_i  (close || flush),
        .sums_o   (sums)
      );

      assign sums_ready  = close;
      assign visit_ends  = early_close;
      assign visit_flags = early_flags;

      wire unused_payload = &{1'b0, payload, negative, close_first, close_last, close_edge, close_final};
    end else begin : gen_lanes
      reg [ProductStages:0]     close_q = {(ProductStages+1){1'b0}};
      reg [4*ProductStages-1:0] close_flags_q;

      if (ProductStages == 1) begin : gen_flags1
        always @(posedge clk_i) close_flags_q <= {close_first, close_last, close_edge, close_final};
      end else begin : gen_flags2
        always @(posedge clk_i) begin
          close_flags_q <= {close_flags_q[3:0], close_first, close_last, close_edge, close_final};
        end
      end

      always @(posedge clk_i) begin
        close_q <= flush ? {(ProductStages+1){1'b0}} : {close_q[ProductStages-1:0], close};
      end

      snn_lanes #(
        .Technology     (Technology),
        .Lanes          (Lanes),
        .WeightBits     (WeightBits),
        .AccumulatorBits(AccumulatorBits)
      ) lane_array (
        .clk_i     (clk_i),
        .weights_i (weight_data),
        .payload_i (payload),
        .negative_i(negative),
        .add_i     (add),
        .clear_i   (close || flush),
        .sums_o    (sums)
      );

      assign sums_ready  = close_q[ProductStages];
      assign visit_ends  = close_q[ProductStages-1];
      assign visit_flags = close_flags_q[4*ProductStages-1-:4];

      wire unused_early = &{1'b0, early_close, early_flags};
    end
  endgenerate

  snn_sums #(
    .Lanes          (Lanes),
    .AccumulatorBits(AccumulatorBits)
  ) sum_row (
    .clk_i  (clk_i),
    .load_i (sums_ready),
    .shift_i(valid1_q),
    .sums_i (sums),
    .sum_o  (sum)
  );

  // neurons
  wire                            neuron, restart_channel, first_member, last_member, last_neuron;
  wire [ParameterAddressBits-1:0] parameter_address;
  wire [StateAddressBits-1:0]     state_address;
  wire [ParameterBits-1:0]        parameter_data;
  wire [StateBits-1:0]            state_data, state_next;
  wire                            x_valid, better, done_valid, done_better, rewinds, store_rewinds, slow_rewinds;
  wire [MembraneBits-1:0]         x, v_next, mon_x;
  wire [TagBits-1:0]              done_tag;
  wire [7:0]                      tracer_before, tracer_next, fired;
  wire                            rewind;
  wire [5:0]                      spacing;

  reg [TagBits-1:0] tag1_q;
  wire              slow;
  wire [TagBits-1:0] slow_tag;

  snn_sequencer #(
    .Lanes               (Lanes),
    .ParameterAddressBits(ParameterAddressBits),
    .StateAddressBits    (StateAddressBits)
  ) sequencer (
    .clk_i              (clk_i),
    .rst_i              (flush),
    .start_i            (start),
    .rewind_i           (rewind),
    .parameters_i       (parameters),
    .state_i            (state_base),
    .lanes_visit_i      (lanes_visit),
    .lanes_last_i       (lanes_last),
    .lanes_position_i   (lanes_position),
    .visit_i            (visit_ends),
    .first_i            (visit_flags[3]),
    .last_i             (visit_flags[2]),
    .edge_i             (visit_flags[1]),
    .final_i            (visit_flags[0]),
    .valid_o            (neuron),
    .parameter_address_o(parameter_address),
    .state_address_o    (state_address),
    .restart_o          (restart_channel),
    .first_o            (first_member),
    .last_o             (last_member),
    .final_o            (last_neuron),
    .rewinds_o          (rewinds)
  );

  always @(posedge clk_i) begin
    valid1_q <= neuron && !flush;
    tag1_q   <= tag[TagBits-1:0];
  end

  wire [4:0] tag = {rewinds, restart_channel, first_member, last_member, last_neuron};

  // learning
  wire                          learn_works = learn_runs || reward_runs;
  wire                          learn_write;
  wire [PointerAddressBits-1:0] learn_pointer_address;
  wire [ListAddressBits-1:0]    learn_list_address;
  wire [StateAddressBits-1:0]   learn_state_address;
  wire [WeightAddressBits-1:0]  learn_weight_address;
  wire [Lanes*WeightBits-1:0]   learn_weights;
  wire [5:0]                    learn_operations;
  wire                          scatter_write;
  wire [15:0]                   scatter_current;
  wire [MembraneBits-1:0]       best;

  generate
    if (Dynamics != 0) begin : gen_dynamics
      wire fires;

      snn_population #(
        .Technology        (Technology),
        .Learning          (Learning),
        .Scatter           (Scatter),
        .Lanes             (Lanes),
        .WeightBits        (WeightBits),
        .AccumulatorBits   (AccumulatorBits),
        .IndexBits         (IndexBits),
        .TagBits           (TagBits),
        .ListAddressBits   (ListAddressBits),
        .ListPointerBits   (ListPointerBits),
        .PointerAddressBits(PointerAddressBits),
        .StateAddressBits  (StateAddressBits),
        .WeightAddressBits (WeightAddressBits)
      ) neurons (
        .clk_i            (clk_i),
        .rst_i            (flush),
        .set_i            (set_register && program_data[26]),
        .register_i       (program_data[25:22]),
        .value_i          (program_data[21:0]),
        .rewind_o         (rewind),
        .spacing_o        (spacing),
        .start_i          (start),
        .index_i          (index_base),
        .fresh_i          (fresh),
        .mute_i           (mute),
        .settled_i        (settled),
        .winner_i         (winner),
        .best_negative_i  (best[MembraneBits-1]),
        .decision_i       (decision_o),
        .valid_i          (valid1_q),
        .tag_i            (tag1_q),
        .parameter_i      (parameter_data),
        .sum_i            (sum),
        .slow_o           (slow),
        .slow_tag_o       (slow_tag),
        .valid_o          (done_valid),
        .rank_o           (x),
        .tag_o            (done_tag),
        .state_o          (state_next),
        .fired_o          (fires),
        .mon_x_o          (mon_x),
        .learn_start_i    (learn_start),
        .learn_i          (learn_runs),
        .reward_i         (reward_runs),
        .origin_pointer_i (origin_pointer),
        .state_base_i     (state_base),
        .weight_base_i    (weight_base),
        .row_step_i       (row_step),
        .groups_i         (window_groups),
        .lanes_visit_i    (lanes_visit),
        .lanes_last_i     (lanes_last),
        .channels_i       (channels),
        .pointer_address_o(learn_pointer_address),
        .pointer_data_i   (pointer_data),
        .list_address_o   (learn_list_address),
        .list_index_i     (list_data[IndexBits-1:0]),
        .state_address_o  (learn_state_address),
        .state_data_i     (state_data),
        .weight_address_o (learn_weight_address),
        .weight_write_o   (learn_write),
        .weight_data_i    (weight_data),
        .weight_data_o    (learn_weights),
        .host_row_i       (host_wdata_i[Lanes*WeightBits-1:0]),
        .scatter_o        (scatter_write),
        .current_o        (scatter_current),
        .operations_o     (learn_operations),
        .finished_o       (learned)
      );

      assign x_valid       = done_valid;
      assign done_better   = better;
      assign v_next        = state_next[15:0];
      assign tracer_next   = state_next[47:40];
      assign tracer_before = 8'd0;
      assign fired         = {7'd0, fires};
      assign store_rewinds = done_valid && done_tag[4];
      assign slow_rewinds  = slow && slow_tag[4];

      wire unused_exact = &{1'b0, slow_tag, ternary, fire_mask, fire_max_n};
    end else begin : gen_exact
      snn_neuron #(
        .MembraneBits (MembraneBits),
        .ThresholdBits(ThresholdBits),
        .QuotientBits (QuotientBits),
        .SumBits      (AccumulatorBits),
        .TagBits      (TagBits)
      ) neurons (
        .clk_i      (clk_i),
        .rst_i      (flush),
        .fresh_i    (fresh),
        .ternary_i  (ternary),
        .mask_i     (fire_mask),
        .max_n_i    (fire_max_n),
        .valid_i    (valid1_q),
        .tag_i      (tag1_q),
        .tracer_i   (state_data[MembraneBits+:8]),
        .v_i        (state_data[MembraneBits-1:0]),
        .threshold_i(parameter_data[MembraneBits+:ThresholdBits]),
        .v_init_i   (parameter_data[MembraneBits-1:0]),
        .sum_i      (sum),
        .x_valid_o  (x_valid),
        .x_o        (x),
        .better_i   (better),
        .valid_o    (done_valid),
        .better_o   (done_better),
        .tag_o      (done_tag),
        .v_o        (v_next),
        .tracer_o   (tracer_before),
        .next_o     (tracer_next),
        .fired_o    (fired),
        .mon_x_o    (mon_x)
      );

      assign state_next            = {tracer_next, v_next};
      assign store_rewinds         = 1'b0;
      assign slow                  = 1'b0;
      assign slow_tag              = {TagBits{1'b0}};
      assign slow_rewinds          = 1'b0;
      assign rewind                = 1'b0;
      assign spacing               = 6'd0;
      assign learned               = 1'b0;
      assign learn_write           = 1'b0;
      assign learn_pointer_address = {PointerAddressBits{1'b0}};
      assign learn_list_address    = {ListAddressBits{1'b0}};
      assign learn_state_address   = {StateAddressBits{1'b0}};
      assign learn_weight_address  = {WeightAddressBits{1'b0}};
      assign learn_weights         = {(Lanes*WeightBits){1'b0}};
      assign learn_operations      = 6'd0;
      assign scatter_write         = 1'b0;
      assign scatter_current       = 16'd0;

      wire unused_dynamics = &{1'b0, mute, settled, winner, learn_start, tag[4], slow_tag};
    end
  endgenerate

  // candidates: of the pass, or the host's values
  wire                 merged, merged_final, merged_better, candidate;
  wire [7:0]           merged_payload;
  wire [IndexBits-1:0] index;
  reg                  better_q = 1'b0;

  generate
    if (Dynamics != 0) begin : gen_no_merge
      // as late as a merged one
      reg [1:0] valid_q = 2'd0;
      reg [1:0] fired_q, final_q, better2_q;

      always @(posedge clk_i) begin
        valid_q   <= flush ? 2'd0 : {valid_q[0], done_valid};
        fired_q   <= {fired_q[0], fired[0]};
        final_q   <= {final_q[0] && !flush, done_tag[0] && done_valid && !flush};
        better2_q <= {better2_q[0] && !flush, done_better && done_valid && !flush};
      end

      assign merged         = valid_q[1];
      assign merged_payload = {7'd0, fired_q[1]};
      assign merged_final   = final_q[1];
      assign merged_better  = better2_q[1];

      wire unused_merge = &{1'b0, merge_max, merge_sum, tracer_before, done_tag, fired};
    end else begin : gen_merge
      snn_merge #(
        .Lanes(Lanes)
      ) merge (
        .clk_i    (clk_i),
        .rst_i    (flush),
        .max_i    (merge_max),
        .sum_i    (merge_sum),
        .valid_i  (done_valid),
        .restart_i(done_tag[3]),
        .first_i  (done_tag[2]),
        .last_i   (done_tag[1]),
        .final_i  (done_tag[0]),
        .better_i (done_better),
        .tracer_i (tracer_before),
        .next_i   (tracer_next),
        .fired_i  (fired),
        .valid_o  (merged),
        .payload_o(merged_payload),
        .final_o  (merged_final),
        .better_o (merged_better)
      );
    end
  endgenerate

  wire                          list_write, pointer_write;
  wire [ListAddressBits-1:0]    list_write_address;
  wire [IndexBits+7:0]          list_write_data;
  wire [PointerAddressBits-1:0] pointer_write_address;
  wire [ListPointerBits-1:0]    pointer_write_data;

  snn_writer #(
    .IndexBits         (IndexBits),
    .ListAddressBits   (ListAddressBits),
    .ListPointerBits   (ListPointerBits),
    .PointerAddressBits(PointerAddressBits)
  ) writer (
    .clk_i            (clk_i),
    .rst_i            (flush),
    .start_i          (start),
    .list_i           (list_base),
    .pointer_i        (pointer_base),
    .index_i          (index_base),
    .channels_i       (channels),
    .emit_i           (emit),
    .ternary_i        (ternary && Dynamics == 0),
    .valid_i          (merged || accepted),
    .payload_i        (input_runs ? in_value_i : merged_payload),
    .final_i          (merged_final || close_input),
    .list_write_o     (list_write),
    .list_address_o   (list_write_address),
    .list_data_o      (list_write_data),
    .pointer_write_o  (pointer_write),
    .pointer_address_o(pointer_write_address),
    .pointer_data_o   (pointer_write_data),
    .index_o          (index),
    .valid_o          (candidate),
    .done_o           (finished)
  );

  always @(posedge clk_i) begin
    spike_q  <= list_write && pass_runs;
    better_q <= merged_better;
  end

  snn_argmax #(
    .MembraneBits(MembraneBits),
    .IndexBits   (IndexBits)
  ) largest (
    .clk_i      (clk_i),
    .start_i    (start),
    .valid_i    (x_valid && argmax),
    .x_i        (x),
    .better_o   (better),
    .candidate_i(better_q && pass_runs),
    .index_i    (index),
    .best_o     (best),
    .decision_o (decision_o)
  );

  // counters and registers
  wire [CycleBits-1:0]     spikes, stalls;
  wire [OperationBits-1:0] operations;
  wire [6:1]               host_write;

  // beside the lanes of a core without dynamics there is no multiplier left
  snn_counters #(
    .Technology   (Dynamics != 0 ? Technology : 0),
    .CycleBits    (CycleBits),
    .OperationBits(OperationBits)
  ) counters (
    .clk_i       (clk_i),
    .rst_i       (flush),
    .begin_i     (begin_sample),
    .cycle_i     (count_cycle),
    .pass_i      (pass_runs || learn_works),
    .read_i      (list_read),
    .lanes_i     (lanes),
    .learned_i   (learn_operations),
    .spike_i     (spike_q),
    .watchdog_i  (watchdog_limit),
    .cycles_o    (cycles_o),
    .operations_o(operations),
    .spikes_o    (spikes),
    .stalls_o    (stalls),
    .watchdog_o  (watchdog)
  );

  snn_host_bus #(
    .Technology          (Technology),
    .Lanes               (Lanes),
    .WeightBits          (WeightBits),
    .AccumulatorBits     (AccumulatorBits),
    .MembraneBits        (MembraneBits),
    .ThresholdBits       (ThresholdBits),
    .QuotientBits        (QuotientBits),
    .IndexBits           (IndexBits),
    .WeightAddressBits   (WeightAddressBits),
    .ListAddressBits     (ListAddressBits),
    .PointerAddressBits  (PointerAddressBits),
    .ParameterAddressBits(ParameterAddressBits),
    .StateAddressBits    (StateAddressBits),
    .ProgramAddressBits  (ProgramAddressBits),
    .LinkAddressBits     (LinkAddressBits),
    .ParameterBits       (ParameterBits),
    .StateBits           (StateBits),
    .Dynamics            (Dynamics),
    .Learning            (Learning),
    .Scatter             (Scatter),
    .ListPointerBits     (ListPointerBits),
    .CycleBits           (CycleBits),
    .OperationBits       (OperationBits),
    .DataBits            (HostBits)
  ) host_bus (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .select_i        (host_select_i),
    .address_i       (host_address_i[3:0]),
    .write_i         (host_write_i),
    .read_i          (host_read_i),
    .wdata_i         (host_wdata_i[31:0]),
    .rdata_o         (host_rdata_o),
    .rvalid_o        (host_rvalid_o),
    .idle_i          (idle),
    .write_o         (host_write),
    .program_data_i  (program_data),
    .parameter_data_i(parameter_data),
    .pointer_data_i  (pointer_data),
    .list_data_i     (list_data),
    .state_data_i    (state_data),
    .weight_data_i   (weight_data),
    .restart_o       (restart),
    .stop_o          (stop),
    .watchdog_o      (watchdog_limit),
    .break_o         (break_limit),
    .state_i         (state_o),
    .fault_i         (fault_o),
    .pc_i            (pc),
    .cycles_i        (cycles_o),
    .operations_i    (operations),
    .spikes_i        (spikes),
    .stalls_i        (stalls),
    .decision_i      (decision_o),
    .best_i          (best),
    .left_i          (left)
  );

  // memories: the host's while idle
  snn_ram_1r1w #(
    .Width      (32),
    .Depth      (ProgramDepth),
    .AddressBits(ProgramAddressBits)
  ) program_ram (
    .clk_i       (clk_i),
    .wr_en_i     (host_write[1]),
    .wr_address_i(host_address_i[ProgramAddressBits-1:0]),
    .wr_data_i   (host_wdata_i[31:0]),
    .rd_en_i     (walk),
    .rd_address_i(idle ? host_address_i[ProgramAddressBits-1:0] : program_address),
    .rd_data_o   (program_data)
  );

  snn_neuron_memories #(
    .Dynamics            (Dynamics),
    .Scatter             (Scatter),
    .HostBits            (HostBits),
    .ParameterBits       (ParameterBits),
    .StateBits           (StateBits),
    .ParameterAddressBits(ParameterAddressBits),
    .StateAddressBits    (StateAddressBits)
  ) neuron_memories (
    .clk_i              (clk_i),
    .idle_i             (idle),
    .host_address_i     (host_address_i),
    .host_data_i        (host_wdata_i),
    .write_parameter_i  (host_write[2]),
    .write_state_i      (host_write[5]),
    .start_i            (start),
    .state_base_i       (state_base),
    .pass_i             (pass_runs),
    .parameter_address_i(parameter_address),
    .state_address_i    (state_address),
    .slow_i             (slow),
    .slow_rewinds_i     (slow_rewinds),
    .learn_i            (learn_works),
    .learn_address_i    (learn_state_address),
    .scatter_i          (scatter_write),
    .scatter_current_i  (scatter_current),
    .done_i             (done_valid),
    .store_i            (done_valid && store),
    .rewinds_i          (store_rewinds),
    .state_i            (state_next),
    .take_i             (accepted && into_state),
    .value_i            (in_value_i),
    .parameter_o        (parameter_data),
    .state_o            (state_data)
  );

  snn_ram_1r1w #(
    .Width      (ListPointerBits),
    .Depth      (PointerDepth),
    .AddressBits(PointerAddressBits)
  ) pointer_ram (
    .clk_i       (clk_i),
    .wr_en_i     (host_write[3] || pointer_write),
    .wr_address_i(idle ? host_address_i[PointerAddressBits-1:0] : pointer_write_address),
    .wr_data_i   (idle ? host_wdata_i[ListPointerBits-1:0] : pointer_write_data),
    .rd_en_i     (walk || learn_works),
    .rd_address_i(idle ? host_address_i[PointerAddressBits-1:0] : learn_works ? learn_pointer_address : pointer_address),
    .rd_data_o   (pointer_data)
  );

  snn_ram_1r1w #(
    .Width      (IndexBits + 8),
    .Depth      (ListDepth),
    .AddressBits(ListAddressBits)
  ) list_ram (
    .clk_i       (clk_i),
    .wr_en_i     (host_write[4] || list_write),
    .wr_address_i(idle ? host_address_i[ListAddressBits-1:0] : list_write_address),
    .wr_data_i   (idle ? host_wdata_i[IndexBits+7:0] : list_write_data),
    .rd_en_i     (1'b1),
    .rd_address_i(idle ? host_address_i[ListAddressBits-1:0] : learn_works ? learn_list_address : list_address),
    .rd_data_o   (list_data)
  );

  // what the host writes goes through the row that learning changes, a cycle later
  wire                         row_write;
  wire [WeightAddressBits-1:0] row_address;
  wire [Lanes*WeightBits-1:0]  row_data;

  generate
    if (Learning != 0) begin : gen_learned_row
      reg                         write_q = 1'b0;
      reg [WeightAddressBits-1:0] address_q;

      always @(posedge clk_i) begin
        write_q   <= host_write[6];
        address_q <= host_address_i[WeightAddressBits-1:0];
      end

      assign row_write   = write_q || learn_write;
      assign row_address = address_q;
      assign row_data    = learn_weights;
    end else begin : gen_given_row
      assign row_write   = host_write[6];
      assign row_address = host_address_i[WeightAddressBits-1:0];
      assign row_data    = host_wdata_i[Lanes*WeightBits-1:0];

      wire unused_learned = &{1'b0, learn_write, learn_weights};
    end
  endgenerate

  snn_weights #(
    .Technology (Technology),
    .Width      (Lanes * WeightBits),
    .Depth      (WeightDepth),
    .AddressBits(WeightAddressBits)
  ) weight_ram (
    .clk_i    (clk_i),
    .write_i  (row_write),
    .address_i(idle ? row_address : learn_works ? learn_weight_address : weight_address),
    .data_i   (row_data),
    .data_o   (weight_data)
  );

  // bits beyond the deepest memory and the widest word
  wire unused_host = &{1'b0, host_address_i, host_wdata_i};

  // the counters are two cycles late
  always @(posedge clk_i) begin
    done_q  <= done;
    done2_q <= done_q;
  end

  assign done_o       = done2_q;
  assign in_ready_o   = take;
  assign in_waiting_o = take;
  assign in_count_o   = left;
  assign running_o    = !idle;

  assign mon_pass_o         = pass_runs;
  assign mon_pc_o           = pc;
  assign mon_read_valid_o   = list_read;
  assign mon_neuron_valid_o = done_valid;
  assign mon_neuron_x_o     = mon_x;
  assign mon_neuron_v_o     = v_next;
  assign mon_neuron_s_o     = tracer_next;
  assign mon_emit_valid_o   = candidate;
  assign mon_emit_payload_o = list_write_data[IndexBits+:8];
  assign mon_emit_index_o   = index;

endmodule

`default_nettype wire
