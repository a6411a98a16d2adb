// snn_dynamics_registers: the registers that `set` loads in a core with dynamics (src/arch/dynamics/registers.ts).
//
// Parameter         Default  Range  Meaning
// StateAddressBits  10       1..11
// WeightAddressBits 14       1..14
//
// Port        Dir  Unit   Meaning
// clk_i       in   clock
// set_i       in   flag   load register 16 + register_i with value_i
// register_i  in   index
// value_i     in   bits   the fields, packed as in the instruction
// seed_o      out  flag   the register `seed` is loaded with value_i in this cycle
// *_o         out         the fields, valid from the cycle after the load

`default_nettype none

module snn_dynamics_registers #(
  parameter StateAddressBits  = 10,
  parameter WeightAddressBits = 14
) (
  input  wire                         clk_i,
  input  wire                         set_i,
  input  wire [3:0]                   register_i,
  input  wire [21:0]                  value_i,
  output wire                         seed_o,
  output reg  [12:0]                  current_loss_o,
  output reg  [1:0]                   current_rounding_o,
  output reg  [1:0]                   leak_rounding_o,
  output reg  [1:0]                   reset_o,
  output reg                          delayed_o,
  output reg  [1:0]                   gate_o,
  output reg  [1:0]                   rank_o,
  output reg                          noise_o,
  output reg                          rewind_o,
  output reg  [5:0]                   spacing_o,
  output reg  [10:0]                  adapt_increment_o,
  output reg  [3:0]                   adapt_decay_o,
  output reg  [2:0]                   adapt_scale_o,
  output reg  [13:0]                  pre_trace_o,
  output reg  [13:0]                  post_trace_o,
  output reg  [15:0]                  inhibition_o,
  output reg  [3:0]                   block_o,
  output reg  [StateAddressBits-1:0]  learn_state_o,
  output reg  [10:0]                  learn_rows_o,
  output reg  [13:0]                  pre_rule_o,
  output reg  [21:0]                  post_rule_o,
  output reg  [16:0]                  up_window_o,
  output reg  [16:0]                  down_window_o,
  output reg  [15:0]                  learn_potential_o,
  output reg  [7:0]                   weight_min_o,
  output reg  [7:0]                   weight_max_o,
  output reg  [6:0]                   reward_o,
  output reg  [WeightAddressBits-1:0] eligibility_o
);

  assign seed_o = set_i && register_i == 4'd6;

  always @(posedge clk_i) begin
    if (set_i) begin
      case (register_i)
        4'd0:    {leak_rounding_o, current_rounding_o, current_loss_o} <= value_i[16:0];
        4'd1:    {spacing_o, rewind_o, noise_o, rank_o, gate_o, delayed_o, reset_o} <= value_i[14:0];
        4'd2:    {adapt_scale_o, adapt_decay_o, adapt_increment_o} <= value_i[17:0];
        4'd3:    pre_trace_o <= value_i[13:0];
        4'd4:    post_trace_o <= value_i[13:0];
        4'd5:    {block_o, inhibition_o} <= value_i[19:0];
        4'd7:    {learn_rows_o, learn_state_o} <= {value_i[21:11], value_i[StateAddressBits-1:0]};
        4'd8:    pre_rule_o <= value_i[13:0];
        4'd9:    post_rule_o <= value_i;
        4'd10:   up_window_o <= value_i[16:0];
        4'd11:   down_window_o <= value_i[16:0];
        4'd12:   learn_potential_o <= value_i[15:0];
        4'd13:   {weight_max_o, weight_min_o} <= value_i[15:0];
        4'd14:   {eligibility_o, reward_o} <= value_i[WeightAddressBits+6:0];
        default: ;
      endcase
    end
  end

endmodule

`default_nettype wire
