// snn_walker: turns visits into segments of the source's spike list. Two cycles a kernel row.
//
// For each kernel row the pointer memory is read at the first column and one past the last; the two list addresses, with
// the row's weight offset, are a segment. Segments without an entry are dropped, but the last row of a visit is always
// handed on, because it closes the visit. Columns and rows outside the source have no entries.
//
// Parameter           Default  Range  Meaning
// ListAddressBits     11       1..16
// ListPointerBits     12       2..17  bits of a list address that may be one past the end
// PointerAddressBits  10       1..16
// WeightAddressBits   14       1..16
//
// Port               Dir  Unit     Meaning
// clk_i              in   clock
// rst_i              in   flag     synchronous; forgets the visit
// source_*, kernel_rows_i, row_step_i   the pass registers; source_height_n_i is a complement
// enable_o           out  flag     low: the walker waits, because segment_* is still occupied
// visit_*            in/out        the next visit, see snn_stepper
// pointer_address_o  out  word     pointer wanted, read when enable_o is high
// pointer_data_i     in   entry    that pointer, one cycle later (held while enable_o is low)
// segment_valid_o    out  flag     the segment below is ready; a register
// segment_take_i     in   flag     it is taken in this cycle
// segment_start_o    out  entry    list address of the first entry
// segment_count_o    out  entries
// segment_offset_o   out  row      weight offset; holds one more cycle after segment_take_i
// segment_some_o     out  flag     there are entries
// segment_close_o    out  flag     the visit ends with this segment
// segment_first_o, segment_last_o, segment_edge_o, segment_final_o   flags of its visit, see snn_stepper
//
// Row r of a visit taken in cycle t reads its pointers in cycles t+1+2r and t+2+2r; its segment is valid from cycle
// t+4+2r. The next visit is taken in the cycle of the last read at the earliest.

`default_nettype none

module snn_walker #(
  parameter ListAddressBits    = 11,
  parameter ListPointerBits    = 12,
  parameter PointerAddressBits = 10,
  parameter WeightAddressBits  = 14
) (
  input  wire                          clk_i,
  input  wire                          rst_i,
  input  wire [11:0]                   source_width_i,
  input  wire [9:0]                    source_height_n_i,
  input  wire [7:0]                    kernel_rows_i,
  input  wire [WeightAddressBits-1:0]  row_step_i,
  output wire                          enable_o,
  input  wire                          visit_valid_i,
  output wire                          visit_take_o,
  input  wire [PointerAddressBits-1:0] visit_left_i,
  input  wire [PointerAddressBits-1:0] visit_right_i,
  input  wire [PointerAddressBits-1:0] visit_pointer_i,
  input  wire [9:0]                    visit_y_i,
  input  wire [WeightAddressBits-1:0]  visit_weight_i,
  input  wire                          visit_first_i,
  input  wire                          visit_last_i,
  input  wire                          visit_edge_i,
  input  wire                          visit_final_i,
  output wire [PointerAddressBits-1:0] pointer_address_o,
  input  wire [ListPointerBits-1:0]    pointer_data_i,
  output wire                          segment_valid_o,
  input  wire                          segment_take_i,
  output wire [ListAddressBits-1:0]    segment_start_o,
  output wire [ListPointerBits-1:0]    segment_count_o,
  output wire [WeightAddressBits-1:0]  segment_offset_o,
  output wire                          segment_some_o,
  output wire                          segment_close_o,
  output wire                          segment_first_o,
  output wire                          segment_last_o,
  output wire                          segment_edge_o,
  output wire                          segment_final_o
);

  // the visit that is walked; right_phase_q: the second pointer of the row is read
  reg                          run_q         = 1'b0;
  reg                          right_phase_q = 1'b0;
  reg                          opening_q     = 1'b0;
  reg [PointerAddressBits-1:0] left_q;
  reg [PointerAddressBits-1:0] right_q;
  reg [PointerAddressBits-1:0] row_pointer_q;
  reg [7:0]                    row_q;
  reg                          last_row_q;
  wire [10:0]                  y;

  // the row whose second pointer is at the memory's output
  reg                         done_q = 1'b0;
  reg [ListPointerBits-1:0]   start_n_q;
  reg                         row_exists_q;
  reg                         first_q;
  reg                         close_q;

  reg                         segment_valid_q = 1'b0;
  reg [ListAddressBits-1:0]   segment_start_q;
  reg [ListPointerBits-1:0]   segment_count_q;
  reg [WeightAddressBits-1:0] segment_offset_q;
  reg                         segment_some_q;
  reg                         segment_close_q;
  reg [3:0]                   segment_flags_q;

  // as wide as the widest pointer address
  wire [15:0] width = {4'd0, source_width_i};
  wire no_rows  = kernel_rows_i == 8'd0;

  // y >= height: y + ~height + 1 carries; a negative y is a large unsigned number
  wire [12:0] beyond     = {1'b0, y, 1'b1} + {2'b01, source_height_n_i, 1'b1};
  wire        row_exists = !no_rows && !beyond[12];

  wire some = row_exists_q && pointer_data_i != ~start_n_q;

  // end - start; the complement of the start needs no inverters here
  wire [ListPointerBits:0] count = {pointer_data_i, 1'b1} + {start_n_q, 1'b1};
  wire keep = some || close_q;

  // rows without entries wait as well: the pointer would come late for this decision
  assign enable_o     = !(done_q && segment_valid_q);
  assign visit_take_o = visit_valid_i && enable_o && (!run_q || (right_phase_q && last_row_q));

  assign pointer_address_o = row_pointer_q + (right_phase_q ? right_q : left_q);

  assign segment_valid_o  = segment_valid_q;
  assign segment_start_o  = segment_start_q;
  assign segment_count_o  = segment_count_q;
  assign segment_offset_o = segment_offset_q;
  assign segment_some_o   = segment_some_q;
  assign segment_close_o  = segment_close_q;
  assign {segment_first_o, segment_last_o, segment_edge_o, segment_final_o} = segment_flags_q;

  wire unused_bits = &{1'b0, width, beyond, count};

  snn_counter #(
    .Width(11)
  ) y_counter (
    .clk_i  (clk_i),
    .load_i (!run_q || (right_phase_q && last_row_q)),
    .value_i({visit_y_i[9], visit_y_i}),
    .count_i(right_phase_q),
    .value_o(y)
  );

  always @(posedge clk_i) begin
    if (enable_o) begin
      if (visit_take_o) begin
        left_q        <= visit_left_i;
        right_q       <= visit_right_i;
        row_pointer_q <= visit_pointer_i;
        row_q         <= 8'd1;
        opening_q     <= 1'b1;
        run_q         <= 1'b1;
        right_phase_q <= 1'b0;
      end else if (run_q) begin
        right_phase_q <= !right_phase_q;
        if (right_phase_q) begin
          opening_q     <= 1'b0;
          row_pointer_q <= row_pointer_q + width[PointerAddressBits-1:0];
          row_q         <= row_q + 8'd1;
          if (last_row_q) run_q <= 1'b0;
        end
      end

      done_q <= run_q && right_phase_q;
      if (right_phase_q) begin
        start_n_q <= ~pointer_data_i;
        row_exists_q <= row_exists;
        first_q  <= opening_q;
        close_q  <= last_row_q;
      end

      if (!right_phase_q) last_row_q <= no_rows || row_q == kernel_rows_i;
    end

    if (done_q && !segment_valid_q) begin
      segment_valid_q  <= keep;
      segment_start_q  <= ~start_n_q[ListAddressBits-1:0];
      segment_count_q  <= count[ListPointerBits:1];
      segment_offset_q <= first_q ? visit_weight_i : segment_offset_q + row_step_i;
      segment_some_q   <= some;
      segment_close_q  <= close_q;
      if (first_q) segment_flags_q <= {visit_first_i, visit_last_i, visit_edge_i, visit_final_i};
    end else if (segment_take_i) begin
      segment_valid_q <= 1'b0;
    end

    if (rst_i) begin
      run_q           <= 1'b0;
      right_phase_q   <= 1'b0;
      done_q          <= 1'b0;
      segment_valid_q <= 1'b0;
    end
  end

`ifdef FORMAL
  // Each row's segment is what its two pointers say, rows outside the source have none, rows come in order, and exactly the
  // last row closes the visit. Visits are taken one at a time; what a busy consumer holds up is not lost.
  reg [7:0]                 f_row = 8'd0;        // of the visit that is walked
  reg [7:0]                 f_done_row;          // of the row whose second pointer is at the memory's output
  reg [9:0]                 f_y;
  reg [9:0]                 f_done_y;
  reg [ListPointerBits-1:0] f_left;              // first pointer of that row
  (* anyconst *) reg [7:0]  f_rows;
  (* anyconst *) reg [9:0]  f_height;
  wire [10:0]               f_row_y = {f_done_y[9], f_done_y} + {3'd0, f_done_row};
  wire                      f_inside = f_rows != 0 && !f_row_y[10] && f_row_y < {1'b0, f_height};

  always @(*) begin
    assume (kernel_rows_i == f_rows && source_height_n_i == ~f_height);
    assume (!segment_take_i || segment_valid_o);
    if (run_q) assert (f_rows == 0 ? f_row == 0 : f_row < f_rows);
    if (run_q) assert (row_q == f_row + 8'd1 && y == {f_y[9], f_y} + {3'd0, f_row} && opening_q == (f_row == 0));
    if (right_phase_q) assert (run_q && last_row_q == (f_rows == 0 || f_row + 8'd1 == f_rows));
    assert (!(done_q && right_phase_q));
    if (visit_take_o) assert (enable_o && (!run_q || (right_phase_q && f_row + 8'd1 >= f_rows)));
    if (done_q) assert (start_n_q == ~f_left && row_exists_q == f_inside && first_q == (f_done_row == 0));
    if (done_q) assert (close_q == (f_rows == 0 || f_done_row + 8'd1 == f_rows));
    if (segment_valid_o) assert (segment_some_o || segment_close_o);
  end

  // a new segment is the row that was at the memory's output
  reg                       f_new = 1'b0;
  reg [ListPointerBits-1:0] f_start;
  reg [ListPointerBits-1:0] f_end;
  reg                       f_new_inside;
  reg                       f_new_close;

  // a row waits while the segment before it does, which does not change meanwhile
  reg                       f_waits = 1'b0;
  reg [7:0]                 f_waiting_row;
  reg                       f_kept = 1'b0;
  wire [ListAddressBits+ListPointerBits+WeightAddressBits+5:0] f_segment = {segment_start_o, segment_count_o, segment_offset_o,
    segment_some_o, segment_close_o, segment_first_o, segment_last_o, segment_edge_o, segment_final_o};
  reg  [ListAddressBits+ListPointerBits+WeightAddressBits+5:0] f_kept_segment;

  always @(*) begin
    if (f_waits) assert (done_q && f_done_row == f_waiting_row);
    if (f_kept) assert (segment_valid_o && f_segment == f_kept_segment);
    if (f_new) assert (segment_valid_o == (f_new_close || (f_new_inside && f_start != f_end)));
    if (f_new && segment_valid_o) assert (segment_close_o == f_new_close && segment_some_o == (f_new_inside && f_start != f_end));
    if (f_new && segment_some_o) assert (segment_start_o == f_start[ListAddressBits-1:0] && segment_count_o == f_end - f_start);
    if (f_new && segment_some_o) assert (segment_count_o != 0);
  end

  always @(posedge clk_i) begin
    if (visit_take_o) begin
      f_row <= 8'd0;
      f_y   <= visit_y_i;
    end else if (enable_o && right_phase_q && !last_row_q) f_row <= f_row + 8'd1;
    if (enable_o && right_phase_q) begin
      f_done_row <= f_row;
      f_done_y   <= f_y;
      f_left     <= pointer_data_i;
    end
    f_waits        <= done_q && segment_valid_o && !rst_i;
    f_waiting_row  <= f_done_row;
    f_kept         <= segment_valid_o && !segment_take_i && !rst_i;
    f_kept_segment <= f_segment;
    f_new        <= done_q && !segment_valid_q && !rst_i;
    f_start      <= f_left;
    f_end        <= pointer_data_i;
    f_new_inside <= f_inside;
    f_new_close  <= close_q;
    cover (segment_valid_o && segment_some_o && segment_close_o && segment_count_o == 2 && f_rows == 2);
    cover (!enable_o && run_q);
  end
`endif

endmodule

`default_nettype wire
