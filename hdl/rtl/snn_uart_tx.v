// snn_uart_tx: sends bytes as UART characters: one start bit, eight data bits lowest first, one stop bit.
//
// A bit lasts Divider + Fraction / 16 cycles on average.
//
// Parameter  Default  Range     Meaning
// Divider    36       4..65535  clock cycles a bit, whole part
// Fraction   0        0..15     sixteenths of a cycle
//
// Port     Dir  Unit   Meaning
// clk_i    in   clock  every register is on the rising edge
// rst_i    in   flag   synchronous, active high; cuts a character short
// valid_i  in   flag   data_i is to be sent
// ready_o  out  flag   the byte is taken when valid_i is high too
// data_i   in   byte
// tx_o     out  level  the line, high when idle
//
// 10 bits a byte without a gap.

`default_nettype none

module snn_uart_tx #(
  parameter Divider  = 36,
  parameter Fraction = 0
) (
  input  wire       clk_i,
  input  wire       rst_i,
  input  wire       valid_i,
  output wire       ready_o,
  input  wire [7:0] data_i,
  output wire       tx_o
);

  localparam CountWidth = $clog2(Divider + 1);
  localparam Last = Divider - 1;
  localparam [CountWidth-1:0] LAST = Last[CountWidth-1:0];
  localparam [CountWidth-1:0] ONE  = 1;
  localparam [4:0] PART = Fraction[4:0];

  reg [CountWidth-1:0] count_q = 0;
  reg [3:0] part_q = 4'd0;
  reg [8:0] shift_q = 9'h1ff;
  reg [3:0] bits_q = 4'd0;
  reg       busy_q = 1'b0;      // bits_q is not 0

  wire bit_end = count_q == 0;
  wire [4:0] part_sum = {1'b0, part_q} + PART;

  assign ready_o = !busy_q;
  assign tx_o    = shift_q[0];

  always @(posedge clk_i) begin
    if (!busy_q) begin
      count_q <= LAST;
      if (valid_i) begin
        busy_q  <= 1'b1;
        shift_q <= {data_i, 1'b0};
        bits_q  <= 4'd10;
      end
    end else if (!bit_end) begin
      count_q <= count_q - ONE;
    end else begin
      count_q <= part_sum[4] ? LAST + ONE : LAST;
      part_q  <= part_sum[3:0];
      shift_q <= {1'b1, shift_q[8:1]};
      bits_q  <= bits_q - 4'd1;
      busy_q  <= bits_q != 4'd1;
    end
    if (rst_i) begin
      bits_q  <= 4'd0;
      busy_q  <= 1'b0;
      shift_q <= 9'h1ff;
    end
  end

endmodule

`default_nettype wire
