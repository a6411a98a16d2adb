// snn_counter: counts up from a loaded value. One logic cell of an iCE40 a bit, the load included.
//
// The load signal is also the second operand of the adder: its carries are rubbish while it loads, but then nobody looks
// at the sum, and sum and load fit one four-input table. The step is the carry in, so that no clock enable is needed
// (eight such cells and a local enable do not fit one tile). For counting down, keep the complement.
//
// Parameter  Default  Range  Meaning
// Width      16       1..32
//
// Port     Dir  Unit   Meaning
// clk_i    in   clock
// load_i   in   flag   value_o becomes value_i; wins over count_i
// value_i  in   bits
// count_i  in   flag   value_o grows by 1
// value_o  out  bits

`default_nettype none

module snn_counter #(
  parameter Width = 16
) (
  input  wire             clk_i,
  input  wire             load_i,
  input  wire [Width-1:0] value_i,
  input  wire             count_i,
  output wire [Width-1:0] value_o
);

  reg  [Width-1:0] value_q = {Width{1'b0}};
  // 1 + count_i, not count_i twice: nextpnr's router may not end when one net enters both inputs of a carry
  wire [Width:0]   next    = {value_q, 1'b1} + {{Width{load_i}}, count_i};

  assign value_o = value_q;

  wire unused_carry = &{1'b0, next};

  always @(posedge clk_i) value_q <= load_i ? value_i : next[Width:1];

`ifdef FORMAL
  reg             f_started = 1'b0;
  reg [Width-1:0] f_value = {Width{1'b0}};

  always @(posedge clk_i) begin
    f_started <= 1'b1;
    f_value   <= load_i ? value_i : value_o + {{(Width-1){1'b0}}, count_i};
    cover (f_started && value_o == 3 && !load_i && count_i);
  end

  always @(*) begin
    assert (value_o == f_value);
  end
`endif

endmodule

`default_nettype wire
