// snn_uart_rx: receives UART characters: one start bit, eight data bits lowest first, one stop bit.
//
// Every bit is the majority of three samples at 3/8, 4/8 and 5/8 of its length, counted from the falling edge of the
// start bit; a start bit without majority is noise. A bit lasts Divider + Fraction / 16 cycles on average. The next
// start bit may come as soon as the stop bit has been sampled, so a sender that is 3 % too fast is understood.
//
// Parameter  Default  Range     Meaning
// Divider    36       4..65535  clock cycles a bit, whole part; 8 or more for the full tolerance
// Fraction   0        0..15     sixteenths of a cycle
//
// Port     Dir  Unit   Meaning
// clk_i    in   clock  every register is on the rising edge
// rst_i    in   flag   synchronous, active high
// rx_i     in   level  the line, high when idle; synchronised here
// valid_o  out  flag   one cycle: a character has ended
// data_o   out  byte   its data
// error_o  out  flag   with valid_o: the stop bit was low; nothing is received until the line is high again

`default_nettype none

module snn_uart_rx #(
  parameter Divider  = 36,
  parameter Fraction = 0
) (
  input  wire       clk_i,
  input  wire       rst_i,
  input  wire       rx_i,
  output wire       valid_o,
  output wire [7:0] data_o,
  output wire       error_o
);

  localparam CountWidth = $clog2(Divider + 1);
  localparam Spread = Divider < 16 ? 1 : Divider / 8;
  localparam Last   = Divider - 1;
  // the edge is seen half a cycle late on average
  localparam Second = (Divider - 1) / 2;
  localparam First  = Second - Spread;
  localparam Third  = Second + Spread;
  localparam [CountWidth-1:0] LAST   = Last[CountWidth-1:0];
  localparam [CountWidth-1:0] FIRST  = First[CountWidth-1:0];
  localparam [CountWidth-1:0] SECOND = Second[CountWidth-1:0];
  localparam [CountWidth-1:0] THIRD  = Third[CountWidth-1:0];
  localparam [CountWidth-1:0] ONE    = 1;
  localparam [4:0] PART = Fraction[4:0];

  reg [1:0] sync_q = 2'b11;
  wire      line = sync_q[0];

  // bits_q: 0 waits for a start bit, 1 start bit, 2..9 data, 10 stop bit, 15 waits for a high line
  reg [3:0] bits_q = 4'd0;
  reg [CountWidth-1:0] count_q = 0;
  reg [3:0] part_q = 4'd0;
  reg       extra_q = 1'b0;
  reg [1:0] ones_q = 2'd0;
  reg [7:0] data_q = 8'd0;
  reg       valid_q = 1'b0;
  reg       error_q = 1'b0;

  wire [4:0] part_sum = {1'b0, part_q} + PART;
  wire bit_end = extra_q ? count_q == LAST + ONE : count_q == LAST;
  wire vote    = count_q == THIRD;
  wire sample  = count_q == FIRST || count_q == SECOND;
  // ones of the first two samples and the present one: two of three decide
  wire level   = ones_q[1] || (ones_q[0] && line);

  assign valid_o = valid_q;
  assign data_o  = data_q;
  assign error_o = error_q;

  always @(posedge clk_i) begin
    sync_q  <= {rx_i, sync_q[1]};
    valid_q <= 1'b0;
    if (bits_q == 4'd0) begin
      count_q <= ONE;
      part_q  <= 4'd0;
      extra_q <= 1'b0;
      ones_q  <= 2'd0;
      if (!line) bits_q <= 4'd1;
    end else if (bits_q == 4'd15) begin
      if (line) bits_q <= 4'd0;
    end else begin
      if (bit_end) begin
        count_q <= 0;
        part_q  <= part_sum[3:0];
        extra_q <= part_sum[4];
        ones_q  <= 2'd0;
        bits_q  <= bits_q + 4'd1;
      end else begin
        count_q <= count_q + ONE;
        if (sample && line) ones_q <= ones_q[0] ? 2'd2 : 2'd1;
      end
      if (vote) begin
        if (bits_q == 4'd1) begin
          if (level) bits_q <= 4'd0;
        end else if (bits_q == 4'd10) begin
          valid_q <= 1'b1;
          error_q <= !level;
          bits_q  <= level ? 4'd0 : 4'd15;
        end else begin
          data_q <= {level, data_q[7:1]};
        end
      end
    end
    if (rst_i) begin
      bits_q  <= 4'd0;
      valid_q <= 1'b0;
    end
  end

endmodule

`default_nettype wire
