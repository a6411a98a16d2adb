// Top of Alchitry Cu: clock, reset and pins around the core. Written by spikewright.
// Core clock 75 MHz, UART 1000000 baud.

`default_nettype none

module board_top (
  input  wire clk_pin_i,
  input  wire uart_rx_i,
  output wire uart_tx_o,
  output wire led_led0_o,
  output wire led_led1_o,
  output wire led_led2_o,
  output wire led_led3_o,
  output wire led_led4_o,
  output wire led_led5_o,
  output wire led_led6_o,
  output wire led_led7_o
);

  wire clk;
  wire locked;
  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR(4'd0),
    .DIVF(7'd5),
    .DIVQ(3'd3),
    .FILTER_RANGE(3'd5)
  ) pll (
    .PACKAGEPIN(clk_pin_i),
    .PLLOUTGLOBAL(clk),
    .LOCK(locked),
    .RESETB(1'b1),
    .BYPASS(1'b0)
  );

  // reset until the clock has been stable for 128 cycles
  reg [1:0] locked_q = 2'b00;
  reg [7:0] stable_q = 8'd0;
  wire rst = !stable_q[7];
  always @(posedge clk) begin
    locked_q <= {locked_q[0], locked};
    if (!locked_q[1]) stable_q <= 8'd0;
    else if (rst) stable_q <= stable_q + 8'd1;
  end

  wire busy;
  assign led_led0_o = busy;
  assign led_led1_o = 1'b0;
  assign led_led2_o = 1'b0;
  assign led_led3_o = 1'b0;
  assign led_led4_o = 1'b0;
  assign led_led5_o = 1'b0;
  assign led_led6_o = 1'b0;
  assign led_led7_o = 1'b0;

  snn_system #(
    .Lanes(8),
    .WeightBits(4),
    .AccumulatorBits(20),
    .MembraneBits(24),
    .ThresholdBits(16),
    .QuotientBits(4),
    .IndexBits(12),
    .WeightDepth(2048),
    .ListDepth(1024),
    .PointerDepth(256),
    .ParameterDepth(256),
    .StateDepth(256),
    .ProgramDepth(256),
    .LinkDepth(512),
    .Technology("ice40hx"),
    .BaudDivider(75),
    .BaudFraction(0)
  ) core (
    .clk_i(clk),
    .rst_i(rst),
    .uart_rx_i(uart_rx_i),
    .uart_tx_o(uart_tx_o),
    .busy_o(busy)
  );

endmodule

`default_nettype wire
