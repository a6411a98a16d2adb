// snn_crc: CRC-8 and CRC-32 of a stream of bytes, one bit a cycle.
//
// CRC-8:  x^8 + x^2 + x + 1, reflected, starts at 0xff (CRC-8/ROHC).
// CRC-32: IEEE 802.3, reflected, starts at 0xffffffff, inverted at the end.
// A byte loaded with tail_i shifts the CRC-32 out instead of being divided: a sender takes sum_o before each of the four
// tail bytes, a receiver loads the four received bytes and reads match_o. After the byte of a correct CRC-8 was loaded
// (without tail_i), head_zero_o is high.
//
// Port         Dir  Unit   Meaning
// clk_i        in   clock  every register is on the rising edge
// clear_i      in   flag   start over; only while busy_o is low
// load_i       in   flag   take data_i; only while busy_o is low
// data_i       in   byte   sent and received lowest bit first
// tail_i       in   flag   with load_i: shift the CRC-32 out
// busy_o       out  flag   the loaded byte is being divided, 8 cycles
// head_o       out  byte   CRC-8 of the bytes since clear_i
// head_zero_o  out  flag   head_o is 0
// sum_o        out  byte   next byte of the CRC-32, lowest first
// match_o      out  flag   every tail byte since clear_i was equal to the CRC-32
//
// The definitions are crc8 and crc32 of src/support/crc.ts.

`default_nettype none

module snn_crc (
  input  wire       clk_i,
  input  wire       clear_i,
  input  wire       load_i,
  input  wire [7:0] data_i,
  input  wire       tail_i,
  output wire       busy_o,
  output wire [7:0] head_o,
  output wire       head_zero_o,
  output wire [7:0] sum_o,
  output wire       match_o
);

  reg [7:0]  data_q = 8'd0;
  reg [3:0]  left_q = 4'd0;
  reg        tail_q = 1'b0;
  reg        match_q = 1'b1;
  reg [7:0]  crc8_q = 8'hff;
  reg [31:0] crc32_q = 32'hffffffff;

  assign busy_o      = left_q[3];
  assign head_o      = crc8_q;
  assign head_zero_o = crc8_q == 8'd0;
  assign sum_o       = ~crc32_q[7:0];
  assign match_o     = match_q;

  wire divide8  = crc8_q[0] ^ data_q[0];
  wire divide32 = (crc32_q[0] ^ data_q[0]) && !tail_q;

  // left_q counts 8..15: its top bit is busy and falls with the last bit
  always @(posedge clk_i) begin
    if (load_i) begin
      data_q <= data_i;
      tail_q <= tail_i;
      left_q <= 4'd8;
    end else if (busy_o) begin
      data_q <= {1'b0, data_q[7:1]};
      left_q <= left_q + 4'd1;
    end
    if (clear_i) begin
      crc8_q  <= 8'hff;
      crc32_q <= 32'hffffffff;
      match_q <= 1'b1;
    end else if (busy_o) begin
      crc8_q  <= {1'b0, crc8_q[7:1]} ^ (divide8 ? 8'he0 : 8'h00);
      crc32_q <= {1'b0, crc32_q[31:1]} ^ (divide32 ? 32'hedb88320 : 32'h00000000);
      if (tail_q && crc32_q[0] == data_q[0]) match_q <= 1'b0;
    end
  end

`ifdef FORMAL
  // after each bit, and so after a byte, both sums are those of bit-by-bit division of the byte that was loaded
  reg [7:0]  f_byte;
  reg [7:0]  f_start8;
  reg [31:0] f_start32;
  reg        f_loaded = 1'b0;
  integer    f_i;
  reg [7:0]  f_sum8;
  reg [31:0] f_sum32;
  wire [3:0] f_done = busy_o ? left_q - 4'd8 : 4'd8;

  always @(*) begin
    f_sum8  = f_start8;
    f_sum32 = f_start32;
    for (f_i = 0; f_i < 8; f_i = f_i + 1) begin
      if (f_i < f_done) begin
        f_sum8  = {1'b0, f_sum8[7:1]} ^ (f_sum8[0] ^ f_byte[f_i] ? 8'he0 : 8'h00);
        f_sum32 = {1'b0, f_sum32[31:1]} ^ (!tail_q && (f_sum32[0] ^ f_byte[f_i]) ? 32'hedb88320 : 32'h00000000);
      end
    end
    if (busy_o) assume (!load_i && !clear_i);
    assume (!(load_i && clear_i));
    if (f_loaded) assert (crc8_q == f_sum8);
    if (f_loaded) assert (crc32_q == f_sum32);
    if (f_loaded && busy_o) assert (data_q == f_byte >> f_done);
    if (busy_o) assert (f_loaded);
    assert (busy_o || left_q == 4'd0);
  end

  always @(posedge clk_i) begin
    if (load_i) begin
      f_byte    <= data_i;
      f_start8  <= crc8_q;
      f_start32 <= crc32_q;
      f_loaded  <= 1'b1;
    end
    if (clear_i) f_loaded <= 1'b0;
    cover (f_loaded && !busy_o && match_q && tail_q);
  end
`endif

endmodule

`default_nettype wire
