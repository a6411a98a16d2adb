// snn_pass_registers: the registers that `set` loads (src/arch/isa.ts, passRegisters).
//
// Addresses are kept modulo the memory they point into, so their upper bits cost nothing.
//
// Parameter             Default  Range  Meaning
// QuotientBits          4        1..8   divider stages, so bits of the fire mask
// IndexBits             12       1..16  bits of a neuron index
// ListPointerBits       12       2..17  bits of a list address that may be one past the end
// PointerAddressBits    10       1..16
// ParameterAddressBits  9        1..16
// StateAddressBits      10       1..16
// WeightAddressBits     14       1..16
//
// Port        Dir  Unit   Meaning
// clk_i       in   clock
// set_i       in   flag   load register register_i with value_i
// register_i  in   index
// value_i     in   bits   the fields, packed as in the instruction
// *_o         out         the fields, valid from the cycle after the load; *_n_o: complements, which are only compared

`default_nettype none

module snn_pass_registers #(
  parameter QuotientBits         = 4,
  parameter IndexBits            = 12,
  parameter ListPointerBits      = 12,
  parameter PointerAddressBits   = 10,
  parameter ParameterAddressBits = 9,
  parameter StateAddressBits     = 10,
  parameter WeightAddressBits    = 14
) (
  input  wire                            clk_i,
  input  wire                            set_i,
  input  wire [3:0]                      register_i,
  input  wire [21:0]                     value_i,
  output reg  [11:0]                     source_width_o,
  output reg  [9:0]                      source_height_n_o,
  output reg  [11:0]                     kernel_width_o,
  output reg  [7:0]                      kernel_rows_o,
  output reg  [11:0]                     origin_x_o,
  output reg  [9:0]                      origin_y_o,
  output reg  [PointerAddressBits-1:0]   origin_pointer_o,
  output reg  [WeightAddressBits-1:0]    weight_base_o,
  output reg  [WeightAddressBits-1:0]    row_step_o,
  output reg  [10:0]                     grid_columns_o,
  output reg  [10:0]                     grid_rows_o,
  output reg  [3:0]                      window_columns_o,
  output reg  [3:0]                      window_rows_o,
  output reg  [9:0]                      window_groups_o,
  output reg  [5:0]                      lanes_visit_o,
  output reg  [5:0]                      lanes_last_o,
  output reg  [5:0]                      lanes_position_o,
  output reg  [ParameterAddressBits-1:0] parameters_o,
  output reg  [StateAddressBits-1:0]     state_o,
  output reg  [QuotientBits-1:0]         fire_mask_o,
  output reg  [7:0]                      fire_max_n_o,
  output reg  [ListPointerBits-1:0]      list_o,
  output reg  [PointerAddressBits-1:0]   pointer_o,
  output reg  [IndexBits:0]              channels_o,
  output reg  [IndexBits-1:0]            index_o
);

  always @(posedge clk_i) begin
    if (set_i) begin
      case (register_i)
        4'd0:  {source_height_n_o, source_width_o} <= {~value_i[21:12], value_i[11:0]};
        4'd1:  {kernel_rows_o, kernel_width_o} <= value_i[19:0];
        4'd2:  {origin_y_o, origin_x_o} <= value_i[21:0];
        4'd3:  origin_pointer_o <= value_i[PointerAddressBits-1:0];
        4'd4:  weight_base_o <= value_i[WeightAddressBits-1:0];
        4'd5:  row_step_o <= value_i[WeightAddressBits-1:0];
        4'd6:  {grid_rows_o, grid_columns_o} <= value_i[21:0];
        4'd7:  {window_groups_o, window_rows_o, window_columns_o} <= value_i[17:0];
        4'd8:  {lanes_position_o, lanes_last_o, lanes_visit_o} <= value_i[17:0];
        4'd9:  parameters_o <= value_i[ParameterAddressBits-1:0];
        4'd10: state_o <= value_i[StateAddressBits-1:0];
        4'd11: begin
          fire_mask_o <= value_i[QuotientBits-1:0];
          fire_max_n_o <= ~value_i[15:8];
        end
        4'd12: list_o <= value_i[ListPointerBits-1:0];
        4'd13: pointer_o <= value_i[PointerAddressBits-1:0];
        4'd14: channels_o <= value_i[IndexBits:0];
        4'd15: index_o <= value_i[IndexBits-1:0];
      endcase
    end
  end

endmodule

`default_nettype wire
