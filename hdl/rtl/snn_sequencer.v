// snn_sequencer: names the neurons of a visit, one a cycle: their state word, parameter word and place in the pool window.
//
// Parameter             Default  Range  Meaning
// Lanes                 16       2..32
// ParameterAddressBits  9        1..16
// StateAddressBits      10       1..16
//
// Port                  Dir  Unit   Meaning
// clk_i                 in   clock
// rst_i                 in   flag   synchronous; forgets the visit
// start_i               in   flag   a pass begins: state and group start afresh
// rewind_i              in   flag   state starts afresh with every position; steady
// parameters_i, state_i, lanes_*_i  the pass registers
// visit_i               in   flag   the sums of a visit are complete in the next cycle
// first_i, last_i, edge_i, final_i  flags of that visit, see snn_stepper
// valid_o               out  flag   N0: a neuron; lane 0 comes one cycle after visit_i
// parameter_address_o   out  word   N0
// state_address_o       out  word   N0
// restart_o             out  flag   N0: channel 0 of a position
// first_o               out  flag   N0: first member of its channel in the pool window
// last_o                out  flag   N0: last member
// final_o               out  flag   N0: last neuron of the pass
// rewinds_o             out  flag   N0: state starts afresh after this neuron

`default_nettype none

module snn_sequencer #(
  parameter Lanes                = 16,
  parameter ParameterAddressBits = 9,
  parameter StateAddressBits     = 10
) (
  input  wire                            clk_i,
  input  wire                            rst_i,
  input  wire                            start_i,
  input  wire                            rewind_i,
  input  wire [ParameterAddressBits-1:0] parameters_i,
  input  wire [StateAddressBits-1:0]     state_i,
  input  wire [5:0]                      lanes_visit_i,
  input  wire [5:0]                      lanes_last_i,
  input  wire [5:0]                      lanes_position_i,
  input  wire                            visit_i,
  input  wire                            first_i,
  input  wire                            last_i,
  input  wire                            edge_i,
  input  wire                            final_i,
  output wire                            valid_o,
  output wire [ParameterAddressBits-1:0] parameter_address_o,
  output wire [StateAddressBits-1:0]     state_address_o,
  output wire                            restart_o,
  output wire                            first_o,
  output wire                            last_o,
  output wire                            final_o,
  output wire                            rewinds_o
);

  localparam [ParameterAddressBits-1:0] GROUP = Lanes[ParameterAddressBits-1:0];

  reg                            run_q = 1'b0;
  reg [5:0]                      channel_q;
  reg                            opening_q;
  reg [3:0]                      flags_q;
  reg [ParameterAddressBits-1:0] group_q;

  // complement of the lanes left, this one included
  wire [5:0] left_n;

  wire first, last, at_edge, at_end;
  assign {first, last, at_edge, at_end} = flags_q;

  wire [5:0] used         = edge_i ? lanes_last_i : lanes_visit_i;
  wire       last_lane    = left_n == 6'd62;
  // lanes left <= lanes a position: ~left + position + 1 carries
  wire [7:0] last_round   = {1'b0, left_n, 1'b1} + {1'b0, lanes_position_i, 1'b1};
  wire [5:0] channel_next = channel_q + 6'd1;
  wire       wrap         = channel_next == lanes_position_i;

  assign valid_o         = run_q;
  assign restart_o       = channel_q == 6'd0;
  assign first_o         = first && opening_q;
  assign last_o          = last && last_round[7];
  assign final_o         = at_end && last_lane;
  assign rewinds_o       = rewind_i && run_q && last_lane && last && at_edge;

  generate
    if (ParameterAddressBits > 6) begin : gen_wide
      assign parameter_address_o = group_q + {{(ParameterAddressBits-6){1'b0}}, channel_q};
    end else begin : gen_narrow
      assign parameter_address_o = group_q + channel_q[ParameterAddressBits-1:0];
    end
  endgenerate

  wire unused_round = &{1'b0, last_round};

  snn_counter #(
    .Width(6)
  ) lane_counter (
    .clk_i  (clk_i),
    .load_i (visit_i),
    .value_i(~used),
    .count_i(1'b1),
    .value_o(left_n)
  );

  snn_counter #(
    .Width(StateAddressBits)
  ) state_counter (
    .clk_i  (clk_i),
    .load_i (start_i || rewinds_o),
    .value_i(state_i),
    .count_i(run_q),
    .value_o(state_address_o)
  );

  always @(posedge clk_i) begin
    if (visit_i) begin
      run_q     <= 1'b1;
      channel_q <= 6'd0;
      opening_q <= 1'b1;
      flags_q   <= {first_i, last_i, edge_i, final_i};
    end else if (run_q) begin
      if (last_lane) run_q <= 1'b0;
      channel_q <= wrap ? 6'd0 : channel_next;
      if (wrap) opening_q <= 1'b0;
    end

    if (start_i) group_q <= parameters_i;
    else if (run_q && last_lane && last) group_q <= at_edge ? parameters_i : group_q + GROUP;

    if (rst_i) run_q <= 1'b0;
  end

`ifdef FORMAL
  // Every lane of a visit is named once and in order, state words are consecutive from state_i on, with every position anew
  // if they rewind; channels start afresh at every position.
  reg                        f_begun = 1'b0;
  reg [5:0]                  f_lane;        // of the visit
  reg [5:0]                  f_lanes = 6'd1;
  reg [5:0]                  f_channel;
  reg [5:0]                  f_position;
  reg [StateAddressBits-1:0] f_state;

  always @(*) begin
    assume (lanes_visit_i != 0 && lanes_last_i != 0 && lanes_position_i != 0);
    assume (lanes_visit_i <= Lanes && lanes_last_i <= Lanes && lanes_position_i <= Lanes);
    if (f_begun && !start_i) assume (lanes_position_i == f_position);
    if (!f_begun) assume (!visit_i);
    if (start_i) assume (!run_q && !visit_i);
    // a visit comes with the last lane of the one before, or later
    if (run_q && f_lane + 1 != f_lanes) assume (!visit_i);
    assert (!run_q || f_begun);
    if (run_q) assert (f_lane < f_lanes && f_lanes <= Lanes && left_n == ~(f_lanes - f_lane) && channel_q == f_channel);
    if (run_q) assert (f_channel < f_position && opening_q == (f_lane < f_position));
    if (run_q) assert (f_channel <= f_lane && (f_lane >= f_position || f_channel == f_lane));
    if (valid_o) assert (state_address_o == f_state && restart_o == (f_channel == 0));
    if (valid_o && first_o) assert (f_lane < f_position);
    if (valid_o && last_o) assert (f_lanes - f_lane <= f_position);
    if (valid_o && final_o) assert (f_lane + 1 == f_lanes);
    if (f_begun) assert (state_address_o == f_state);
    if (rewinds_o) assert (rewind_i && valid_o && f_lane + 1 == f_lanes);
    if (valid_o && f_lane + 1 == f_lanes && last && at_edge && rewind_i) assert (rewinds_o);
  end

  always @(posedge clk_i) begin
    if (start_i) begin
      f_begun    <= 1'b1;
      f_state    <= state_i;
      f_position <= lanes_position_i;
    end else if (valid_o) f_state <= rewinds_o ? state_i : f_state + 1;
    if (visit_i) begin
      f_lane    <= 6'd0;
      f_lanes   <= edge_i ? lanes_last_i : lanes_visit_i;
      f_channel <= 6'd0;
    end else if (valid_o) begin
      f_lane    <= f_lane + 6'd1;
      f_channel <= f_channel + 6'd1 == f_position ? 6'd0 : f_channel + 6'd1;
    end
    cover (valid_o && final_o && f_lane == 2 && restart_o);
    cover (visit_i && valid_o && f_lane == 1 && rewinds_o);
  end
`endif

endmodule

`default_nettype wire
