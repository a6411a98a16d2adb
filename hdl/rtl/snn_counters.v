// snn_counters: what a sample cost, and the watchdog.
//
// Parameter      Default  Range  Meaning
// Technology     0        0..2   see tech/snn_accumulator.v
// CycleBits      24       8..32  cycles, spikes and stalls count modulo 2^CycleBits
// OperationBits  28       8..32  operations count modulo 2^OperationBits
//
// Port          Dir  Unit        Meaning
// clk_i         in   clock
// rst_i         in   flag        synchronous; the events below are dropped, the counters stay
// begin_i       in   flag        a sample begins: all counters become 0
// cycle_i       in   flag        a cycle of the sample
// pass_i        in   flag        a pass runs
// read_i        in   flag        a list entry is read
// lanes_i       in   lanes       weights added for that entry
// learned_i     in   synapses    weights changed
// spike_i       in   flag        a pass writes a list entry
// watchdog_i    in   cycles      largest number of cycles; 0: any
// cycles_o      out  cycles
// operations_o  out  operations  weights added
// spikes_o      out  entries
// stalls_o      out  cycles      a pass ran and no entry was read
// watchdog_o    out  flag        the sample had watchdog_i cycles; high 3 cycles after the last of them
//
// An event shows in its counter two cycles later.

`default_nettype none

module snn_counters #(
  parameter Technology    = 0,
  parameter CycleBits     = 24,
  parameter OperationBits = 28
) (
  input  wire                     clk_i,
  input  wire                     rst_i,
  input  wire                     begin_i,
  input  wire                     cycle_i,
  input  wire                     pass_i,
  input  wire                     read_i,
  input  wire [5:0]               lanes_i,
  input  wire [5:0]               learned_i,
  input  wire                     spike_i,
  input  wire [CycleBits-1:0]     watchdog_i,
  output wire [CycleBits-1:0]     cycles_o,
  output wire [OperationBits-1:0] operations_o,
  output wire [CycleBits-1:0]     spikes_o,
  output wire [CycleBits-1:0]     stalls_o,
  output wire                     watchdog_o
);

  wire count = cycle_i && !rst_i;

  reg limit_q = 1'b0;

  assign watchdog_o = limit_q;

  always @(posedge clk_i) begin
    limit_q <= count && cycles_o == watchdog_i && watchdog_i != {CycleBits{1'b0}};
  end

  snn_accumulator #(
    .Technology(Technology),
    .Width     (CycleBits)
  ) cycles (
    .clk_i  (clk_i),
    .clear_i(begin_i),
    .add_i  ({5'd0, count}),
    .sum_o  (cycles_o)
  );

  snn_accumulator #(
    .Technology(Technology),
    .Width     (OperationBits)
  ) operations (
    .clk_i  (clk_i),
    .clear_i(begin_i),
    .add_i  ((read_i ? lanes_i : learned_i) & {6{count}}),
    .sum_o  (operations_o)
  );

  snn_accumulator #(
    .Technology(Technology),
    .Width     (CycleBits)
  ) spikes (
    .clk_i  (clk_i),
    .clear_i(begin_i),
    .add_i  ({5'd0, count && spike_i}),
    .sum_o  (spikes_o)
  );

  snn_accumulator #(
    .Technology(Technology),
    .Width     (CycleBits)
  ) stalls (
    .clk_i  (clk_i),
    .clear_i(begin_i),
    .add_i  ({5'd0, count && pass_i && !read_i}),
    .sum_o  (stalls_o)
  );

endmodule

`default_nettype wire
