// snn_byte_fifo: ring of bytes in one block RAM whose writes count only when they are committed.
//
// Bytes are appended with write_i. commit_i makes everything appended so far readable, discard_i takes back everything
// appended since the last commit. A byte appended in the cycle of a commit is not part of it.
//
// Parameter  Default  Range   Meaning
// Depth      512      2..64k  bytes, a power of two; 512 is one block RAM of an iCE40
//
// Port       Dir  Unit   Meaning
// clk_i      in   clock  every register is on the rising edge
// rst_i      in   flag   synchronous, active high
// write_i    in   flag   append data_i; only while full_o is low
// data_i     in   byte
// full_o     out  flag   no room; bytes not yet committed occupy room
// commit_i   in   flag   what was appended becomes readable
// discard_i  in   flag   what was appended and not committed is taken back; stronger than write_i and commit_i
// read_i     in   flag   drop the oldest byte; only while valid_o is high
// valid_o    out  flag   data_o is the oldest committed byte
// data_o     out  byte
//
// One byte a cycle each way; a committed byte is readable in the next cycle.

`default_nettype none

module snn_byte_fifo #(
  parameter Depth = 512
) (
  input  wire       clk_i,
  input  wire       rst_i,
  input  wire       write_i,
  input  wire [7:0] data_i,
  output wire       full_o,
  input  wire       commit_i,
  input  wire       discard_i,
  input  wire       read_i,
  output wire       valid_o,
  output wire [7:0] data_o
);

  localparam AddressWidth = $clog2(Depth);
  localparam [AddressWidth:0] ONE = 1;

  (* no_rw_check *) reg [7:0] mem [0:Depth-1];
  reg [7:0] data_q;

  // one bit more than an address: equal pointers are an empty ring, pointers that differ in the top bit only a full one
  reg [AddressWidth:0] write_q  = 0;
  reg [AddressWidth:0] commit_q = 0;
  reg [AddressWidth:0] read_q   = 0;

  // the second operand, 0 while counting, lets count and load fit one table of an iCE40 (see snn_counter)
  wire [AddressWidth+1:0] write_next = {write_q, 1'b1} + {{(AddressWidth+1){discard_i}}, 1'b1};
  wire unused_carry = &{1'b0, write_next[0]};

  wire [AddressWidth:0] read_d = read_i ? read_q + ONE : read_q;

  assign full_o  = write_q == {!read_q[AddressWidth], read_q[AddressWidth-1:0]};
  assign valid_o = read_q != commit_q;
  assign data_o  = data_q;

  // the oldest byte is fetched again in every cycle, so it is there as soon as it is committed; a byte that is being
  // written is never one that counts
  always @(posedge clk_i) begin
    if (write_i) mem[write_q[AddressWidth-1:0]] <= data_i;
    data_q <= mem[read_d[AddressWidth-1:0]];
  end

  always @(posedge clk_i) begin
    if (discard_i || write_i) write_q <= discard_i ? commit_q : write_next[AddressWidth+1:1];
    if (commit_i && !discard_i) commit_q <= write_q;
    read_q <= read_d;
    if (rst_i) begin
      write_q  <= 0;
      commit_q <= 0;
      read_q   <= 0;
    end
  end

`ifdef FORMAL
  // Holds for any traffic that respects full_o and valid_o: the pointers never cross, and what is read is what was
  // written at that place, committed and not discarded.
  wire [AddressWidth:0] f_level     = write_q - read_q;
  wire [AddressWidth:0] f_committed = commit_q - read_q;

  (* anyconst *) reg [AddressWidth:0] f_place;
  reg       f_known = 1'b0;
  reg [7:0] f_byte;
  wire [AddressWidth:0] f_ahead = f_place - read_q;

  always @(*) begin
    if (full_o) assume (!write_i);
    if (!valid_o) assume (!read_i);
    assert (f_level <= Depth);
    assert (f_committed <= f_level);
    if (f_known) assert (f_ahead < f_level);
    if (f_known) assert (mem[f_place[AddressWidth-1:0]] == f_byte);
    if (f_known && valid_o && f_ahead == 0) assert (data_o == f_byte);
  end

  always @(posedge clk_i) begin
    if (write_i && write_q == f_place) begin
      f_known <= 1'b1;
      f_byte  <= data_i;
    end
    if (read_i && f_ahead == 0) f_known <= 1'b0;
    if (discard_i && f_ahead >= f_committed) f_known <= 1'b0;
    if (rst_i) f_known <= 1'b0;
    cover (full_o && valid_o && f_known);
  end
`endif

endmodule

`default_nettype wire
