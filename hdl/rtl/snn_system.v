// snn_system: link and core behind a UART; what a board top instantiates.
//
// Parameter       Default    Meaning
// Lanes .. LinkDepth         as in snn_core; src/arch/core-config.ts
// Technology      "generic"  "generic", "ice40up" or "ice40hx"
// BaudDivider     36         clock cycles a bit of the UART, whole part; 8 or more for its full tolerance, at least 4
// BaudFraction    0          sixteenths of a cycle
//
// Port       Dir  Unit   Meaning
// clk_i      in   clock
// rst_i      in   flag   synchronous, active high
// uart_rx_i  in   level  from the host, idle high; synchronised here
// uart_tx_o  out  level  to the host
// busy_o     out  flag   a frame is being executed, or the program runs

`default_nettype none

module snn_system #(
  parameter Lanes           = 16,
  parameter WeightBits      = 4,
  parameter AccumulatorBits = 16,
  parameter MembraneBits    = 24,
  parameter ThresholdBits   = 16,
  parameter QuotientBits    = 4,
  parameter IndexBits       = 12,
  parameter WeightDepth     = 16384,
  parameter ListDepth       = 2048,
  parameter PointerDepth    = 1024,
  parameter ParameterDepth  = 512,
  parameter StateDepth      = 1024,
  parameter ProgramDepth    = 256,
  parameter LinkDepth       = 512,
  parameter Dynamics        = 0,
  parameter Learning        = 0,
  parameter Scatter         = 0,
  parameter Technology      = "generic",
  parameter BaudDivider     = 36,
  parameter BaudFraction    = 0
) (
  input  wire clk_i,
  input  wire rst_i,
  input  wire uart_rx_i,
  output wire uart_tx_o,
  output wire busy_o
);

  localparam TechnologyNumber = Technology == "ice40up" ? 1 : Technology == "ice40hx" ? 2 : 0;
  // a frame may pause for 1024 byte times or more: timeoutBits of src/arch/packet.ts
  localparam TimeoutBits = $clog2(BaudDivider * 10240);

  wire       rx_valid;
  wire [7:0] rx_data;
  wire       rx_error;
  wire       tx_valid;
  wire       tx_ready;
  wire [7:0] tx_data;
  wire       unused_rx_ready;

  snn_uart_rx #(
    .Divider(BaudDivider),
    .Fraction(BaudFraction)
  ) receiver (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .rx_i(uart_rx_i),
    .valid_o(rx_valid),
    .data_o(rx_data),
    .error_o(rx_error)
  );

  snn_uart_tx #(
    .Divider(BaudDivider),
    .Fraction(BaudFraction)
  ) sender (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .valid_i(tx_valid),
    .ready_o(tx_ready),
    .data_i(tx_data),
    .tx_o(uart_tx_o)
  );

  // a character takes 40 cycles or more, a byte of a frame 11: rx_ready_o is always high in time
  snn_link_core #(
    .Lanes(Lanes),
    .WeightBits(WeightBits),
    .AccumulatorBits(AccumulatorBits),
    .MembraneBits(MembraneBits),
    .ThresholdBits(ThresholdBits),
    .QuotientBits(QuotientBits),
    .IndexBits(IndexBits),
    .WeightDepth(WeightDepth),
    .ListDepth(ListDepth),
    .PointerDepth(PointerDepth),
    .ParameterDepth(ParameterDepth),
    .StateDepth(StateDepth),
    .ProgramDepth(ProgramDepth),
    .LinkDepth(LinkDepth),
    .Dynamics(Dynamics),
    .Learning(Learning),
    .Scatter(Scatter),
    .Technology(TechnologyNumber),
    .TimeoutBits(TimeoutBits)
  ) node (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .rx_valid_i(rx_valid),
    .rx_ready_o(unused_rx_ready),
    .rx_data_i(rx_data),
    .rx_error_i(rx_error),
    .tx_valid_o(tx_valid),
    .tx_ready_i(tx_ready),
    .tx_data_o(tx_data),
    .busy_o(busy_o)
  );

endmodule

`default_nettype wire
