// snn_counters: what a sample cost, and the watchdog.
//
// Parameter      Default  Range  Meaning
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

  localparam [CycleBits-1:0] ONE = 1;

  reg       begin_q = 1'b0;
  reg       cycle_q = 1'b0;
  reg       stall_q = 1'b0;
  reg       spike_q = 1'b0;
  reg       limit_q = 1'b0;
  reg [5:0] lanes_q = 6'd0;

  reg [CycleBits-1:0]     cycles_q     = {CycleBits{1'b0}};
  reg [OperationBits-1:0] operations_q = {OperationBits{1'b0}};
  reg [CycleBits-1:0]     spikes_q     = {CycleBits{1'b0}};
  reg [CycleBits-1:0]     stalls_q     = {CycleBits{1'b0}};

  assign cycles_o     = cycles_q;
  assign operations_o = operations_q;
  assign spikes_o     = spikes_q;
  assign stalls_o     = stalls_q;
  assign watchdog_o   = limit_q;

  always @(posedge clk_i) begin
    begin_q <= begin_i;
    cycle_q <= cycle_i && !rst_i;
    stall_q <= cycle_i && pass_i && !read_i && !rst_i;
    spike_q <= cycle_i && spike_i && !rst_i;
    lanes_q <= !cycle_i || rst_i ? 6'd0 : read_i ? lanes_i : learned_i;

    operations_q <= operations_q + {{(OperationBits-6){1'b0}}, lanes_q};
    if (cycle_q) cycles_q <= cycles_q + ONE;
    if (spike_q) spikes_q <= spikes_q + ONE;
    if (stall_q) stalls_q <= stalls_q + ONE;
    limit_q <= cycle_i && cycles_q == watchdog_i && watchdog_i != {CycleBits{1'b0}} && !rst_i;
    if (begin_q) begin
      cycles_q     <= {CycleBits{1'b0}};
      operations_q <= {OperationBits{1'b0}};
      spikes_q     <= {CycleBits{1'b0}};
      stalls_q     <= {CycleBits{1'b0}};
    end
  end

endmodule

`default_nettype wire
