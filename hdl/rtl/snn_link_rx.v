// snn_link_rx: finds frames in a stream of bytes and appends them to the ring; a frame counts only when it was perfect.
//
//   frame   a5 seq op len len crc8 payload[len] crc32[4]       into the ring: seq op len len payload[len]
//
// The first fault of any kind discards what was appended of the frame, and every byte from there on, until the line has
// been idle for 2^(TimeoutBits-3) cycles; then one complaint with the reason is raised and the next byte must start a
// frame. So no guess about where frames begin is ever needed. A frame that pauses for 2^TimeoutBits cycles is given up.
//
//   reason  1 start    a byte other than a5 where a frame begins      5 checksum  wrong CRC-32
//           2 line     the UART saw no stop bit                       6 timeout   the frame ended too early
//           3 header   wrong CRC-8                                    7 overflow  no room in the ring
//           4 length   more payload than the ring can hold
//
// Parameter    Default  Range   Meaning
// MaxPayload   508      508..32764  bytes; ring depth - 4, the depth a power of two
// TimeoutBits  19       4..31   see above
//
// Port             Dir  Unit    Meaning
// clk_i            in   clock   every register is on the rising edge
// rst_i            in   flag    synchronous, active high
// rx_valid_i       in   flag    a byte is offered
// rx_ready_o       out  flag    it is taken when both are high; low for 10 cycles after each byte
// rx_data_i        in   byte
// rx_error_i       in   flag    with rx_valid_i: the byte is damaged
// store_o          out  flag    append store_data_o to the ring
// store_data_o     out  byte
// full_i           in   flag    the ring has no room
// commit_o         out  flag    the appended bytes are a good frame
// discard_o        out  flag    the appended bytes count for nothing
// stop_o           out  flag    with commit_o: it is a STOP frame
// complaint_o      out  flag    high from the end of a faulty transmission until complaint_taken_i
// complaint_taken_i in  flag
// reason_o         out  reason  valid while complaint_o is high
//
// The format is defined in src/arch/packet.ts; the software twin is src/sim/virtual/link.ts.

`default_nettype none

module snn_link_rx #(
  parameter MaxPayload  = 508,
  parameter TimeoutBits = 19
) (
  input  wire       clk_i,
  input  wire       rst_i,
  input  wire       rx_valid_i,
  output wire       rx_ready_o,
  input  wire [7:0] rx_data_i,
  input  wire       rx_error_i,
  output wire       store_o,
  output wire [7:0] store_data_o,
  input  wire       full_i,
  output wire       commit_o,
  output wire       discard_o,
  output wire       stop_o,
  output wire       complaint_o,
  input  wire       complaint_taken_i,
  output wire [2:0] reason_o
);

  localparam [7:0] START_OF_FRAME = 8'ha5;
  localparam [7:0] OP_STOP = 8'h05;

  localparam [2:0] REASON_START    = 3'd1;
  localparam [2:0] REASON_LINE     = 3'd2;
  localparam [2:0] REASON_HEADER   = 3'd3;
  localparam [2:0] REASON_LENGTH   = 3'd4;
  localparam [2:0] REASON_CHECKSUM = 3'd5;
  localparam [2:0] REASON_TIMEOUT  = 3'd6;
  localparam [2:0] REASON_OVERFLOW = 3'd7;

  // index_q counts the bytes of the header (seq 0, op 1, length 2 and 3, crc 4) and of the tail (0..3)
  localparam [2:0] HUNT       = 3'd0;
  localparam [2:0] HEAD       = 3'd1;
  localparam [2:0] CHECK_HEAD = 3'd2;
  localparam [2:0] BODY       = 3'd3;
  localparam [2:0] TAIL       = 3'd4;
  localparam [2:0] CHECK_TAIL = 3'd5;
  localparam [2:0] DROP       = 3'd6;

  localparam LengthBits = $clog2(MaxPayload + 1);
  localparam [LengthBits-1:0] LENGTH_ONE = 1;
  localparam [TimeoutBits:0] TIMER_ONE = 1;

  reg [2:0]  state_q = HUNT;
  reg [2:0]  index_q = 3'd0;
  reg [LengthBits-1:0] left_q = 0;
  reg        huge_q = 1'b0;
  reg        stop_q = 1'b0;
  reg        complaint_q = 1'b0;
  reg [2:0]  reason_q = 3'd0;
  reg [TimeoutBits:0] timer_q = 0;

  wire crc_busy;
  wire [7:0] unused_head;
  wire [7:0] unused_sum;
  wire head_zero;
  wire match;
  wire checking = state_q == CHECK_HEAD || state_q == CHECK_TAIL;
  wire in_frame = state_q == HEAD || state_q == BODY || state_q == TAIL;
  wire take     = rx_valid_i && rx_ready_o;
  wire late     = timer_q[TimeoutBits];
  wire quiet    = late || timer_q[TimeoutBits-3];
  wire wanted   = (state_q == HEAD && index_q != 3'd4) || state_q == BODY;

  // MaxPayload is four less than a power of two
  wire too_long = &left_q[LengthBits-1:2] && left_q[1:0] != 2'd0;

  assign rx_ready_o   = !crc_busy && !checking;
  assign store_o      = take && wanted && !rx_error_i && !full_i;
  assign store_data_o = rx_data_i;
  assign commit_o     = state_q == CHECK_TAIL && !crc_busy && match;
  assign discard_o    = state_q == DROP;
  assign stop_o       = stop_q;
  assign complaint_o  = complaint_q;
  assign reason_o     = reason_q;

  snn_crc crc (
    .clk_i(clk_i),
    .clear_i(state_q == HUNT),
    .load_i(take && in_frame),
    .data_i(rx_data_i),
    .tail_i(state_q == TAIL),
    .busy_o(crc_busy),
    .head_o(unused_head),
    .head_zero_o(head_zero),
    .sum_o(unused_sum),
    .match_o(match)
  );

  always @(posedge clk_i) begin
    if (take) timer_q <= 0;
    else if (!late) timer_q <= timer_q + TIMER_ONE;

    if (complaint_taken_i) complaint_q <= 1'b0;

    case (state_q)
      HUNT: begin
        index_q <= 3'd0;
        if (take) begin
          state_q  <= HEAD;
          reason_q <= REASON_START;
          if (rx_data_i != START_OF_FRAME) state_q <= DROP;
        end
      end
      HEAD: if (take) begin
        index_q <= index_q + 3'd1;
        if (index_q == 3'd1) stop_q <= rx_data_i == OP_STOP;
        if (index_q == 3'd2) left_q[7:0] <= rx_data_i;
        if (index_q == 3'd3) {huge_q, left_q[LengthBits-1:8]} <= {|rx_data_i[7:LengthBits-8], rx_data_i[LengthBits-9:0]};
        if (index_q == 3'd4) state_q <= CHECK_HEAD;
      end
      CHECK_HEAD: begin
        index_q <= 3'd0;
        if (!crc_busy) begin
          state_q <= left_q == 0 ? TAIL : BODY;
          if (!head_zero) begin
            state_q  <= DROP;
            reason_q <= REASON_HEADER;
          end else if (huge_q || too_long) begin
            state_q  <= DROP;
            reason_q <= REASON_LENGTH;
          end
        end
      end
      BODY: if (take) begin
        left_q <= left_q - LENGTH_ONE;
        if (left_q == LENGTH_ONE) state_q <= TAIL;
      end
      TAIL: if (take) begin
        index_q <= index_q + 3'd1;
        if (index_q == 3'd3) state_q <= CHECK_TAIL;
      end
      CHECK_TAIL: if (!crc_busy) begin
        state_q <= HUNT;
        if (!match) begin
          state_q  <= DROP;
          reason_q <= REASON_CHECKSUM;
        end
      end
      DROP: if (quiet) begin
        state_q     <= HUNT;
        complaint_q <= 1'b1;
      end
      default: state_q <= DROP;
    endcase

    if (take && wanted && full_i) begin
      state_q  <= DROP;
      reason_q <= REASON_OVERFLOW;
    end
    if (in_frame && late) begin
      state_q  <= DROP;
      reason_q <= REASON_TIMEOUT;
    end
    if (take && rx_error_i && state_q != DROP) begin
      state_q  <= DROP;
      reason_q <= REASON_LINE;
    end
    if (rst_i) begin
      state_q     <= HUNT;
      complaint_q <= 1'b0;
    end
  end

endmodule

`default_nettype wire
