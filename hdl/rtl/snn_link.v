// snn_link: frames on a stream of bytes to the host bus and the input stream of a core, and back.
//
// snn_link_rx puts good frames into a ring of LinkDepth bytes, snn_link_command executes them, snn_link_tx sends the
// replies. Receiving, executing and sending go on at the same time. The byte streams carry what a UART would.
//
// Parameter       Default  Range            Meaning
// LinkDepth       512      512..32768       bytes of the ring, a power of two; 512 is one block RAM of an iCE40
// TimeoutBits     19       7..31            a frame that pauses for 2^TimeoutBits cycles is given up; after a fault the
//                                           line must be idle for 2^(TimeoutBits-3) cycles
// ParameterBytes  5        1..8             bytes of a word of each memory: wordBytes of src/arch/memory.ts
// PointerBytes    2        1..8
// ListBytes       3        1..8
// StateBytes      4        1..8
// WeightBytes     8        1..8
// AddressBits     16       13..16           bits of an address, and of the values wanted, that count; higher ones are ignored
//
// Port             Dir  Unit    Meaning
// clk_i            in   clock   every register is on the rising edge
// rst_i            in   flag    synchronous, active high
// rx_valid_i       in   flag    a byte is offered; rx_ready_o takes it. A UART, which cannot wait, needs 11 cycles a byte
// rx_data_i        in   byte
// rx_error_i       in   flag    with rx_valid_i: the byte is damaged
// tx_valid_o       out  flag    a byte is offered; tx_ready_i takes it
// tx_data_o        out  byte
// host_select_o    out  memory  host bus, see hdl/README.md: one word a cycle in host_write_o, host_read_o
// host_address_o   out  words
// host_write_o     out  flag
// host_wdata_o     out  word
// host_read_o      out  flag    answered by host_rvalid_i in a later cycle; one at a time
// host_rdata_i     in   word
// host_rvalid_i    in   flag
// value_valid_o    out  flag    an input value is offered; value_ready_i takes it
// value_o          out  value
// wanted_i         in   values  that the program still waits for, modulo 2^AddressBits
// waiting_i        in   flag    the program waits for input values
// running_i        in   flag    the program runs, or has taken values: memories are not to be touched
// done_i           in   flag    one cycle: the program executes `done`
// busy_o           out  flag    a frame is being executed
//
// The format is defined in src/arch/packet.ts; hdl/README.md, "The link", explains it; the twin is src/sim/virtual/link.ts.

`default_nettype none

module snn_link #(
  parameter LinkDepth      = 512,
  parameter TimeoutBits    = 19,
  parameter ParameterBytes = 5,
  parameter PointerBytes   = 2,
  parameter ListBytes      = 3,
  parameter StateBytes     = 4,
  parameter WeightBytes    = 8,
  parameter AddressBits    = 16
) (
  input  wire        clk_i,
  input  wire        rst_i,
  input  wire        rx_valid_i,
  output wire        rx_ready_o,
  input  wire [7:0]  rx_data_i,
  input  wire        rx_error_i,
  output wire        tx_valid_o,
  input  wire        tx_ready_i,
  output wire [7:0]  tx_data_o,
  output wire [2:0]  host_select_o,
  output wire [AddressBits-1:0] host_address_o,
  output wire        host_write_o,
  output wire [63:0] host_wdata_o,
  output wire        host_read_o,
  input  wire [63:0] host_rdata_i,
  input  wire        host_rvalid_i,
  output wire        value_valid_o,
  input  wire        value_ready_i,
  output wire [7:0]  value_o,
  input  wire [AddressBits-1:0] wanted_i,
  input  wire        waiting_i,
  input  wire        running_i,
  input  wire        done_i,
  output wire        busy_o
);

  // a stored frame is its payload and four bytes more
  localparam MaxPayload = LinkDepth - 4;

  localparam Wide1 = ParameterBytes > PointerBytes ? ParameterBytes : PointerBytes;
  localparam Wide2 = ListBytes > StateBytes ? ListBytes : StateBytes;
  localparam Wide3 = Wide1 > Wide2 ? Wide1 : Wide2;
  localparam Wide4 = WeightBytes > 4 ? WeightBytes : 4;
  localparam WordBytes = Wide3 > Wide4 ? Wide3 : Wide4;

  wire        store;
  wire [7:0]  store_data;
  wire        full;
  wire        commit;
  wire        discard;
  wire        stop;
  wire        complaint;
  wire        complaint_taken;
  wire [2:0]  reason;
  wire        ring_valid;
  wire [7:0]  ring_data;
  wire        ring_read;
  wire        tx_begin;
  wire [7:0]  tx_seq;
  wire [7:0]  tx_op;
  wire [15:0] tx_length;
  wire        tx_digest;
  wire        tx_digest_tail;
  wire        tx_byte_valid;
  wire        tx_byte_ready;
  wire [7:0]  tx_byte;
  wire        tx_end;
  wire        tx_idle;
  wire [7:0]  tx_sum;

  // a cycle late: the receiver stores a byte in eight cycles at most, because of its sums
  reg full_q = 1'b0;
  always @(posedge clk_i) full_q <= full && !rst_i;

  snn_link_rx #(
    .MaxPayload(MaxPayload),
    .TimeoutBits(TimeoutBits)
  ) receiver (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .rx_valid_i(rx_valid_i),
    .rx_ready_o(rx_ready_o),
    .rx_data_i(rx_data_i),
    .rx_error_i(rx_error_i),
    .store_o(store),
    .store_data_o(store_data),
    .full_i(full_q),
    .commit_o(commit),
    .discard_o(discard),
    .stop_o(stop),
    .complaint_o(complaint),
    .complaint_taken_i(complaint_taken),
    .reason_o(reason)
  );

  snn_byte_fifo #(
    .Depth(LinkDepth)
  ) ring (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .write_i(store),
    .data_i(store_data),
    .full_o(full),
    .commit_i(commit),
    .discard_i(discard),
    .read_i(ring_read),
    .valid_o(ring_valid),
    .data_o(ring_data)
  );

  snn_link_command #(
    .WordBytes(WordBytes),
    .ParameterBytes(ParameterBytes),
    .PointerBytes(PointerBytes),
    .ListBytes(ListBytes),
    .StateBytes(StateBytes),
    .WeightBytes(WeightBytes),
    .AddressBits(AddressBits),
    .MaxPayload(MaxPayload)
  ) command (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .ring_valid_i(ring_valid),
    .ring_data_i(ring_data),
    .ring_read_o(ring_read),
    .complaint_i(complaint),
    .reason_i(reason),
    .complaint_taken_o(complaint_taken),
    .stop_i(commit && stop),
    .tx_begin_o(tx_begin),
    .tx_seq_o(tx_seq),
    .tx_op_o(tx_op),
    .tx_length_o(tx_length),
    .tx_digest_o(tx_digest),
    .tx_digest_tail_o(tx_digest_tail),
    .tx_byte_valid_o(tx_byte_valid),
    .tx_byte_ready_i(tx_byte_ready),
    .tx_byte_o(tx_byte),
    .tx_end_o(tx_end),
    .tx_idle_i(tx_idle),
    .tx_sum_i(tx_sum),
    .host_select_o(host_select_o),
    .host_address_o(host_address_o),
    .host_write_o(host_write_o),
    .host_wdata_o(host_wdata_o),
    .host_read_o(host_read_o),
    .host_rdata_i(host_rdata_i),
    .host_rvalid_i(host_rvalid_i),
    .value_valid_o(value_valid_o),
    .value_ready_i(value_ready_i),
    .value_o(value_o),
    .wanted_i(wanted_i),
    .waiting_i(waiting_i),
    .running_i(running_i),
    .done_i(done_i),
    .busy_o(busy_o)
  );

  snn_link_tx sender (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .begin_i(tx_begin),
    .seq_i(tx_seq),
    .op_i(tx_op),
    .length_i(tx_length),
    .digest_i(tx_digest),
    .digest_tail_i(tx_digest_tail),
    .byte_valid_i(tx_byte_valid),
    .byte_ready_o(tx_byte_ready),
    .byte_i(tx_byte),
    .end_i(tx_end),
    .idle_o(tx_idle),
    .sum_o(tx_sum),
    .tx_valid_o(tx_valid_o),
    .tx_ready_i(tx_ready_i),
    .tx_data_o(tx_data_o)
  );

endmodule

`default_nettype wire
