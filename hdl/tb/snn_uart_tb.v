// snn_uart_tb: snn_uart_rx hears a sender with another clock, and snn_uart_tx is heard by snn_uart_rx.
//
// Plusargs: +bit=PS length of the sender's bits in picoseconds; a cycle has 10000. +glitch=1 inverts the line for 8 ns,
// less than a cycle, in the middle of start and data bits and once on the idle line. Prints the verdict
//   heard N bad N errors N loop N bad N cycles N
// heard: bytes from the sender, of 256; errors: characters without stop bit (two are sent, one of them a long break);
// loop: bytes of snn_uart_tx, of 256, and the cycles that they took.

`timescale 1ns / 1ps
`default_nettype none

module snn_uart_tb #(
  parameter Divider  = 12,
  parameter Fraction = 0
);

  reg clk = 1'b0;
  always #5 clk = !clk;

  reg line = 1'b1;
  wire heard_valid;
  wire [7:0] heard;
  wire heard_error;
  snn_uart_rx #(
    .Divider(Divider),
    .Fraction(Fraction)
  ) receiver (
    .clk_i(clk),
    .rst_i(1'b0),
    .rx_i(line),
    .valid_o(heard_valid),
    .data_o(heard),
    .error_o(heard_error)
  );

  reg tx_valid = 1'b0;
  wire tx_ready;
  reg [7:0] tx_data = 8'd0;
  wire tx;
  wire loop_valid;
  wire [7:0] loop_data;
  wire loop_error;
  snn_uart_tx #(
    .Divider(Divider),
    .Fraction(Fraction)
  ) sender (
    .clk_i(clk),
    .rst_i(1'b0),
    .valid_i(tx_valid),
    .ready_o(tx_ready),
    .data_i(tx_data),
    .tx_o(tx)
  );
  snn_uart_rx #(
    .Divider(Divider),
    .Fraction(Fraction)
  ) looped (
    .clk_i(clk),
    .rst_i(1'b0),
    .rx_i(tx),
    .valid_o(loop_valid),
    .data_o(loop_data),
    .error_o(loop_error)
  );

  integer bit_ps;
  integer glitch;
  integer heard_count = 0;
  integer heard_bad = 0;
  integer errors = 0;
  integer loop_count = 0;
  integer loop_bad = 0;
  integer loop_cycles = 0;
  integer n;
  integer i;
  realtime half;

  // bytes in an order without much order
  function [7:0] pattern(input integer number);
    pattern = number * 167 + 89;
  endfunction

  always @(posedge clk) begin
    if (heard_valid && heard_error) errors = errors + 1;
    if (heard_valid && !heard_error) begin
      if (heard != pattern(heard_count)) heard_bad = heard_bad + 1;
      heard_count = heard_count + 1;
    end
    if (loop_valid) begin
      if (loop_error || loop_data != pattern(loop_count)) loop_bad = loop_bad + 1;
      loop_count = loop_count + 1;
    end
    if (loop_count < 256) loop_cycles = loop_cycles + 1;
  end

  task send_bit(input level);
    begin
      line = level;
      #(half);
      if (glitch != 0) begin
        line = !level;
        #8 line = level;
        #(half - 8);
      end else begin
        #(half);
      end
    end
  endtask

  task send(input [7:0] data, input stop);
    begin
      send_bit(1'b0);
      for (i = 0; i < 8; i = i + 1) send_bit(data[i]);
      line = stop;
      #(half * 2);
    end
  endtask

  initial begin
    tx_valid = 1'b1;
    tx_data = pattern(0);
    for (n = 1; n < 256; n = n + 1) begin
      @(posedge clk);
      while (!tx_ready) @(posedge clk);
      #1 tx_data = pattern(n);
    end
    @(posedge clk);
    while (!tx_ready) @(posedge clk);
    #1 tx_valid = 1'b0;
  end

  integer k;
  initial begin
    if (!$value$plusargs("bit=%d", bit_ps)) bit_ps = Divider * 10000;
    if (!$value$plusargs("glitch=%d", glitch)) glitch = 0;
    half = bit_ps / 2000.0;
    #100;
    for (k = 0; k < 128; k = k + 1) send(pattern(k), 1'b1);
    send(8'h5a, 1'b0);
    line = 1'b1;
    #(half * 4);
    if (glitch != 0) begin
      line = 1'b0;
      #8 line = 1'b1;
    end
    #(half * 4);
    line = 1'b0;
    #(half * 60);
    line = 1'b1;
    #(half * 4);
    for (k = 128; k < 256; k = k + 1) begin
      send(pattern(k), 1'b1);
      if (k % 3 == 0) #(half * 2);
    end
    line = 1'b1;
    #(half * 40);
    while (loop_count < 256) @(posedge clk);
    $display("heard %0d bad %0d errors %0d loop %0d bad %0d cycles %0d",
             heard_count, heard_bad, errors, loop_count, loop_bad, loop_cycles);
    $finish;
  end

endmodule

`default_nettype wire
