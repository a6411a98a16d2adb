// stand_in on the pins of an iCEBreaker, without a PLL.

`default_nettype none

module board_top (
  input  wire clk_pin_i,
  input  wire uart_rx_i,
  output wire uart_tx_o,
  output wire led_o
);
  wire [39:0] cycles;
  wire [7:0]  a;
  stand_in #(.BaudDivider(8)) core (
    .clk_i(clk_pin_i),
    .uart_rx_i(uart_rx_i),
    .uart_tx_o(uart_tx_o),
    .busy_o(led_o),
    .cycles_o(cycles),
    .a_o(a)
  );
endmodule

`default_nettype wire
