// snn_reward: moves eligibilities into weights, row by row, a weight a cycle. See src/arch/dynamics/plasticity.ts.
//
// Cycle 0 is that of start_i; then Lanes + 5 cycles a row: both rows are read, each lane is worked on, both are written.
//
// Parameter          Default  Range  Meaning
// Lanes              8        2..16
// WeightBits         8        2..8
// IndexBits          12       8..16  row counts have one bit more
// WeightAddressBits  14       1..16
//
// Port              Dir  Unit   Meaning
// clk_i             in   clock
// rst_i             in   flag   synchronous; stops
// start_i           in   flag   first cycle
// run_i             in   flag   the instruction is under way
// rows_i            in   rows   1 or more
// weight_base_i     in   row    first weights
// eligibility_i     in   row    first eligibilities
// reward_i          in   bits   {negative, decay, shift}
// weight_min_i      in   lsb    signed
// weight_max_i      in   lsb    signed
// weight_address_o  out  row    read, or with weight_write_o written
// weight_write_o    out  flag
// weight_data_i     in   row
// weight_data_o     out  row
// operations_o      out  synapses
// finished_o        out  flag   last cycle

`default_nettype none

module snn_reward #(
  parameter Lanes             = 8,
  parameter WeightBits        = 8,
  parameter IndexBits         = 12,
  parameter WeightAddressBits = 14
) (
  input  wire                         clk_i,
  input  wire                         rst_i,
  input  wire                         start_i,
  input  wire                         run_i,
  input  wire [IndexBits:0]           rows_i,
  input  wire [WeightAddressBits-1:0] weight_base_i,
  input  wire [WeightAddressBits-1:0] eligibility_i,
  input  wire [6:0]                   reward_i,
  input  wire [7:0]                   weight_min_i,
  input  wire [7:0]                   weight_max_i,
  output wire [WeightAddressBits-1:0] weight_address_o,
  output wire                         weight_write_o,
  input  wire [Lanes*WeightBits-1:0]  weight_data_i,
  output wire [Lanes*WeightBits-1:0]  weight_data_o,
  output wire [5:0]                   operations_o,
  output wire                         finished_o
);

  localparam [5:0]                   LANES = Lanes[5:0];
  localparam [WeightAddressBits-1:0] ONE_ROW = 1;
  localparam [IndexBits:0]           ONE = 1;

  reg                         active_q = 1'b0;
  reg [5:0]                   step_q;
  reg [IndexBits:0]           left_q;
  reg [WeightAddressBits-1:0] weight_row_q, trace_row_q;
  reg [Lanes*WeightBits-1:0]  weights_q, traces_q;

  wire writes_trace  = step_q == LANES + 6'd3;
  wire writes_weight = step_q == LANES + 6'd4;
  wire turns         = step_q >= 6'd3 && step_q < LANES + 6'd3;

  assign weight_write_o   = run_i && active_q && (writes_trace || writes_weight);
  assign weight_address_o = step_q == 6'd0 || writes_trace ? trace_row_q : weight_row_q;
  assign weight_data_o    = writes_trace ? traces_q : weights_q;
  assign operations_o     = active_q && step_q == 6'd0 ? LANES : 6'd0;
  assign finished_o       = active_q && writes_weight && left_q == ONE;

  // one lane: e loses, and moves into w
  wire [WeightBits-1:0] e         = traces_q[WeightBits-1:0];
  wire                  negative  = e[WeightBits-1];
  wire [WeightBits-1:0] magnitude = negative ? -e : e;
  wire [WeightBits-1:0] moved     = magnitude >> reward_i[2:0];
  wire [WeightBits-1:0] whole     = magnitude >> reward_i[5:3];
  wire [WeightBits-1:0] part      = magnitude & ~({WeightBits{1'b1}} << reward_i[5:3]);
  wire [WeightBits-1:0] left      = magnitude - whole - {{(WeightBits-1){1'b0}}, |part};
  wire [9:0]            amount    = {{(10-WeightBits){1'b0}}, moved};
  wire [WeightBits-1:0] weight;

  snn_learn_lane #(
    .WeightBits(WeightBits)
  ) lane (
    .weight_i(weights_q[WeightBits-1:0]),
    .change_i(negative != reward_i[6] ? -amount : amount),
    .apply_i (moved != {WeightBits{1'b0}}),
    .min_i   (weight_min_i),
    .max_i   (weight_max_i),
    .weight_o(weight)
  );

  always @(posedge clk_i) begin
    if (step_q == 6'd1) traces_q <= weight_data_i;
    else if (turns) traces_q <= {negative ? -left : left, traces_q[Lanes*WeightBits-1:WeightBits]};
    if (step_q == 6'd2) weights_q <= weight_data_i;
    else if (turns) weights_q <= {weight, weights_q[Lanes*WeightBits-1:WeightBits]};

    step_q <= writes_weight ? 6'd0 : step_q + 6'd1;
    if (active_q && writes_weight) begin
      weight_row_q <= weight_row_q + ONE_ROW;
      trace_row_q  <= trace_row_q + ONE_ROW;
      left_q       <= left_q - ONE;
      if (left_q == ONE) active_q <= 1'b0;
    end
    if (start_i) begin
      active_q     <= 1'b1;
      step_q       <= 6'd0;
      left_q       <= rows_i;
      weight_row_q <= weight_base_i;
      trace_row_q  <= eligibility_i;
    end
    if (rst_i || !run_i) active_q <= 1'b0;
  end

endmodule

`default_nettype wire
