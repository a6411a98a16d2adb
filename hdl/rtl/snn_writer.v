// snn_writer: appends candidates to the spike list and keeps the pointers.
//
// Before the first candidate of a pixel the list address goes to the pointer memory; a candidate with a nonzero payload
// goes to the list; after the last candidate the list address closes the pointers.
//
// Parameter           Default  Range  Meaning
// IndexBits           12       1..16  bits of a neuron index
// ListAddressBits     11       1..16
// ListPointerBits     12       2..17  bits of a list address that may be one past the end
// PointerAddressBits  10       1..16
//
// Port               Dir  Unit     Meaning
// clk_i              in   clock
// rst_i              in   flag     synchronous; forgets the candidate inside
// start_i            in   flag     begin at the pass registers list_i, pointer_i, index_i, with a new pixel
// channels_i         in   count    candidates a pixel, steady
// emit_i             in   flag     write at all; steady
// ternary_i          in   flag     payloads are two's complement and stored as sign and magnitude; steady
// valid_i            in   flag     a candidate
// payload_i          in   count    its payload
// final_i            in   flag     no candidate comes after this cycle (with or without one in it)
// list_write_o       out  flag     W, one cycle after valid_i: write an entry
// list_address_o     out  word     W
// list_data_o        out  entry    W: {payload, index}
// pointer_write_o    out  flag     W: before a pixel; or in the cycle of done_o
// pointer_address_o  out  word     W
// pointer_data_o     out  entry    W: list address
// index_o            out  index    W: index of the candidate
// valid_o            out  flag     W: a candidate
// done_o             out  flag     two cycles after final_i: the closing pointer is written in this cycle

`default_nettype none

module snn_writer #(
  parameter IndexBits          = 12,
  parameter ListAddressBits    = 11,
  parameter ListPointerBits    = 12,
  parameter PointerAddressBits = 10
) (
  input  wire                          clk_i,
  input  wire                          rst_i,
  input  wire                          start_i,
  input  wire [ListPointerBits-1:0]    list_i,
  input  wire [PointerAddressBits-1:0] pointer_i,
  input  wire [IndexBits-1:0]          index_i,
  input  wire [IndexBits:0]            channels_i,
  input  wire                          emit_i,
  input  wire                          ternary_i,
  input  wire                          valid_i,
  input  wire [7:0]                    payload_i,
  input  wire                          final_i,
  output wire                          list_write_o,
  output wire [ListAddressBits-1:0]    list_address_o,
  output wire [IndexBits+7:0]          list_data_o,
  output wire                          pointer_write_o,
  output wire [PointerAddressBits-1:0] pointer_address_o,
  output wire [ListPointerBits-1:0]    pointer_data_o,
  output wire [IndexBits-1:0]          index_o,
  output wire                          valid_o,
  output wire                          done_o
);

  localparam [IndexBits:0] ONE_CHANNEL = 1;

  reg                          valid_q = 1'b0;
  reg                          live_q  = 1'b0;   // to be listed, if there is a payload
  reg                          final_q = 1'b0;
  reg                          done_q  = 1'b0;
  reg                          negative_q;
  reg [7:0]                    payload_q;
  reg                          pixel_q;
  reg [IndexBits:0]            channel_q;

  wire [IndexBits-1:0]          index;
  wire [ListPointerBits-1:0]    list;
  wire [PointerAddressBits-1:0] pointer;

  // a negative payload arrives as its complement; the missing one is added here
  wire negative = ternary_i && payload_i[7];

  // two tables, for the address of the list counts with it
  (* keep *) wire some_low;
  assign some_low  = |payload_q[3:0];
  (* keep *) wire some_high;
  assign some_high = |payload_q[7:4];
  assign list_write_o      = live_q && (negative_q || some_low || some_high);
  assign list_address_o    = list[ListAddressBits-1:0];
  assign list_data_o       = {payload_q[7] || negative_q, payload_q[6:0] + {6'd0, negative_q}, index};
  assign pointer_write_o   = emit_i && ((valid_q && pixel_q) || done_q);
  assign pointer_address_o = pointer;
  assign pointer_data_o    = list;
  assign index_o           = index;
  assign valid_o           = valid_q;
  assign done_o            = done_q;


  snn_counter #(
    .Width(IndexBits)
  ) index_counter (
    .clk_i  (clk_i),
    .load_i (start_i),
    .value_i(index_i),
    .count_i(valid_q),
    .value_o(index)
  );

  snn_counter #(
    .Width(ListPointerBits)
  ) list_counter (
    .clk_i  (clk_i),
    .load_i (start_i),
    .value_i(list_i),
    .count_i(list_write_o),
    .value_o(list)
  );

  snn_counter #(
    .Width(PointerAddressBits)
  ) pointer_counter (
    .clk_i  (clk_i),
    .load_i (start_i),
    .value_i(pointer_i),
    .count_i(pointer_write_o),
    .value_o(pointer)
  );

  always @(posedge clk_i) begin
    valid_q   <= valid_i;
    live_q    <= valid_i && emit_i;
    payload_q <= payload_i ^ {8{negative}};
    negative_q <= negative;
    final_q   <= final_i;
    done_q    <= final_q;

    if (start_i) begin
      pixel_q   <= 1'b1;
      channel_q <= ONE_CHANNEL;
    end else if (valid_q) begin
      pixel_q   <= channel_q == channels_i;
      channel_q <= channel_q == channels_i ? ONE_CHANNEL : channel_q + ONE_CHANNEL;
    end

    if (rst_i) begin
      valid_q <= 1'b0;
      live_q  <= 1'b0;
      final_q <= 1'b0;
      done_q  <= 1'b0;
    end
  end

`ifdef FORMAL
  // Between two starts: entries go to consecutive addresses from list_i on, none of them is empty, pointers to consecutive
  // words from pointer_i on, one before each channels_i candidates and one at the end, and candidates have consecutive indices.
  reg                          f_begun = 1'b0;
  reg [ListPointerBits-1:0]    f_list;
  reg [PointerAddressBits-1:0] f_pointer;
  reg [IndexBits-1:0]          f_index;
  reg [IndexBits:0]            f_count;     // candidates of the pixel
  reg [IndexBits:0]            f_channels;
  reg                          f_emit;

  always @(*) begin
    assume (channels_i != 0);
    // the steady registers are steady, and nothing is inside when a pass begins
    if (f_begun && !start_i) assume (channels_i == f_channels && emit_i == f_emit);
    if (start_i) assume (!valid_i && !final_i && !valid_q && !final_q && !done_q);
    if (!f_begun) assume (!valid_i && !final_i);
    if (final_q || done_q) assume (!valid_i);
    if (f_begun) begin
      assert (list == f_list && pointer == f_pointer && index == f_index);
      assert (f_count < f_channels);
      assert (pixel_q == (f_count == 0) && channel_q == f_count + 1);
    end
    if (!f_begun) assert (!valid_q && !final_q && !done_q);
    if (f_begun) assert (live_q == (valid_q && f_emit));
    assert (valid_q || !live_q);
    if (list_write_o) assert (emit_i && valid_o && list_address_o == f_list[ListAddressBits-1:0]);
    if (list_write_o) assert (list_data_o == {list_data_o[IndexBits+:8], f_index} && list_data_o[IndexBits+:8] != 8'd0);
    if (pointer_write_o) assert (emit_i && pointer_address_o == f_pointer && pointer_data_o == f_list);
    if (emit_i && valid_o) assert (pointer_write_o == (f_count == 0));
    if (emit_i && done_o) assert (pointer_write_o && !list_write_o);
    if (emit_i && !valid_o && !done_o) assert (!pointer_write_o && !list_write_o);
  end

  always @(posedge clk_i) begin
    if (start_i) begin
      f_begun    <= 1'b1;
      f_list     <= list_i;
      f_pointer  <= pointer_i;
      f_index    <= index_i;
      f_count    <= 0;
      f_channels <= channels_i;
      f_emit     <= emit_i;
    end else begin
      if (list_write_o) f_list <= f_list + 1;
      if (pointer_write_o) f_pointer <= f_pointer + 1;
      if (valid_o) f_index <= f_index + 1;
      if (valid_o) f_count <= f_count + 1 == f_channels ? 0 : f_count + 1;
    end
    cover (list_write_o && pointer_write_o && f_index != index_i && ternary_i && list_data_o[IndexBits+7]);
    cover (done_o && pointer_write_o && f_begun);
  end
`endif

endmodule

`default_nettype wire
