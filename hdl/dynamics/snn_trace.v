// snn_trace: a step of a spike trace in three parts, two of the decay and the rise, without a register. See
// src/arch/dynamics/trace.ts.
//
// With u = trace - 1, what an exponential decay leaves, trace - ceil(trace / 2^shift), is u - (u >> shift).
//
// Port         Dir  Unit   Meaning
// shift_i      in   bits   of the exponential decay, 1..7
// timer_i      in   flag   loses 1 a step
// count_i      in   flag   loses nothing; with neither, loses ceil(trace / 2^shift)
// increment_i  in   count  rise with a spike
// sets_i       in   flag   a spike sets the trace instead of adding to it
// still_i      in   flag   no decay
// trace_i      in   count
// less_o       out  count  trace_i, or 1 less
// less_i       in   count  that, some time later
// kept_o       out  count  what the decay leaves
// kept_i       in   count  that, some time later
// fired_i      in   flag   the neuron fires in this step
// trace_o      out  count  kept_i after the rise

`default_nettype none

module snn_trace (
  input  wire [2:0] shift_i,
  input  wire       timer_i,
  input  wire       count_i,
  input  wire [7:0] increment_i,
  input  wire       sets_i,
  input  wire       still_i,
  input  wire [7:0] trace_i,
  output wire [7:0] less_o,
  input  wire [7:0] less_i,
  output wire [7:0] kept_o,
  input  wire [7:0] kept_i,
  input  wire       fired_i,
  output wire [7:0] trace_o
);

  wire       decays = !still_i && !count_i;
  wire [7:0] lost   = (less_i >> shift_i) & {8{decays && !timer_i}};
  wire [8:0] risen  = {1'b0, kept_i} + {1'b0, increment_i};

  assign less_o  = trace_i - {7'd0, decays && trace_i != 8'd0};
  assign kept_o  = less_i - lost;
  assign trace_o = !fired_i ? kept_i : sets_i ? increment_i : risen[8] ? 8'hff : risen[7:0];

endmodule

`default_nettype wire
