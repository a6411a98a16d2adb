// snn_stepper: loop nest of a pass. Computes where each visit starts; the walker takes one visit after the other.
//
// Levels, innermost first: window column, window row, group, position column, position row. When a level advances, the
// two words of its step are read from the program memory and added to x, y, pointer and weight offset of the visit.
//
// Parameter           Default  Range  Meaning
// PointerAddressBits  10       1..16
// WeightAddressBits   14       1..16
// ProgramAddressBits  8        5..10
//
// Port               Dir  Unit     Meaning
// clk_i              in   clock
// rst_i              in   flag     synchronous; forgets the pass
// start_i            in   flag     begin a pass at the origin
// enable_i           in   flag     low: nothing moves
// origin_*, grid_*, window_*, kernel_width_i, source_width_i, weight_base_i   the pass registers
// table_i            in   word     program address of level 0
// table_address_o    out  word     step word wanted
// table_read_o       out  flag     it is wanted, when enable_i is high
// table_data_i       in   bits     that word, one cycle later (held while enable_i is low)
// visit_valid_o      out  flag     the visit below is ready
// visit_take_i       in   flag     it is taken in this cycle; visit_weight_o and the flags hold three
//                                  more enabled cycles
// visit_left_o       out  pixels   first source column, clipped to 0..width
// visit_right_o      out  pixels   one past the last source column, clipped
// visit_pointer_o    out  word     pointer address of (0, y)
// visit_y_o          out  pixels   first source row, signed
// visit_weight_o     out  row      weight offset of the first kernel row
// visit_first_o      out  flag     first of the pool window
// visit_last_o       out  flag     last of the pool window
// visit_edge_o       out  flag     last group of lanes
// visit_final_o      out  flag     last of the pass
//
// The first visit is ready 2 cycles after start_i, the next one 4 cycles after visit_take_i.

`default_nettype none

module snn_stepper #(
  parameter PointerAddressBits = 10,
  parameter WeightAddressBits  = 14,
  parameter ProgramAddressBits = 8
) (
  input  wire                          clk_i,
  input  wire                          rst_i,
  input  wire                          start_i,
  input  wire                          enable_i,
  input  wire [11:0]                   origin_x_i,
  input  wire [9:0]                    origin_y_i,
  input  wire [PointerAddressBits-1:0] origin_pointer_i,
  input  wire [WeightAddressBits-1:0]  weight_base_i,
  input  wire [10:0]                   grid_columns_i,
  input  wire [10:0]                   grid_rows_i,
  input  wire [3:0]                    window_columns_i,
  input  wire [3:0]                    window_rows_i,
  input  wire [9:0]                    window_groups_i,
  input  wire [11:0]                   kernel_width_i,
  input  wire [11:0]                   source_width_i,
  input  wire [ProgramAddressBits-1:0] table_i,
  output wire [ProgramAddressBits-1:0] table_address_o,
  output wire                          table_read_o,
  input  wire [31:0]                   table_data_i,
  output wire                          visit_valid_o,
  input  wire                          visit_take_i,
  output wire [PointerAddressBits-1:0] visit_left_o,
  output wire [PointerAddressBits-1:0] visit_right_o,
  output wire [PointerAddressBits-1:0] visit_pointer_o,
  output wire [9:0]                    visit_y_o,
  output wire [WeightAddressBits-1:0]  visit_weight_o,
  output wire                          visit_first_o,
  output wire                          visit_last_o,
  output wire                          visit_edge_o,
  output wire                          visit_final_o
);

  // settle: the sums are new, look at them; ready: wait for the walker; fetch: read the first word; step0, step1: add
  // the two words
  reg settle_q = 1'b0;
  reg ready_q  = 1'b0;
  reg fetch_q  = 1'b0;
  reg step0_q  = 1'b0;
  reg step1_q  = 1'b0;

  reg [11:0]                   x_q;
  reg [9:0]                    y_q;
  reg [PointerAddressBits-1:0] pointer_q;
  reg [WeightAddressBits-1:0]  weight_q;
  reg [13:0]                   right_q;
  reg [4:0]                    end_q;

  // counters run 1..limit
  reg [3:0]  window_column_q;
  reg [3:0]  window_row_q;
  reg [9:0]  group_q;
  reg [10:0] column_q;
  reg [10:0] row_q;
  reg        first_q;

  // inner_q[k]: the levels inside level k are at their end, so level k advances or restarts
  reg [4:1] inner_q;
  reg [2:0] level_q;

  wire looking = settle_q || step1_q;

  assign table_address_o = table_i + {{(ProgramAddressBits-4){1'b0}}, level_q, step0_q};

  assign table_read_o    = fetch_q || step0_q;

  // columns, clipped to 0..width
  // a > width: a + ~width carries
  wire [11:0] width_n    = ~source_width_i;
  wire [12:0] left_sum   = {1'b0, x_q} + {1'b0, width_n};
  wire [13:0] right_sum  = {1'b0, right_q[12:0]} + {2'b01, width_n};
  wire        left_over  = !x_q[11] && left_sum[12];
  wire        right_over = !right_q[13] && right_sum[13];

  // as wide as the widest pointer address
  wire [15:0] width = {4'd0, source_width_i};
  wire [15:0] left  = {5'd0, x_q[10:0]};
  wire [15:0] right = {3'd0, right_q[12:0]};

  assign visit_left_o = x_q[11] ? {PointerAddressBits{1'b0}}
                      : left_over ? width[PointerAddressBits-1:0] : left[PointerAddressBits-1:0];
  assign visit_right_o = right_q[13] ? {PointerAddressBits{1'b0}}
                       : right_over ? width[PointerAddressBits-1:0] : right[PointerAddressBits-1:0];

  assign visit_valid_o   = ready_q;
  assign visit_pointer_o = pointer_q;
  assign visit_y_o       = y_q;
  assign visit_weight_o  = weight_q;
  assign visit_first_o   = first_q;
  assign visit_last_o    = &end_q[1:0];
  assign visit_edge_o    = end_q[2];
  assign visit_final_o   = &end_q;

  wire unused_bits = &{1'b0, table_data_i, left_sum, right_sum, width, left, right};

  always @(posedge clk_i) begin
    if (start_i) begin
      x_q       <= origin_x_i;
      y_q       <= origin_y_i;
      pointer_q <= origin_pointer_i;
      weight_q  <= weight_base_i;
    end else if (enable_i) begin
      if (step0_q) begin
        x_q <= x_q + table_data_i[11:0];
        y_q <= y_q + table_data_i[21:12];
      end
      if (step1_q) begin
        weight_q  <= weight_q + table_data_i[WeightAddressBits-1:0];
        pointer_q <= pointer_q + table_data_i[16+:PointerAddressBits];
      end
    end

    if (enable_i && looking) begin
      right_q <= {{2{x_q[11]}}, x_q} + {2'b00, kernel_width_i};
      end_q   <= {row_q == grid_rows_i, column_q == grid_columns_i, group_q == window_groups_i,
                  window_row_q == window_rows_i, window_column_q == window_columns_i};
    end

    if (enable_i && ready_q) begin
      inner_q <= {&end_q[3:0], &end_q[2:0], &end_q[1:0], end_q[0]};
      level_q <= !end_q[0] ? 3'd0 : !end_q[1] ? 3'd1 : !end_q[2] ? 3'd2 : !end_q[3] ? 3'd3 : 3'd4;
    end

    // synchronous resets to 1 come after the increments
    if (enable_i && step0_q) begin
      window_column_q <= window_column_q + 4'd1;
      if (inner_q[1]) window_row_q <= window_row_q + 4'd1;
      if (inner_q[2]) group_q <= group_q + 10'd1;
      if (inner_q[3]) column_q <= column_q + 11'd1;
      if (inner_q[4]) row_q <= row_q + 11'd1;
    end
    if (start_i || (enable_i && step0_q && inner_q[1])) window_column_q <= 4'd1;
    if (start_i || (enable_i && step0_q && inner_q[2])) window_row_q <= 4'd1;
    if (start_i || (enable_i && step0_q && inner_q[3])) group_q <= 10'd1;
    if (start_i || (enable_i && step0_q && inner_q[4])) column_q <= 11'd1;
    if (start_i) row_q <= 11'd1;
    if (start_i) first_q <= 1'b1;
    else if (enable_i && step1_q) first_q <= inner_q[2];

    if (start_i) begin
      settle_q <= 1'b1;
    end else if (enable_i) begin
      settle_q <= 1'b0;
      ready_q  <= looking || (ready_q && !visit_take_i);
      fetch_q  <= ready_q && visit_take_i && !visit_final_o;
      step0_q  <= fetch_q;
      step1_q  <= step0_q;
    end

    if (rst_i) begin
      settle_q <= 1'b0;
      ready_q  <= 1'b0;
      fetch_q  <= 1'b0;
      step0_q  <= 1'b0;
      step1_q  <= 1'b0;
    end
  end

`ifdef FORMAL
  // Columns that are handed on lie in the row; the loop counters stay within their limits; a step is read between visits only.
  wire [4:0] f_phase = {step1_q, step0_q, fetch_q, ready_q, settle_q};
  reg        f_begun = 1'b0;
  (* anyconst *) reg [63:0] f_registers;
  wire [63:0] f_now = {grid_columns_i, grid_rows_i, window_columns_i, window_rows_i, window_groups_i, kernel_width_i, source_width_i};

  always @(*) begin
    assume (f_now == f_registers);
    assume (grid_columns_i != 0 && grid_rows_i != 0 && window_columns_i != 0 && window_rows_i != 0 && window_groups_i != 0);
    // a pass begins when none is under way
    if (start_i) assume (f_phase == 5'd0 && !rst_i);
    assert ((f_phase & (f_phase - 5'd1)) == 5'd0);
    if (f_phase != 5'd0) assert (f_begun);
    if (visit_valid_o) assert (visit_left_o <= visit_right_o && visit_right_o <= source_width_i);
    if (visit_valid_o) assert (!table_read_o);
    if (ready_q) assert (right_q == {{2{x_q[11]}}, x_q} + {2'b00, kernel_width_i});
    if (f_begun) begin
      assert (window_column_q != 0 && window_column_q <= window_columns_i && window_row_q != 0 && window_row_q <= window_rows_i);
      assert (group_q != 0 && group_q <= window_groups_i);
      assert (column_q != 0 && column_q <= grid_columns_i && row_q != 0 && row_q <= grid_rows_i);
    end
    // what the flags say is so
    if (ready_q || fetch_q || step0_q) begin
      assert (end_q[0] == (window_column_q == window_columns_i) && end_q[1] == (window_row_q == window_rows_i));
      assert (end_q[2] == (group_q == window_groups_i) && end_q[3] == (column_q == grid_columns_i));
      assert (end_q[4] == (row_q == grid_rows_i));
    end
    if (fetch_q || step0_q) assert (!visit_final_o && inner_q == {&end_q[3:0], &end_q[2:0], &end_q[1:0], end_q[0]});
    if (visit_valid_o) assert (visit_last_o == (end_q[0] && end_q[1]) && visit_edge_o == end_q[2]);
  end

  always @(posedge clk_i) begin
    if (start_i) f_begun <= 1'b1;
    cover (visit_valid_o && visit_final_o && window_row_q == 2 && visit_right_o > visit_left_o);
  end
`endif

endmodule

`default_nettype wire
