// snn_link_command: executes the frames of the ring, one after the other, and makes the replies.
//
//   op 1 WRITE  memory, address[2], words           memory[address ...] = words; reply: nothing
//   op 2 READ   memory, address[2], length[2]       reply: length bytes of memory[address ...]
//   op 3 CHECK  memory, address[2], length[2]       reply: CRC-32 of what READ would send
//   op 4 RUN    flags, wanted[2], length[2], data   feed samples; reply: length bytes of their results
//   op 5 STOP                                       stop the program; reply: nothing
//
// Replies have op | 80, a refusal has op ff and one byte of reason. Words are little endian, with the bytes that their
// memory needs; numbers too. A frame whose op has bit 7 set is dropped: it is a reply that came back.
//
// RUN: flags[1:0] log2 of the bits a value, flags[2] long results, flags[3] the samples may be run again. Values are
// packed lowest first, every sample starts with a new byte. A sample is fed only if the program waits for `wanted` values;
// for the first one that is a condition of the frame. Data that ends early leaves the program waiting for the rest.
// A result is: status, decision[3], cycles[4] and, if long, operations[4], spikes[4], stalls[4]; status is the low byte
// of register `status` after the sample, with bit 3 set if the program executed `done`.
// A frame that may not be run again feeds one sample only; when it comes twice in succession (equal seq), its result,
// which the registers still hold, is sent again.
//
//   reason  8 operation  no such op                      11 wanted   the program waits for another number of values
//           9 malformed  length or arguments             12 memory   no such memory
//          10 idle       the program does not wait       13 busy     memories are not to be touched while the core runs
//          1..7          see snn_link_rx; seq is that of the frame before
//
// Parameter       Default  Range   Meaning
// WordBytes       8        4..8    largest number of bytes of a word of any memory
// ParameterBytes .. WeightBytes    bytes of a word of each memory
// AddressBits     16       13..16  bits of an address, and of the values wanted, that count
// MaxPayload      508              bytes
//
// Port              Dir  Unit    Meaning
// clk_i, rst_i      in           clock; synchronous reset, active high
// ring_*                         oldest committed byte of the ring, and dropping it
// complaint_i, reason_i, complaint_taken_o   of snn_link_rx; answered when the ring is empty
// stop_i            in   flag    one cycle: a STOP frame has arrived; breaks every wait for the core
// tx_*                           see snn_link_tx
// host_*                         host bus: see hdl/README.md
// value_*                        input values to the core
// wanted_i          in   values  that the program still waits for, low bits
// waiting_i         in   flag    the program waits for input
// running_i         in   flag    the program runs, or has taken values: memories are not to be touched
// done_i            in   flag    the program executes `done`
// busy_o            out  flag    a frame is being executed
//
// The format is defined in src/arch/packet.ts; the software twin is src/sim/virtual/link.ts.

`default_nettype none

module snn_link_command #(
  parameter WordBytes      = 8,
  parameter ParameterBytes = 5,
  parameter PointerBytes   = 2,
  parameter ListBytes      = 3,
  parameter StateBytes     = 4,
  parameter WeightBytes    = 8,
  parameter AddressBits    = 16,
  parameter MaxPayload     = 508
) (
  input  wire        clk_i,
  input  wire        rst_i,

  input  wire        ring_valid_i,
  input  wire [7:0]  ring_data_i,
  output wire        ring_read_o,
  input  wire        complaint_i,
  input  wire [2:0]  reason_i,
  output wire        complaint_taken_o,
  input  wire        stop_i,

  output wire        tx_begin_o,
  output wire [7:0]  tx_seq_o,
  output wire [7:0]  tx_op_o,
  output wire [15:0] tx_length_o,
  output wire        tx_digest_o,
  output wire        tx_digest_tail_o,
  output wire        tx_byte_valid_o,
  input  wire        tx_byte_ready_i,
  output wire [7:0]  tx_byte_o,
  output wire        tx_end_o,
  input  wire        tx_idle_i,
  input  wire [7:0]  tx_sum_i,

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

  localparam [7:0] OP_WRITE = 8'h01;
  localparam [7:0] OP_READ  = 8'h02;
  localparam [7:0] OP_CHECK = 8'h03;
  localparam [7:0] OP_RUN   = 8'h04;
  localparam [7:0] OP_STOP  = 8'h05;
  localparam [7:0] OP_REFUSED = 8'hff;

  localparam [3:0] REASON_OPERATION = 4'd8;
  localparam [3:0] REASON_MALFORMED = 4'd9;
  localparam [3:0] REASON_IDLE      = 4'd10;
  localparam [3:0] REASON_WANTED    = 4'd11;
  localparam [3:0] REASON_MEMORY    = 4'd12;
  localparam [3:0] REASON_BUSY      = 4'd13;

  localparam [2:0] MEMORY_REGISTERS = 3'd0;
  localparam [3:0] REGISTER_CONTROL = 4'd5;
  localparam [1:0] CONTROL_STOP = 2'b10;

  // bits of state_q, of which one is set
  localparam IDLE     = 0;   // waits for a frame or a complaint
  localparam SEQ      = 1;   // takes seq
  localparam OP       = 2;   // takes op
  localparam LOW      = 3;   // takes length
  localparam HIGH     = 4;
  localparam CHOICE   = 5;   // takes memory or flags
  localparam ADDRESS  = 6;   // takes address or wanted
  localparam ADDRESS2 = 7;
  localparam AMOUNT   = 8;   // takes length
  localparam AMOUNT2  = 9;
  localparam DECIDE   = 10;   // finds reasons to refuse
  localparam START    = 11;
  localparam FILL     = 12;   // assembles a word
  localparam STORE    = 13;   // writes it
  localparam SETTLE   = 14;   // until the core waits or stands still
  localparam JUDGE    = 15;   // may the sample be fed
  localparam FEED     = 16;   // values of one sample
  localparam FETCH    = 17;   // reads a word
  localparam WAIT     = 18;
  localparam SEND     = 19;   // its bytes, into the frame or into the digest
  localparam SUM      = 20;   // digest into the word
  localparam REFUSE   = 21;
  localparam REPLY    = 22;   // starts the reply
  localparam FINISH   = 23;   // drops the rest of the frame, ends the reply
  localparam States   = 24;

  localparam LengthBits = $clog2(MaxPayload + 1);
  localparam WordBits = 8 * WordBytes;
  // bytes of words, less one
  localparam WordLast      = WordBytes - 1;
  localparam ParameterLast = ParameterBytes - 1;
  localparam PointerLast   = PointerBytes - 1;
  localparam ListLast      = ListBytes - 1;
  localparam StateLast     = StateBytes - 1;
  localparam WeightLast    = WeightBytes - 1;

  reg [States-1:0] state_q = 1;  // IDLE
  reg [7:0]  seq_q = 8'd0;
  reg        write_q = 1'b0;     // which operation; none: unknown
  reg        read_q = 1'b0;
  reg        check_q = 1'b0;
  reg        run_q = 1'b0;
  reg        halt_q = 1'b0;
  reg        echo_q = 1'b0;      // the frame is a reply
  reg [LengthBits-1:0] unload_q = 0;  // complement of the payload bytes that are still in the ring
  reg        loaded_q = 1'b0;    // there are some
  reg [7:0]  choice_q = 8'd0;    // memory or flags
  reg [AddressBits-1:0] address_q = 0;  // address or wanted
  reg [11:0] unleft_q = 12'hfff; // complement of the bytes of memory or of results that are still to be sent
  reg        huge_q = 1'b0;      // length is 4096 or more
  reg        short_q = 1'b0;     // the payload ended within the fields
  reg        refused_q = 1'b0;
  reg [3:0]  reason_q = 4'd0;
  reg        same_q = 1'b0;      // seq is that of the frame before
  reg        effect_q = 1'b0;    // that frame was a RUN that may not be run again
  reg        stop_q = 1'b0;      // a STOP frame is on its way through the ring
  reg        allowed_q = 1'b0;   // the frame can be executed; from DECIDE on
  reg        stopping_q = 1'b0;  // a STOP frame starts
  // the host bus is driven a cycle later than the state says, for its address goes a long way
  reg        stop_write_q = 1'b0;
  reg        fetch_q = 1'b0;
  reg [3:0]  low_q = 4'd0;       // low bits of the address
  reg        first_q = 1'b0;     // the sample is the first of its frame
  reg        fits_q = 1'b0;      // the program waits, as wanted, for a sample that may be fed
  reg        waits_q = 1'b0;
  reg        fed_q = 1'b0;       // the sample has been fed
  reg        done_q = 1'b0;      // the program executed `done` since
  reg        digest_q = 1'b0;    // bytes go into the sum only
  reg        armed_q = 1'b0;     // a byte is offered; the three flags below are up to date
  reg        taken_q = 1'b0;     // it was taken in the cycle before
  reg        last_byte_q = 1'b0; // of the word
  reg        send_end_q = 1'b0;  // last byte of all
  reg        sample_end_q = 1'b0;
  reg [2:0]  offset_q = 3'd0;    // bit of the next value
  reg        spent_q = 1'b0;     // the oldest byte has no more values, it is being dropped
  reg        drop_q = 1'b0;      // the same, or the head of the frame is taken
  reg [3:0]  item_q = 4'd6;      // register of a result, its address
  reg [2:0]  count_q = 3'd0;     // byte of the word
  reg        pad_q = 1'b0;       // the word has all its bytes
  reg [WordBits-1:0] word_q = 0;

  wire       known      = write_q || read_q || check_q || run_q || halt_q;
  wire [1:0] log_bits   = choice_q[1:0];
  wire       long       = choice_q[2];
  wire       repeatable = choice_q[3];
  wire       repeated   = run_q && same_q && effect_q && !repeatable;
  // with a STOP frame on its way, waiting is not enough: the core has to stand still
  wire       settled    = waiting_i ? !stop_q : !running_i;
  wire       last_left  = unleft_q == 12'hffe;
  wire       in_fields  = |state_q[AMOUNT2:CHOICE];

  reg [2:0] word_last;
  always @(*) begin
    case (choice_q[2:0])
      3'd2:    word_last = ParameterLast[2:0];
      3'd3:    word_last = PointerLast[2:0];
      3'd4:    word_last = ListLast[2:0];
      3'd5:    word_last = StateLast[2:0];
      3'd6:    word_last = WeightLast[2:0];
      default: word_last = 3'd3;
    endcase
  end

  // registers of a result, in the order of the reply: status, decision, cycles, operations, spikes, stalls
  localparam [3:0] STATUS = 4'd6, DECISION = 4'd11, CYCLES = 4'd7, STALLS = 4'd10;
  wire [2:0] item_end   = item_q == STATUS ? 3'd0 : item_q == DECISION ? 3'd2 : 3'd3;
  // a reply's checksum has four bytes
  wire       summed     = check_q && !digest_q;
  wire [2:0] end_byte   = summed ? 3'd3 : run_q ? item_end : word_last;
  wire       last_byte  = count_q == end_byte;
  wire       last_shift = count_q == WordLast[2:0];
  wire       item_last  = item_q == (long ? STALLS : CYCLES);

  // the next value is a field of the oldest byte of the ring
  wire [7:0] shifted     = ring_data_i >> offset_q;
  // offset_q + (1 << log_bits), without a carry chain
  wire carry0 = log_bits == 2'd0;
  wire carry1 = carry0 ? offset_q[0] : log_bits == 2'd1;
  wire carry2 = carry0 || log_bits == 2'd1 ? carry1 && offset_q[1] : log_bits == 2'd2;
  // the value is the last of its byte
  (* keep *) wire wraps;
  assign wraps = (offset_q[2] || log_bits == 2'd3) && (offset_q[1] || log_bits[1]) && (offset_q[0] || log_bits != 2'd0);
  wire [2:0] next_offset = offset_q ^ {carry2, carry1, carry0};
  assign value_o[0]    = shifted[0];
  assign value_o[1]    = shifted[1] && log_bits != 2'd0;
  assign value_o[3:2]  = log_bits[1] ? shifted[3:2] : 2'd0;
  assign value_o[7:4]  = log_bits == 2'd3 ? shifted[7:4] : 4'd0;
  assign value_valid_o = state_q[FEED] && loaded_q && !spent_q && waiting_i;
  wire   value_taken   = value_valid_o && value_ready_i;

  // two tables between the state and the ring
  (* keep *) wire takes_late;
  assign takes_late = state_q[FINISH] || state_q[CHOICE] || (state_q[FILL] && !pad_q);
  (* keep *) wire takes_early;
  assign takes_early = |state_q[AMOUNT2:ADDRESS];
  // a byte is dropped one cycle after its last value was taken, so that no path leads from the core to the ring
  wire pop_load  = (loaded_q && (takes_late || takes_early)) || spent_q;
  assign ring_read_o = (loaded_q && (takes_late || takes_early)) || drop_q;

  wire spent = state_q[FEED] && (waiting_i ? value_taken && wraps : offset_q != 3'd0);

  // why the frame cannot be executed; 0: it can
  wire on_memory   = write_q || read_q || check_q;
  wire bad_length  = short_q || huge_q || (loaded_q != (write_q || run_q)) || ((read_q || check_q || run_q) && unleft_q == 12'hfff);
  reg [3:0] reason;
  always @(*) begin
    reason = 4'd0;
    if (!known) reason = REASON_OPERATION;
    else if (bad_length) reason = REASON_MALFORMED;
    else if (on_memory && (choice_q[7:3] != 5'd0 || choice_q[2:0] == 3'd7)) reason = REASON_MEMORY;
    else if (on_memory && choice_q != 8'd0 && running_i) reason = REASON_BUSY;
  end

  // a stopped core neither waits nor runs, so this ends every wait for it
  wire   stop_write     = stopping_q || (stop_q && (state_q[SETTLE] || state_q[FEED]));
  wire [3:0] low_address = stop_write ? REGISTER_CONTROL : run_q ? item_q : address_q[3:0];
  assign host_select_o  = run_q || halt_q ? MEMORY_REGISTERS : choice_q[2:0];
  assign host_address_o = {address_q[AddressBits-1:4], low_q};
  assign host_write_o   = state_q[STORE] || stop_write_q;
  assign host_read_o    = fetch_q;

  wire [63:0] word_wide;
  generate
    if (WordBits < 64) begin : gen_narrow
      assign word_wide = {{(64 - WordBits){1'b0}}, word_q};
      wire unused_rdata = &{1'b0, host_rdata_i[63:WordBits]};
    end else begin : gen_wide
      assign word_wide = word_q;
    end
  endgenerate
  assign host_wdata_o = {word_wide[63:2], stop_write_q ? CONTROL_STOP : word_wide[1:0]};

  wire sum_byte = state_q[SUM] && !count_q[2];
  assign tx_begin_o       = state_q[REPLY];
  assign tx_seq_o         = seq_q;
  assign tx_op_o          = refused_q ? OP_REFUSED : {5'b10000, run_q || halt_q, read_q || check_q, write_q || check_q || halt_q};
  assign tx_digest_o      = digest_q;
  assign tx_digest_tail_o = state_q[SUM];
  assign tx_byte_valid_o  = armed_q;
  assign tx_byte_o        = refused_q ? {4'd0, reason_q}
                                      : {word_q[7:4], word_q[3] || (run_q && item_q == STATUS && done_q), word_q[2:0]};
  assign tx_end_o         = state_q[FINISH] && !loaded_q;
  assign complaint_taken_o = state_q[IDLE] && !ring_valid_i && complaint_i;
  assign busy_o           = !state_q[IDLE];

  // there is nothing left from the start where the reply has no memory content or results
  assign tx_length_o = {4'd0, ~unleft_q[11:3], !unleft_q[2] || (check_q && !refused_q), !unleft_q[1], !unleft_q[0] || refused_q};


  wire [7:0] shift_in = state_q[FILL] && loaded_q && !pad_q ? ring_data_i : sum_byte ? tx_sum_i : 8'd0;
  wire       shift    = state_q[FILL] || taken_q || (state_q[SUM] && count_q[2]);

  wire feed_end = !waiting_i || !loaded_q;
  wire send = state_q[SEND] && taken_q;
  wire may_start = state_q[START] && allowed_q;

  always @(posedge clk_i) begin
    state_q[IDLE]     <= (state_q[IDLE] && !ring_valid_i && !complaint_i) || (state_q[FINISH] && !loaded_q && tx_idle_i);
    state_q[SEQ]      <= state_q[IDLE] && ring_valid_i;
    state_q[OP]       <= state_q[SEQ];
    state_q[LOW]      <= state_q[OP];
    state_q[HIGH]     <= state_q[LOW];
    state_q[CHOICE]   <= state_q[HIGH] && known && !halt_q;
    state_q[ADDRESS]  <= state_q[CHOICE] && loaded_q;
    state_q[ADDRESS2] <= state_q[ADDRESS] && loaded_q;
    state_q[AMOUNT]   <= state_q[ADDRESS2] && loaded_q && !write_q;
    state_q[AMOUNT2]  <= state_q[AMOUNT] && loaded_q;
    state_q[DECIDE]   <= (state_q[HIGH] && !(known && !halt_q)) || (in_fields && !loaded_q) ||
                         (state_q[ADDRESS2] && write_q) || state_q[AMOUNT2];
    state_q[START]    <= state_q[DECIDE] && !echo_q;
    state_q[FILL]     <= (may_start && write_q) || (state_q[FILL] && !last_shift) || (state_q[STORE] && loaded_q);
    state_q[STORE]    <= state_q[FILL] && last_shift;
    state_q[SETTLE]   <= (may_start && run_q && !repeated) || (state_q[SETTLE] && !settled) ||
                       (state_q[FEED] && feed_end) || (send && !send_end_q && sample_end_q);
    state_q[JUDGE]    <= state_q[SETTLE] && settled && !fed_q;
    state_q[FEED]     <= (state_q[JUDGE] && fits_q && !first_q) || (state_q[FEED] && !feed_end) ||
                       (state_q[REPLY] && !refused_q && run_q && !repeated);
    state_q[FETCH]    <= (may_start && check_q) || (state_q[SETTLE] && settled && fed_q) ||
                       (state_q[JUDGE] && !fits_q && !first_q) || (send && !send_end_q && last_byte_q && !sample_end_q) ||
                       (state_q[REPLY] && !refused_q && (read_q || repeated));
    state_q[WAIT]     <= state_q[FETCH] || (state_q[WAIT] && !host_rvalid_i);
    state_q[SEND]     <= (state_q[WAIT] && host_rvalid_i) || (state_q[SEND] && !(taken_q && (send_end_q || last_byte_q))) ||
                       (state_q[REPLY] && (refused_q || check_q));
    state_q[SUM]      <= (send && send_end_q && digest_q) || (state_q[SUM] && !(shift && last_shift));
    state_q[REFUSE]   <= (state_q[IDLE] && !ring_valid_i && complaint_i) || (state_q[START] && !allowed_q) ||
                       (state_q[JUDGE] && !fits_q && first_q);
    state_q[REPLY]    <= (may_start && (read_q || halt_q || repeated)) || (state_q[STORE] && !loaded_q) ||
                       (state_q[JUDGE] && fits_q && first_q) || (state_q[SUM] && shift && last_shift) || state_q[REFUSE];
    state_q[FINISH]   <= (state_q[DECIDE] && echo_q) || (send && send_end_q && !digest_q) ||
                       (state_q[FINISH] && (loaded_q || !tx_idle_i)) ||
                       (state_q[REPLY] && !refused_q && (write_q || halt_q));
    if (rst_i) begin
      state_q       <= 0;
      state_q[IDLE]     <= 1'b1;
    end
  end

  // Counters that are loaded a byte at a time and count up. The load signal of a byte is also its second operand of the
  // adder: while it loads, carries are rubbish, but then nobody looks at the sum, and both fit one table of an iCE40.
  wire next_word = state_q[STORE] || (send && last_byte_q && !run_q);
  wire next_left = send && !summed;
  wire [LengthBits:0]  unload_next  = {unload_q, 1'b1} + {{(LengthBits-8){state_q[HIGH]}}, {8{state_q[LOW]}}, 1'b1};
  wire [AddressBits:0] address_next = {address_q, 1'b1} + {{(AddressBits-8){state_q[ADDRESS2]}}, {8{state_q[ADDRESS]}}, 1'b1};
  wire [12:0]          unleft_next  = {unleft_q, 1'b1} + {{4{state_q[AMOUNT2]}}, {8{state_q[AMOUNT]}}, 1'b1};
  wire unused_carries = &{1'b0, unload_next[0], address_next[0], unleft_next[0]};

  // the frame
  always @(posedge clk_i) begin
    if (state_q[SEQ]) begin
      seq_q  <= ring_data_i;
      same_q <= ring_data_i == seq_q;
    end
    if (state_q[OP]) begin
      write_q <= ring_data_i == OP_WRITE;
      read_q  <= ring_data_i == OP_READ;
      check_q <= ring_data_i == OP_CHECK;
      run_q   <= ring_data_i == OP_RUN;
      halt_q  <= ring_data_i == OP_STOP;
      echo_q  <= ring_data_i[7];
    end
    if (state_q[LOW] || pop_load) unload_q[7:0] <= state_q[LOW] ? ~ring_data_i : unload_next[8:1];
    if (state_q[HIGH] || pop_load) begin
      unload_q[LengthBits-1:8] <= state_q[HIGH] ? ~ring_data_i[LengthBits-9:0] : unload_next[LengthBits:9];
    end
    if (state_q[HIGH]) loaded_q <= ring_data_i[LengthBits-9:0] != 0 || unload_q[7:0] != 8'hff;
    if (pop_load) loaded_q <= unload_q[0] || !(&unload_q[LengthBits-1:1]);
    short_q <= in_fields && !loaded_q;
    if (state_q[CHOICE]) choice_q <= ring_data_i;
    if (state_q[ADDRESS] || next_word) address_q[7:0] <= state_q[ADDRESS] ? ring_data_i : address_next[8:1];
    if (state_q[ADDRESS2] || next_word) begin
      address_q[AddressBits-1:8] <= state_q[ADDRESS2] ? ring_data_i[AddressBits-9:0] : address_next[AddressBits:9];
    end
    if (state_q[IDLE]) huge_q <= 1'b0;
    if (state_q[AMOUNT2]) huge_q <= ring_data_i[7:4] != 4'd0;
    if (state_q[AMOUNT] || next_left) unleft_q[7:0] <= state_q[AMOUNT] ? ~ring_data_i : unleft_next[8:1];
    if (state_q[AMOUNT2] || next_left) unleft_q[11:8] <= state_q[AMOUNT2] ? ~ring_data_i[3:0] : unleft_next[12:9];
    if (state_q[IDLE] || state_q[REFUSE]) unleft_q <= 12'hfff;
    if (rst_i) begin
      seq_q    <= 8'd0;
      // else the answer to a complaint would drop the rest of a frame that the ring has forgotten
      loaded_q <= 1'b0;
    end
  end

  // refusals and repetitions
  always @(posedge clk_i) begin
    if (state_q[IDLE]) refused_q <= 1'b0;
    if (state_q[REFUSE]) refused_q <= 1'b1;
    if (state_q[IDLE]) reason_q <= {1'b0, reason_i};
    if (state_q[DECIDE]) reason_q <= reason;
    if (state_q[DECIDE]) allowed_q <= reason == 4'd0;
    stop_write_q <= stop_write && !rst_i;
    fetch_q <= state_q[FETCH] && !rst_i;
    low_q <= low_address;
    stopping_q <= state_q[DECIDE] && !echo_q && halt_q && reason == 4'd0;
    if (state_q[JUDGE]) reason_q <= waits_q ? REASON_WANTED : REASON_IDLE;
    if (state_q[START]) effect_q <= repeated && allowed_q;
    if (state_q[FEED]) effect_q <= !repeatable;
    if (state_q[START] && halt_q) stop_q <= 1'b0;
    if (stop_i) stop_q <= 1'b1;
    if (rst_i) begin
      effect_q   <= 1'b0;
      stop_q     <= 1'b0;
      stopping_q <= 1'b0;
    end
  end

  // samples
  always @(posedge clk_i) begin
    if (state_q[DECIDE]) first_q <= 1'b1;
    if (state_q[REPLY]) first_q <= 1'b0;
    if (state_q[DECIDE] || (send && sample_end_q)) fed_q <= 1'b0;
    if (state_q[FEED]) fed_q <= 1'b1;
    if (state_q[SETTLE]) begin
      fits_q  <= waiting_i && wanted_i == address_q && (first_q || repeatable);
      waits_q <= waiting_i;
    end
    // a result tells about `done` since the sample was fed
    if (state_q[JUDGE]) done_q <= 1'b0;
    if (done_i) done_q <= 1'b1;
    if (state_q[SETTLE]) offset_q <= 3'd0;
    else if (value_taken) offset_q <= next_offset;
    // a sample that ends within a byte leaves padding behind
    spent_q <= spent && !rst_i;
    drop_q  <= (spent || (state_q[IDLE] && ring_valid_i) || |state_q[LOW:SEQ]) && !rst_i;
    if (state_q[DECIDE] || (send && sample_end_q)) item_q <= STATUS;
    else if (send && last_byte_q) item_q <= item_q == STATUS ? DECISION : item_q == DECISION ? CYCLES : item_q + 4'd1;
  end

  // the word
  always @(posedge clk_i) begin
    armed_q      <= (state_q[SEND] || sum_byte) && !(armed_q && tx_byte_ready_i) && !taken_q;
    taken_q      <= armed_q && tx_byte_ready_i;
    last_byte_q  <= last_byte;
    send_end_q   <= refused_q || last_left || (summed && last_byte);
    sample_end_q <= last_byte && run_q && item_last;
    if (state_q[START]) digest_q <= check_q && allowed_q;
    if (state_q[SUM] && shift && last_shift) digest_q <= 1'b0;
    if (state_q[START] || state_q[STORE] || state_q[WAIT] || state_q[REPLY] || (send && send_end_q)) count_q <= 3'd0;
    else if (shift) count_q <= count_q + 3'd1;
    if (state_q[START] || state_q[STORE]) pad_q <= 1'b0;
    else if (state_q[FILL] && last_byte) pad_q <= 1'b1;
    if (state_q[WAIT] && host_rvalid_i) word_q <= host_rdata_i[WordBits-1:0];
    else if (shift) word_q <= {shift_in, word_q[WordBits-1:8]};
    if (rst_i) digest_q <= 1'b0;
  end

`ifdef FORMAL
  // With a ring that holds whole frames: a frame is taken out of it to the last byte and no further; nothing is written or
  // fed but for a frame that is not refused; a reply is made for a frame or a complaint only.
  reg         f_open = 1'b0;      // a frame is being executed
  reg         f_complained = 1'b0;
  reg [15:0]  f_left = 16'd0;     // bytes of it that are still in the ring, behind its head
  wire [15:0] f_load = {{(16-LengthBits){1'b0}}, ~unload_q};
  wire        f_head = |state_q[HIGH:SEQ];

  always @(*) begin
    assert (state_q != 0 && (state_q & (state_q - 1)) == 0);
    // what is read is there: the ring has committed the whole frame
    if (f_open || f_head) assume (ring_valid_i);
    if (state_q[HIGH]) assume (ring_data_i[7:LengthBits-8] == 0);
    if (ring_read_o) assert (f_head || loaded_q);
    if (f_open && !f_head) assert (f_load == f_left && loaded_q == (f_left != 16'd0));
    if (state_q[IDLE]) assert (!f_open);
    if (f_head || in_fields || state_q[DECIDE] || state_q[START]) assert (f_open && !refused_q);
    if (state_q[FILL] || state_q[STORE] || state_q[SETTLE] || state_q[JUDGE] || state_q[FEED]) assert (f_open && !refused_q);
    if (state_q[FETCH] || state_q[WAIT] || state_q[SUM]) assert (f_open && !refused_q);
    if (host_write_o || host_read_o || value_valid_o) assert (f_open && !refused_q);
    if (tx_begin_o) assert (f_open || (f_complained && refused_q));
    if (refused_q && !state_q[IDLE]) assert (f_open || f_complained);
    if (complaint_taken_o) assert (!f_open);
    // what else holds, and lets the above be proven
    assert ({3'd0, write_q} + {3'd0, read_q} + {3'd0, check_q} + {3'd0, run_q} + {3'd0, halt_q} <= 4'd1);
    if (in_fields) assert (known && !halt_q);
    if (state_q[START] && reason_q == 4'd0) assert (known);
    if (state_q[REPLY] && !refused_q) assert (known);
    if (state_q[FILL] || state_q[STORE]) assert (write_q);
    if (state_q[SETTLE] || state_q[JUDGE] || state_q[FEED]) assert (run_q);
    if (state_q[FETCH] || state_q[WAIT]) assert (read_q || check_q || run_q);
    if (state_q[SUM]) assert (check_q);
    if (state_q[SEND]) assert (refused_q || read_q || check_q || run_q);
    if (state_q[SEND] && refused_q) assert (send_end_q);
    if (state_q[SEND] && sample_end_q) assert (last_byte_q && run_q);
    if (digest_q) assert (check_q && (state_q[FETCH] || state_q[WAIT] || state_q[SEND] || state_q[SUM]));
    if (digest_q) assert (!refused_q);
    if (!f_open) assert (!loaded_q);
    if (state_q[SEND] || state_q[FINISH]) assert (f_open || (f_complained && refused_q));
    if (state_q[REFUSE]) assert (f_open || f_complained);
    // a byte of which values were taken, but not all, is still in the ring
    if (state_q[FEED]) assert ((offset_q & ((3'd1 << log_bits) - 3'd1)) == 3'd0);
    if (state_q[FEED] && offset_q != 3'd0) assert (loaded_q && !spent_q);
    if (spent_q) assert (loaded_q && (state_q[FEED] || state_q[SETTLE]));
    assert (drop_q == (spent_q || f_head));
  end

  always @(posedge clk_i) begin
    if (state_q[IDLE]) f_complained <= complaint_taken_o;
    if (state_q[IDLE]) f_open <= ring_valid_i;
    if (state_q[LOW]) f_left[7:0] <= ring_data_i;
    if (state_q[HIGH]) f_left[15:8] <= ring_data_i;
    if (pop_load) f_left <= f_left - 16'd1;
    if (state_q[FINISH] && !loaded_q && tx_idle_i) f_open <= 1'b0;
    if (rst_i) begin
      f_open       <= 1'b0;
      f_complained <= 1'b0;
    end
    cover (state_q[STORE]);
    cover (state_q[FEED] && !loaded_q);
  end
`endif

endmodule

`default_nettype wire
