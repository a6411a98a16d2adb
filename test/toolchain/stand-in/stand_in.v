// stand_in: a small design that uses every cell the core uses, driven over a UART.
//
// A command is three bytes: operation, a, d. Each is answered with one byte.
//   0  a ^ d                    4  row a of the SPRAM, low byte ^ high byte
//   1  block RAM[a] = d         5  accumulator += a * d (signed), low byte
//   2  block RAM[a]             6  accumulator, high byte
//   3  SPRAM[a] = {a, d}        7  accumulator = 0; low byte of the number of bytes received
//
// `busy_o` is high while an answer is being sent; `cycles_o` counts clock cycles, `a_o` shows the operand.

`default_nettype none

module stand_in #(
  parameter BaudDivider = 8
) (
  input  wire        clk_i,
  input  wire        uart_rx_i,
  output wire        uart_tx_o,
  output wire        busy_o,
  output reg  [39:0] cycles_o,
  output wire [7:0]  a_o
);

  initial cycles_o = 40'd0;
  always @(posedge clk_i) cycles_o <= cycles_o + 40'd1;

  // receive
  reg [1:0]  sync_q = 2'b11;
  reg [15:0] rx_count_q = 16'd0;
  reg [3:0]  rx_bit_q = 4'd0;
  reg [7:0]  rx_data_q = 8'd0;
  reg        rx_valid_q = 1'b0;
  always @(posedge clk_i) begin
    sync_q <= {sync_q[0], uart_rx_i};
    rx_valid_q <= 1'b0;
    if (rx_bit_q == 4'd0) begin
      rx_count_q <= BaudDivider / 2;
      if (!sync_q[1]) rx_bit_q <= 4'd10;
    end else if (rx_count_q != 16'd0) begin
      rx_count_q <= rx_count_q - 16'd1;
    end else begin
      rx_count_q <= BaudDivider - 1;
      rx_bit_q <= rx_bit_q - 4'd1;
      if (rx_bit_q != 4'd10 && rx_bit_q != 4'd1) rx_data_q <= {sync_q[1], rx_data_q[7:1]};
      rx_valid_q <= rx_bit_q == 4'd1;
    end
  end

  // collect three bytes
  reg [1:0] phase_q = 2'd0;
  reg [7:0] op_q = 8'd0;
  reg [7:0] a_q = 8'd0;
  reg [7:0] d_q = 8'd0;
  reg [7:0] bytes_q = 8'd0;
  reg       start_q = 1'b0;
  assign a_o = a_q;
  always @(posedge clk_i) begin
    start_q <= 1'b0;
    if (rx_valid_q) begin
      bytes_q <= bytes_q + 8'd1;
      phase_q <= phase_q == 2'd2 ? 2'd0 : phase_q + 2'd1;
      if (phase_q == 2'd0) op_q <= rx_data_q;
      if (phase_q == 2'd1) a_q <= rx_data_q;
      if (phase_q == 2'd2) d_q <= rx_data_q;
      start_q <= phase_q == 2'd2;
    end
  end

  // memories and multiplier; results are read three cycles after start
  reg [7:0] ram [0:255];
  reg [7:0] ram_q;
  integer i;
  initial for (i = 0; i < 256; i = i + 1) ram[i] = i * 7 + 3;
  always @(posedge clk_i) begin
    if (start_q && op_q == 8'd1) ram[a_q] <= d_q;
    ram_q <= ram[a_q];
  end

  wire [15:0] spram_q;
  stand_in_spram spram (
    .clk_i(clk_i),
    .write_i(start_q && op_q == 8'd3),
    .address_i({6'd0, a_q}),
    .data_i({a_q, d_q}),
    .data_o(spram_q)
  );

  wire [31:0] product;
  stand_in_mac mac (.clk_i(clk_i), .a_i({{8{a_q[7]}}, a_q}), .b_i({{8{d_q[7]}}, d_q}), .product_o(product));

  reg [2:0]  wait_q = 3'd0;
  reg [15:0] sum_q = 16'd0;
  always @(posedge clk_i) begin
    wait_q <= {wait_q[1:0], start_q};
    if (wait_q[2]) sum_q <= op_q == 8'd7 ? 16'd0 : op_q == 8'd5 ? sum_q + product[15:0] : sum_q;
  end

  // answer
  wire [15:0] sum_next = sum_q + product[15:0];
  wire [7:0] answer =
    op_q == 8'd0 ? a_q ^ d_q :
    op_q == 8'd1 ? d_q :
    op_q == 8'd2 ? ram_q :
    op_q == 8'd3 ? a_q :
    op_q == 8'd4 ? spram_q[7:0] ^ spram_q[15:8] :
    op_q == 8'd5 ? sum_next[7:0] :
    op_q == 8'd6 ? sum_q[15:8] : bytes_q;

  // transmit
  reg [9:0]  tx_shift_q = 10'h3ff;
  reg [15:0] tx_count_q = 16'd0;
  reg [3:0]  tx_bit_q = 4'd0;
  assign uart_tx_o = tx_shift_q[0];
  assign busy_o = tx_bit_q != 4'd0;
  always @(posedge clk_i) begin
    if (wait_q[2]) begin
      tx_shift_q <= {1'b1, answer, 1'b0};
      tx_bit_q <= 4'd10;
      tx_count_q <= BaudDivider - 1;
    end else if (tx_bit_q != 4'd0) begin
      if (tx_count_q != 16'd0) tx_count_q <= tx_count_q - 16'd1;
      else begin
        tx_count_q <= BaudDivider - 1;
        tx_shift_q <= {1'b1, tx_shift_q[9:1]};
        tx_bit_q <= tx_bit_q - 4'd1;
      end
    end
  end

endmodule

`default_nettype wire
