// snn_link_tx: wraps a reply into a frame.
//
//   frame   a5 seq op len len crc8 payload[len] crc32[4]
//
// begin_i starts a frame; seq_i, op_i and length_i must hold until the first payload byte is taken. Payload bytes are
// taken by valid/ready until end_i is high while none is offered. With digest_i, and no frame under way, bytes go into
// the CRC-32 only: that is how the content of a memory is summed without being sent; afterwards each byte taken with
// digest_tail_i brings the next byte of the sum to sum_o. The sum starts when digest_i rises.
//
// Port          Dir  Unit   Meaning
// clk_i         in   clock  every register is on the rising edge
// rst_i         in   flag   synchronous, active high
// begin_i       in   flag   one cycle, while idle_o is high
// seq_i         in   byte
// op_i          in   byte
// length_i      in   bytes
// digest_i      in   flag
// digest_tail_i in   flag
// byte_valid_i  in   flag   byte_i is offered
// byte_ready_o  out  flag   it is taken when both are high
// byte_i        in   byte
// end_i         in   flag   there is no further payload
// idle_o        out  flag   no frame is being sent
// sum_o         out  byte   next byte of the CRC-32
// tx_valid_o    out  flag   tx_data_o is to be sent
// tx_ready_i    in   flag   it is taken when both are high
// tx_data_o     out  byte

`default_nettype none

module snn_link_tx (
  input  wire        clk_i,
  input  wire        rst_i,
  input  wire        begin_i,
  input  wire [7:0]  seq_i,
  input  wire [7:0]  op_i,
  input  wire [15:0] length_i,
  input  wire        digest_i,
  input  wire        digest_tail_i,
  input  wire        byte_valid_i,
  output wire        byte_ready_o,
  input  wire [7:0]  byte_i,
  input  wire        end_i,
  output wire        idle_o,
  output wire [7:0]  sum_o,
  output wire        tx_valid_o,
  input  wire        tx_ready_i,
  output wire [7:0]  tx_data_o
);

  localparam [7:0] START_OF_FRAME = 8'ha5;

  localparam [3:0] IDLE    = 4'd0;
  localparam [3:0] START   = 4'd1;
  localparam [3:0] SEQ     = 4'd2;
  localparam [3:0] OP      = 4'd3;
  localparam [3:0] LOW     = 4'd4;
  localparam [3:0] HIGH    = 4'd5;
  localparam [3:0] CHECK   = 4'd6;
  // 7: payload
  localparam [3:0] LAST    = 4'd11;  // 8..11: CRC-32

  reg [3:0] part_q = IDLE;
  reg       body_q = 1'b0;       // part_q is PAYLOAD

  wire       crc_busy;
  wire [7:0] head;
  wire       unused_zero;
  wire       unused_match;
  wire       tail = part_q[3];
  wire       send = tx_valid_o && tx_ready_i;

  assign idle_o       = part_q == IDLE;
  assign tx_valid_o   = !crc_busy && !idle_o && (!body_q || byte_valid_i);
  assign byte_ready_o = body_q ? tx_ready_i && !crc_busy : digest_i && !crc_busy;

  reg [7:0] part_byte;
  always @(*) begin
    case (part_q)
      START:   part_byte = START_OF_FRAME;
      SEQ:     part_byte = seq_i;
      OP:      part_byte = op_i;
      LOW:     part_byte = length_i[7:0];
      HIGH:    part_byte = length_i[15:8];
      CHECK:   part_byte = head;
      default: part_byte = tail ? sum_o : byte_i;
    endcase
  end
  assign tx_data_o = part_byte;

  // the start byte is not summed: in its place the sums are cleared
  snn_crc crc (
    .clk_i(clk_i),
    .clear_i((idle_o && !digest_i) || part_q == START),
    .load_i((send && part_q != START) || (digest_i && byte_valid_i && byte_ready_o)),
    .data_i(part_byte),
    .tail_i(tail || digest_tail_i),
    .busy_o(crc_busy),
    .head_o(head),
    .head_zero_o(unused_zero),
    .sum_o(sum_o),
    .match_o(unused_match)
  );

  always @(posedge clk_i) begin
    if (idle_o) begin
      if (begin_i) part_q <= START;
    end else if (body_q) begin
      if (end_i && !byte_valid_i) begin
        part_q <= part_q + 4'd1;
        body_q <= 1'b0;
      end
    end else if (send) begin
      part_q <= part_q == LAST ? IDLE : part_q + 4'd1;
      body_q <= part_q == CHECK;
    end
    if (rst_i) begin
      part_q <= IDLE;
      body_q <= 1'b0;
    end
  end

`ifdef FORMAL
  // What is offered stays until it is taken; payload goes through without loss; nothing is sent while idle or dividing.
  (* anyconst *) reg [31:0] f_names;
  reg       f_waits = 1'b0;
  reg [7:0] f_byte;
  reg       f_offered = 1'b0;

  always @(*) begin
    if (!idle_o) assume ({seq_i, op_i, length_i} == f_names);
    if (!idle_o) assume (!digest_i && !digest_tail_i && !begin_i);
    assert (part_q <= LAST && body_q == (part_q == CHECK + 4'd1));
    if (tx_valid_o) assert (!idle_o && !crc_busy);
    if (f_waits) assert (tx_valid_o && tx_data_o == f_byte);
    if (f_offered) assert (body_q);
    if (body_q) assert ((byte_valid_i && byte_ready_o) == send);
    if (body_q && send) assert (tx_data_o == byte_i);
    if (!body_q && !idle_o) assert (!byte_ready_o);
  end

  always @(posedge clk_i) begin
    f_waits <= tx_valid_o && !tx_ready_i && !body_q && !rst_i;
    f_byte  <= tx_data_o;
    f_offered <= body_q && byte_valid_i && !rst_i;
    cover (part_q == OP && f_waits);
  end
`endif

endmodule

`default_nettype wire
