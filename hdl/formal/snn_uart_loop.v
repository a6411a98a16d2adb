// snn_uart_loop: a sender and a receiver on one line, for a proof that what is heard is what was said.

`default_nettype none

module snn_uart_loop #(
  parameter Divider  = 4,
  parameter Fraction = 0
) (
  input wire       clk_i,
  input wire       valid_i,
  input wire [7:0] data_i
);

  wire       ready, line, heard, damaged;
  wire [7:0] data;

  snn_uart_tx #(
    .Divider (Divider),
    .Fraction(Fraction)
  ) sender (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .valid_i(valid_i),
    .ready_o(ready),
    .data_i (data_i),
    .tx_o   (line)
  );

  snn_uart_rx #(
    .Divider (Divider),
    .Fraction(Fraction)
  ) receiver (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .rx_i   (line),
    .valid_o(heard),
    .data_o (data),
    .error_o(damaged)
  );

  // bytes on their way, the older one first: the receiver may be a few cycles behind
  reg [1:0] under_way_q = 2'd0;
  reg [7:0] older_q;
  reg [7:0] newer_q;
  wire      said = valid_i && ready;

  always @(*) begin
    assert (under_way_q <= 2'd2);
    if (heard) assert (under_way_q != 2'd0 && data == older_q && !damaged);
  end

  always @(posedge clk_i) begin
    under_way_q <= under_way_q + {1'b0, said} - {1'b0, heard};
    if (said) newer_q <= data_i;
    if (said && under_way_q - {1'b0, heard} == 2'd0) older_q <= data_i;
    else if (heard) older_q <= newer_q;
    cover (heard && data == 8'h5a);
  end

endmodule

`default_nettype wire
