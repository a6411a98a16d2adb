// snn_counters: what a sample cost, and the watchdog. All counters wrap at 2^32.
//
// Port          Dir  Unit        Meaning
// clk_i         in   clock
// begin_i       in   flag        a sample begins: all counters become 0
// cycle_i       in   flag        a cycle of the sample
// pass_i        in   flag        a pass runs
// read_i        in   flag        a list entry is read
// lanes_i       in   lanes       weights added for that entry
// spike_i       in   flag        a pass writes a list entry
// watchdog_i    in   cycles      largest number of cycles; 0: any
// cycles_o      out  cycles
// operations_o  out  operations  weights added
// spikes_o      out  entries
// stalls_o      out  cycles      a pass ran and no entry was read
// watchdog_o    out  flag        the sample reached watchdog_i

`default_nettype none

module snn_counters (
  input  wire        clk_i,
  input  wire        begin_i,
  input  wire        cycle_i,
  input  wire        pass_i,
  input  wire        read_i,
  input  wire [5:0]  lanes_i,
  input  wire        spike_i,
  input  wire [31:0] watchdog_i,
  output wire [31:0] cycles_o,
  output wire [31:0] operations_o,
  output wire [31:0] spikes_o,
  output wire [31:0] stalls_o,
  output wire        watchdog_o
);

  reg [31:0] cycles_q     = 32'd0;
  reg [31:0] operations_q = 32'd0;
  reg [31:0] spikes_q     = 32'd0;
  reg [31:0] stalls_q     = 32'd0;
  reg [5:0]  added_q      = 6'd0;
  reg        limit_q      = 1'b0;

  assign cycles_o     = cycles_q;
  assign operations_o = operations_q;
  assign spikes_o     = spikes_q;
  assign stalls_o     = stalls_q;
  assign watchdog_o   = limit_q && cycle_i;

  always @(posedge clk_i) begin
    added_q      <= read_i ? lanes_i : 6'd0;
    operations_q <= operations_q + {26'd0, added_q};
    if (cycle_i) cycles_q <= cycles_q + 32'd1;
    if (spike_i) spikes_q <= spikes_q + 32'd1;
    if (pass_i && !read_i) stalls_q <= stalls_q + 32'd1;
    limit_q <= cycle_i && cycles_q == watchdog_i && watchdog_i != 32'd0;
    if (begin_i) begin
      cycles_q     <= 32'd0;
      operations_q <= 32'd0;
      spikes_q     <= 32'd0;
      stalls_q     <= 32'd0;
    end
  end

endmodule

`default_nettype wire
