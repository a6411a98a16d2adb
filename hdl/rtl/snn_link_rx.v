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

  // bits of state_q, of which one is set
  localparam HUNT       = 0;   // waits for a5
  localparam SEQ        = 1;
  localparam OP         = 2;
  localparam LOW        = 3;
  localparam HIGH       = 4;
  localparam CRC        = 5;
  localparam JUDGE_HEAD = 6;   // waits for the CRC-8 to be divided
  localparam BODY       = 7;
  localparam TAIL0      = 8;
  localparam TAIL1      = 9;
  localparam TAIL2      = 10;
  localparam TAIL3      = 11;
  localparam JUDGE_TAIL = 12;   // waits for the CRC-32
  localparam DROP       = 13;   // until the line is quiet
  localparam States     = 14;

  localparam LengthBits = $clog2(MaxPayload + 1);
  localparam [TimeoutBits:0] TIMER_ONE = 1;

  reg [States-1:0] state_q = 1;  // HUNT
  reg [LengthBits-1:0] unleft_q = 0;  // complement of the payload bytes to come
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
  wire judging  = state_q[JUDGE_HEAD] || state_q[JUDGE_TAIL];
  wire in_tail  = |state_q[TAIL3:TAIL0];
  wire in_frame = |state_q[CRC:SEQ] || state_q[BODY] || in_tail;
  wire take     = rx_valid_i && rx_ready_o;
  wire late     = timer_q[TimeoutBits];
  wire quiet    = late || timer_q[TimeoutBits-3];
  wire wanted   = |state_q[HIGH:SEQ] || state_q[BODY];

  // MaxPayload is four less than a power of two
  wire too_long = unleft_q[LengthBits-1:2] == 0 && unleft_q[1:0] != 2'd3;

  assign rx_ready_o   = !crc_busy && !judging;
  assign store_o      = take && wanted && !rx_error_i && !full_i;
  assign store_data_o = rx_data_i;
  assign commit_o     = state_q[JUDGE_TAIL] && !crc_busy && match;
  assign discard_o    = state_q[DROP];
  assign stop_o       = stop_q;
  assign complaint_o  = complaint_q;
  assign reason_o     = reason_q;

  snn_crc crc (
    .clk_i(clk_i),
    .clear_i(state_q[HUNT]),
    .load_i(take && in_frame),
    .data_i(rx_data_i),
    .tail_i(in_tail),
    .busy_o(crc_busy),
    .head_o(unused_head),
    .head_zero_o(head_zero),
    .sum_o(unused_sum),
    .match_o(match)
  );

  // see snn_counter: load and count fit one table of an iCE40
  wire [LengthBits:0] unleft_next = {unleft_q, 1'b1} + {{(LengthBits-8){state_q[HIGH]}}, {8{state_q[LOW]}}, 1'b1};
  wire unused_carry = &{1'b0, unleft_next[0]};

  always @(posedge clk_i) begin
    if (take && (state_q[LOW] || state_q[BODY])) unleft_q[7:0] <= state_q[LOW] ? ~rx_data_i : unleft_next[8:1];
    if (take && (state_q[HIGH] || state_q[BODY])) begin
      unleft_q[LengthBits-1:8] <= state_q[HIGH] ? ~rx_data_i[LengthBits-9:0] : unleft_next[LengthBits:9];
    end
    if (take && state_q[HIGH]) huge_q <= |rx_data_i[7:LengthBits-8];
    if (take && state_q[OP]) stop_q <= rx_data_i == OP_STOP;
  end

  // the first fault and its reason; what counts most comes first
  wire head_bad  = state_q[JUDGE_HEAD] && !crc_busy && (!head_zero || huge_q || too_long);
  wire tail_bad  = state_q[JUDGE_TAIL] && !crc_busy && !match;
  wire damaged   = take && rx_error_i && !state_q[DROP];
  wire no_start  = take && state_q[HUNT] && rx_data_i != START_OF_FRAME;
  wire overflow  = take && wanted && full_i;
  wire timed_out = in_frame && late;
  wire fault     = damaged || no_start || overflow || timed_out || head_bad || tail_bad;

  // moves from one byte to the next
  wire last_left = &unleft_q[LengthBits-1:1] && !unleft_q[0];
  wire head_good = state_q[JUDGE_HEAD] && !crc_busy;
  always @(posedge clk_i) begin
    state_q[HUNT]       <= (state_q[HUNT] && !take) || (state_q[JUDGE_TAIL] && !crc_busy) || (state_q[DROP] && quiet);
    state_q[SEQ]        <= take ? state_q[HUNT] : state_q[SEQ];
    state_q[OP]         <= take ? state_q[SEQ] : state_q[OP];
    state_q[LOW]        <= take ? state_q[OP] : state_q[LOW];
    state_q[HIGH]       <= take ? state_q[LOW] : state_q[HIGH];
    state_q[CRC]        <= take ? state_q[HIGH] : state_q[CRC];
    state_q[JUDGE_HEAD] <= (take && state_q[CRC]) || (state_q[JUDGE_HEAD] && crc_busy);
    state_q[BODY]       <= (head_good && !(&unleft_q)) || (state_q[BODY] && !(take && last_left));
    state_q[TAIL0]      <= (head_good && &unleft_q) || (take ? state_q[BODY] && last_left : state_q[TAIL0]);
    state_q[TAIL1]      <= take ? state_q[TAIL0] : state_q[TAIL1];
    state_q[TAIL2]      <= take ? state_q[TAIL1] : state_q[TAIL2];
    state_q[TAIL3]      <= take ? state_q[TAIL2] : state_q[TAIL3];
    state_q[JUDGE_TAIL] <= (take && state_q[TAIL3]) || (state_q[JUDGE_TAIL] && crc_busy);
    state_q[DROP]       <= state_q[DROP] && !quiet;
    if (fault || rst_i) begin
      state_q       <= 0;
      state_q[HUNT] <= rst_i;
      state_q[DROP] <= !rst_i;
    end
  end

  always @(posedge clk_i) begin
    if (take) timer_q <= 0;
    else if (!late) timer_q <= timer_q + TIMER_ONE;

    if (fault) begin
      reason_q <= damaged ? REASON_LINE
                : no_start ? REASON_START
                : overflow ? REASON_OVERFLOW
                : timed_out ? REASON_TIMEOUT
                : tail_bad ? REASON_CHECKSUM
                : head_zero ? REASON_LENGTH : REASON_HEADER;
    end
    if (complaint_taken_i) complaint_q <= 1'b0;
    if (state_q[DROP] && quiet) complaint_q <= 1'b1;
    if (rst_i) complaint_q <= 1'b0;
  end

`ifdef FORMAL
  // With a CRC that says what it likes (hdl/formal/snn_crc_any.v): a frame is committed only when every one of its bytes
  // came whole, was stored once, and both sums were called right; after a fault nothing is stored until there was a
  // complaint and a new start.
  reg [15:0] f_stored = 16'd0;   // bytes of this frame in the ring
  reg [15:0] f_length = 16'd0;   // what its header says
  reg        f_sound = 1'b1;     // no fault in this frame
  reg        f_head = 1'b0;      // its CRC-8 was right
  wire [15:0] f_left = {{(16-LengthBits){1'b0}}, ~unleft_q};
  wire        f_behind_head = state_q[BODY] || in_tail || state_q[JUDGE_TAIL];

  always @(*) begin
    assert (state_q != 0 && (state_q & (state_q - 1)) == 0);
    assert (!(commit_o && store_o));
    if (discard_o) assert (!store_o && !commit_o);
    if (!discard_o) assert (f_sound);
    if (state_q[HUNT] || state_q[SEQ]) assert (f_stored == 16'd0);
    if (state_q[OP])   assert (f_stored == 16'd1);
    if (state_q[LOW])  assert (f_stored == 16'd2);
    if (state_q[HIGH]) assert (f_stored == 16'd3 && f_length[7:0] == f_left[7:0]);
    if (state_q[CRC] || state_q[JUDGE_HEAD]) assert (f_stored == 16'd4 && (huge_q || f_length == f_left));
    if (state_q[CRC] || state_q[JUDGE_HEAD]) assert (huge_q == (f_length >> LengthBits != 0));
    if (f_behind_head) assert (f_head && f_length <= MaxPayload);
    if (state_q[BODY]) assert (f_left != 16'd0 && f_stored + f_left == f_length + 16'd4);
    if (in_tail || state_q[JUDGE_TAIL]) assert (f_stored == f_length + 16'd4);
    if (commit_o) assert (f_sound && f_head && match && f_length <= MaxPayload && f_stored == f_length + 16'd4);
  end

  always @(posedge clk_i) begin
    if (state_q[HUNT]) begin
      f_stored <= 16'd0;
      f_sound  <= !(take && (rx_error_i || rx_data_i != START_OF_FRAME));
      f_head   <= 1'b0;
    end
    if (store_o) f_stored <= f_stored + 16'd1;
    if (take && state_q[LOW]) f_length[7:0] <= rx_data_i;
    if (take && state_q[HIGH]) f_length[15:8] <= rx_data_i;
    if (take && in_frame && (rx_error_i || (wanted && full_i))) f_sound <= 1'b0;
    if (in_frame && late) f_sound <= 1'b0;
    if (state_q[JUDGE_HEAD] && !crc_busy && head_zero) f_head <= 1'b1;
    if ((head_bad || tail_bad) && !state_q[DROP]) f_sound <= 1'b0;
    if (state_q[DROP] && quiet) begin
      f_sound  <= 1'b1;
      f_stored <= 16'd0;
    end
    if (commit_o) f_stored <= 16'd0;
    if (rst_i) begin
      f_sound  <= 1'b1;
      f_stored <= 16'd0;
    end
    cover (commit_o && f_length == 16'd1);
  end
`endif

endmodule

`default_nettype wire
