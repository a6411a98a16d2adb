// snn_trace: a step of a spike trace in two halves, decay and rise, without a register. See src/arch/dynamics/trace.ts.
//
// Port         Dir  Unit   Meaning
// shift_i      in   bits   of the exponential decay, 1..7
// timer_i      in   flag   loses 1 a step
// count_i      in   flag   loses nothing; with neither, loses ceil(trace / 2^shift)
// increment_i  in   count  rise with a spike
// sets_i       in   flag   a spike sets the trace instead of adding to it
// trace_i      in   count
// still_i      in   flag   no decay
// kept_o       out  count  trace_i after the decay
// kept_i       in   count  what is left, some time later
// fired_i      in   flag   the neuron fires in this step
// trace_o      out  count  kept_i after the rise

`default_nettype none

module snn_trace (
  input  wire [2:0] shift_i,
  input  wire       timer_i,
  input  wire       count_i,
  input  wire [7:0] increment_i,
  input  wire       sets_i,
  input  wire [7:0] trace_i,
  input  wire       still_i,
  output wire [7:0] kept_o,
  input  wire [7:0] kept_i,
  input  wire       fired_i,
  output wire [7:0] trace_o
);

  // ceil(trace / 2^shift): whatever is shifted out counts as one more
  wire [7:0] whole = trace_i >> shift_i;
  wire [7:0] part  = trace_i & ~(8'hff << shift_i);
  wire       more  = !still_i && (timer_i ? trace_i != 8'd0 : part != 8'd0 && !count_i);
  wire [7:0] lost  = timer_i || count_i || still_i ? 8'd0 : whole;
  wire [8:0] risen = {1'b0, kept_i} + {1'b0, increment_i};

  assign kept_o  = trace_i - lost - {7'd0, more};
  assign trace_o = !fired_i ? kept_i : sets_i ? increment_i : risen[8] ? 8'hff : risen[7:0];

endmodule

`default_nettype wire
