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
  output wire [15:0] host_address_o,
  output wire        host_write_o,
  output wire [63:0] host_wdata_o,
  output wire        host_read_o,
  input  wire [63:0] host_rdata_i,
  input  wire        host_rvalid_i,

  output wire        value_valid_o,
  input  wire        value_ready_i,
  output wire [7:0]  value_o,
  input  wire [15:0] wanted_i,
  input  wire        waiting_i,
  input  wire        running_i,
  input  wire        done_i,

  output wire        busy_o
);

  localparam [2:0] OP_WRITE = 3'd1;
  localparam [2:0] OP_READ  = 3'd2;
  localparam [2:0] OP_CHECK = 3'd3;
  localparam [2:0] OP_RUN   = 3'd4;
  localparam [2:0] OP_STOP  = 3'd5;
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

  localparam [4:0] IDLE   = 5'd0;   // waits for a frame or a complaint
  localparam [4:0] HEAD   = 5'd1;   // takes seq, op, length
  localparam [4:0] FIELDS = 5'd2;   // takes memory or flags, address or wanted, length
  localparam [4:0] DECIDE = 5'd3;   // finds reasons to refuse
  localparam [4:0] START  = 5'd4;
  localparam [4:0] FILL   = 5'd5;   // assembles a word
  localparam [4:0] STORE  = 5'd6;   // writes it
  localparam [4:0] SETTLE = 5'd7;   // until the core waits or stands still
  localparam [4:0] JUDGE  = 5'd8;   // may the sample be fed
  localparam [4:0] FEED   = 5'd9;   // values of one sample
  localparam [4:0] FETCH  = 5'd10;  // reads a word
  localparam [4:0] WAIT   = 5'd11;
  localparam [4:0] SEND   = 5'd12;  // its bytes, into the frame or into the digest
  localparam [4:0] SUM    = 5'd13;  // digest into the word
  localparam [4:0] REFUSE = 5'd14;
  localparam [4:0] REPLY  = 5'd15;  // starts the reply
  localparam [4:0] FINISH = 5'd16;  // drops the rest of the frame, ends the reply

  localparam LengthBits = $clog2(MaxPayload + 1);
  localparam [LengthBits-1:0] LOAD_ONE = 1;
  localparam WordBits = 8 * WordBytes;
  // bytes of words, less one
  localparam WordLast      = WordBytes - 1;
  localparam ParameterLast = ParameterBytes - 1;
  localparam PointerLast   = PointerBytes - 1;
  localparam ListLast      = ListBytes - 1;
  localparam StateLast     = StateBytes - 1;
  localparam WeightLast    = WeightBytes - 1;

  reg [4:0]  state_q = IDLE;
  reg [2:0]  index_q = 3'd0;     // byte of the head or of the fields
  reg [7:0]  seq_q = 8'd0;
  reg [2:0]  op_q = 3'd0;
  reg        known_q = 1'b0;
  reg        echo_q = 1'b0;      // the frame is a reply
  reg [LengthBits-1:0] load_q = 0;  // payload bytes still in the ring
  reg [7:0]  choice_q = 8'd0;    // memory or flags
  reg [15:0] address_q = 16'd0;  // address or wanted
  reg [11:0] left_q = 12'd0;     // bytes of memory or of results still to be sent
  reg        huge_q = 1'b0;      // length is 4096 or more
  reg        short_q = 1'b0;     // the payload ended within the fields
  reg        refused_q = 1'b0;
  reg [3:0]  reason_q = 4'd0;
  reg        same_q = 1'b0;      // seq is that of the frame before
  reg        effect_q = 1'b0;    // that frame was a RUN that may not be run again
  reg        stop_q = 1'b0;      // a STOP frame is on its way through the ring
  reg        first_q = 1'b0;     // the sample is the first of its frame
  reg        fits_q = 1'b0;      // the program waits, as wanted, for a sample that may be fed
  reg        waits_q = 1'b0;
  reg        fed_q = 1'b0;       // the sample has been fed
  reg        done_q = 1'b0;      // the program executed `done` since
  reg        digest_q = 1'b0;
  reg [2:0]  offset_q = 3'd0;    // bit of the next value
  reg [2:0]  item_q = 3'd0;      // register of a result
  reg [2:0]  count_q = 3'd0;     // bytes of the word, up in FILL and SUM, down in SEND
  reg        pad_q = 1'b0;       // the word has all its bytes
  reg [WordBits-1:0] word_q = 0;

  wire op_write = op_q == OP_WRITE;
  wire op_read  = op_q == OP_READ;
  wire op_check = op_q == OP_CHECK;
  wire op_run   = op_q == OP_RUN;
  wire op_stop  = op_q == OP_STOP;

  wire [1:0] log_bits   = choice_q[1:0];
  wire       long       = choice_q[2];
  wire       repeatable = choice_q[3];
  wire       loaded     = load_q != 0;
  wire       repeated   = op_run && same_q && effect_q && !repeatable;
  // with a STOP frame on its way, waiting is not enough: the core has to stand still
  wire       settled    = waiting_i ? !stop_q : !running_i;
  wire       last_left  = left_q == 12'd1;
  wire       last_byte  = count_q == 3'd0;
  wire       all_fields = !known_q || op_stop || (index_q == (op_write ? 3'd3 : 3'd5));

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
  reg [3:0] item_address;
  always @(*) begin
    case (item_q)
      3'd0:    item_address = 4'd6;
      3'd1:    item_address = 4'd11;
      3'd2:    item_address = 4'd7;
      3'd3:    item_address = 4'd8;
      3'd4:    item_address = 4'd9;
      default: item_address = 4'd10;
    endcase
  end
  wire [2:0] item_end   = item_q == 3'd0 ? 3'd0 : item_q == 3'd1 ? 3'd2 : 3'd3;
  wire       item_last  = item_q == (long ? 3'd5 : 3'd2);

  // the next value is a field of the oldest byte of the ring
  wire [7:0] shifted     = ring_data_i >> offset_q;
  // offset_q + (1 << log_bits), without a carry chain
  wire carry0 = log_bits == 2'd0;
  wire carry1 = carry0 ? offset_q[0] : log_bits == 2'd1;
  wire carry2 = carry0 || log_bits == 2'd1 ? carry1 && offset_q[1] : log_bits == 2'd2;
  wire carry3 = log_bits == 2'd3 || (carry2 && offset_q[2]);
  wire [2:0] next_offset = offset_q ^ {carry2, carry1, carry0};
  assign value_o[0]    = shifted[0];
  assign value_o[1]    = shifted[1] && log_bits != 2'd0;
  assign value_o[3:2]  = log_bits[1] ? shifted[3:2] : 2'd0;
  assign value_o[7:4]  = log_bits == 2'd3 ? shifted[7:4] : 4'd0;
  assign value_valid_o = state_q == FEED && loaded && waiting_i;
  wire   value_taken   = value_valid_o && value_ready_i;

  wire pop_field = state_q == FIELDS && loaded && !all_fields;
  wire pop_fill  = state_q == FILL && loaded && !pad_q;
  // a sample that ends within a byte leaves padding behind
  wire pop_value = waiting_i ? value_taken && carry3 : state_q == FEED && offset_q != 3'd0;
  wire pop_rest  = state_q == FINISH && loaded;
  wire pop_load  = pop_field || pop_fill || pop_value || pop_rest;
  assign ring_read_o = state_q == HEAD || pop_load;

  // why the frame cannot be executed; 0: it can
  wire on_memory   = op_write || op_read || op_check;
  wire bad_length  = short_q || huge_q || (loaded != (op_write || op_run)) || ((op_read || op_check || op_run) && left_q == 12'd0);
  reg [3:0] reason;
  always @(*) begin
    reason = 4'd0;
    if (!known_q) reason = REASON_OPERATION;
    else if (bad_length) reason = REASON_MALFORMED;
    else if (on_memory && (choice_q[7:3] != 5'd0 || choice_q[2:0] == 3'd7)) reason = REASON_MEMORY;
    else if (on_memory && choice_q != 8'd0 && running_i) reason = REASON_BUSY;
  end

  // a stopped core neither waits nor runs, so this ends every wait for it
  wire   stop_write     = (state_q == START && op_stop && reason_q == 4'd0) || (stop_q && (state_q == SETTLE || state_q == FEED));
  assign host_select_o  = op_run || op_stop ? MEMORY_REGISTERS : choice_q[2:0];
  assign host_address_o = {address_q[15:4], stop_write ? REGISTER_CONTROL : op_run ? item_address : address_q[3:0]};
  assign host_write_o   = state_q == STORE || stop_write;
  assign host_read_o    = state_q == FETCH;

  wire [63:0] word_wide;
  generate
    if (WordBits < 64) begin : gen_narrow
      assign word_wide = {{(64 - WordBits){1'b0}}, word_q};
      wire unused_rdata = &{1'b0, host_rdata_i[63:WordBits]};
    end else begin : gen_wide
      assign word_wide = word_q;
    end
  endgenerate
  assign host_wdata_o = {word_wide[63:2], stop_write ? CONTROL_STOP : word_wide[1:0]};

  wire sum_byte = state_q == SUM && !count_q[2];
  assign tx_begin_o       = state_q == REPLY;
  assign tx_seq_o         = seq_q;
  assign tx_op_o          = refused_q ? OP_REFUSED : {5'b10000, op_q};
  assign tx_digest_o      = digest_q;
  assign tx_digest_tail_o = sum_byte;
  assign tx_byte_valid_o  = state_q == SEND || sum_byte;
  assign tx_byte_o        = refused_q ? {4'd0, reason_q}
                                      : {word_q[7:4], word_q[3] || (op_run && item_q == 3'd0 && done_q), word_q[2:0]};
  assign tx_end_o         = state_q == FINISH && !loaded;
  assign complaint_taken_o = state_q == IDLE && !ring_valid_i && complaint_i;
  assign busy_o           = state_q != IDLE;
  wire   byte_taken       = tx_byte_valid_o && tx_byte_ready_i;

  // left_q is 0 where the reply has no memory content or results
  assign tx_length_o = {4'd0, left_q[11:3], left_q[2] || (op_check && !refused_q), left_q[1], left_q[0] || refused_q};

  wire summed = op_check && !digest_q;

  wire [7:0] shift_in = pop_fill ? ring_data_i : sum_byte ? tx_sum_i : 8'd0;
  wire       shift    = state_q == FILL || (state_q == SUM ? !sum_byte || byte_taken : byte_taken);

  always @(posedge clk_i) begin
    if (stop_i) stop_q <= 1'b1;
    if (done_i) done_q <= 1'b1;
    if (pop_load) load_q <= load_q - LOAD_ONE;
    if (state_q == WAIT && host_rvalid_i) word_q <= host_rdata_i[WordBits-1:0];
    else if (shift) word_q <= {shift_in, word_q[WordBits-1:8]};

    case (state_q)
      IDLE: begin
        index_q   <= 3'd0;
        huge_q    <= 1'b0;
        left_q    <= 12'd0;
        refused_q <= 1'b0;
        reason_q  <= {1'b0, reason_i};
        if (ring_valid_i) state_q <= HEAD;
        else if (complaint_i) state_q <= REFUSE;
      end
      HEAD: begin
        index_q <= index_q + 3'd1;
        case (index_q[1:0])
          2'd0: begin
            seq_q  <= ring_data_i;
            same_q <= ring_data_i == seq_q;
          end
          2'd1: begin
            op_q    <= ring_data_i[2:0];
            known_q <= ring_data_i[7:3] == 5'd0 && ring_data_i[2:0] >= OP_WRITE && ring_data_i[2:0] <= OP_STOP;
            echo_q  <= ring_data_i[7];
          end
          2'd2: load_q[7:0] <= ring_data_i;
          default: begin
            load_q[LengthBits-1:8] <= ring_data_i[LengthBits-9:0];
            index_q <= 3'd0;
            state_q <= FIELDS;
          end
        endcase
      end
      FIELDS: begin
        index_q <= index_q + 3'd1;
        short_q <= !all_fields;
        if (all_fields || !loaded) begin
          state_q <= DECIDE;
        end else begin
          case (index_q)
            3'd0:    choice_q <= ring_data_i;
            3'd1:    address_q[7:0] <= ring_data_i;
            3'd2:    address_q[15:8] <= ring_data_i;
            3'd3:    left_q[7:0] <= ring_data_i;
            default: {huge_q, left_q[11:8]} <= {ring_data_i[7:4] != 4'd0, ring_data_i[3:0]};
          endcase
        end
      end
      DECIDE: begin
        reason_q <= reason;
        count_q  <= 3'd0;
        pad_q    <= 1'b0;
        item_q   <= 3'd0;
        fed_q    <= 1'b0;
        first_q  <= 1'b1;
        state_q  <= echo_q ? FINISH : START;
      end
      START: begin
        effect_q <= repeated && reason_q == 4'd0;
        digest_q <= op_check && reason_q == 4'd0;
        if (op_stop && known_q) stop_q <= 1'b0;
        if (reason_q != 4'd0) begin
          state_q <= REFUSE;
        end else begin
          case (op_q)
            OP_WRITE: state_q <= FILL;
            OP_CHECK: state_q <= FETCH;
            OP_RUN:   state_q <= repeated ? REPLY : SETTLE;
            default:  state_q <= REPLY;
          endcase
        end
      end
      FILL: begin
        count_q <= count_q + 3'd1;
        if (count_q == word_last) pad_q <= 1'b1;
        if (count_q == WordLast[2:0]) state_q <= STORE;
      end
      STORE: begin
        count_q   <= 3'd0;
        pad_q     <= 1'b0;
        address_q <= address_q + 16'd1;
        state_q   <= loaded ? FILL : REPLY;
      end
      SETTLE: begin
        offset_q <= 3'd0;
        fits_q   <= waiting_i && wanted_i == address_q && (first_q || repeatable);
        waits_q  <= waiting_i;
        if (settled) state_q <= fed_q ? FETCH : JUDGE;
      end
      JUDGE: begin
        // a result tells about `done` since the sample was fed
        done_q   <= 1'b0;
        reason_q <= waits_q ? REASON_WANTED : REASON_IDLE;
        state_q  <= first_q ? (fits_q ? REPLY : REFUSE) : fits_q ? FEED : FETCH;
      end
      FEED: begin
        effect_q <= !repeatable;
        fed_q    <= 1'b1;
        if (value_taken) offset_q <= next_offset;
        if (!waiting_i || !loaded) state_q <= SETTLE;
      end
      FETCH: state_q <= WAIT;
      WAIT: if (host_rvalid_i) begin
        count_q <= op_run ? item_end : word_last;
        state_q <= SEND;
      end
      SEND: if (byte_taken) begin
        count_q <= count_q - 3'd1;
        if (!summed && !refused_q) left_q <= left_q - 12'd1;
        if (last_byte && op_run) item_q <= item_last ? 3'd0 : item_q + 3'd1;
        if (last_byte && !op_run) address_q <= address_q + 16'd1;
        if (refused_q || last_left || (summed && last_byte)) begin
          count_q <= 3'd0;
          state_q <= digest_q ? SUM : FINISH;
        end else if (last_byte) begin
          fed_q   <= fed_q && !item_last;
          state_q <= op_run && item_last ? SETTLE : FETCH;
        end
      end
      SUM: if (shift) begin
        count_q <= count_q + 3'd1;
        if (count_q == WordLast[2:0]) begin
          count_q  <= 3'd3;
          digest_q <= 1'b0;
          state_q  <= REPLY;
        end
      end
      REFUSE: begin
        refused_q <= 1'b1;
        left_q    <= 12'd0;
        state_q   <= REPLY;
      end
      REPLY: begin
        first_q <= 1'b0;
        if (refused_q) begin
          state_q <= SEND;
        end else begin
          case (op_q)
            OP_READ:  state_q <= FETCH;
            OP_CHECK: state_q <= SEND;
            OP_RUN:   state_q <= repeated ? FETCH : FEED;
            default:  state_q <= FINISH;
          endcase
        end
      end
      FINISH: if (!loaded && tx_idle_i) state_q <= IDLE;
      default: state_q <= IDLE;
    endcase

    if (rst_i) begin
      state_q  <= IDLE;
      stop_q   <= 1'b0;
      effect_q <= 1'b0;
      digest_q <= 1'b0;
      seq_q    <= 8'd0;
    end
  end

endmodule

`default_nettype wire
