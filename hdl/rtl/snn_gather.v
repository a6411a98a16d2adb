// snn_gather: walks segments of the spike list, one entry a cycle, and fetches the entry's row of weights.
//
// Stages: G0 the list is read, G1 the entry is there and its index added to the weight offset, G2 the weights are read,
// G3 the row of weights is at the memory's output. After the last entry of a visit one cycle carries the closing token;
// two tokens are at least as many cycles apart as the earlier visit has lanes, because its sums leave one a cycle; in a
// core with dynamics as many as spacing_i says.
//
// Parameter          Default  Range  Meaning
// IndexBits          12       1..16  bits of a neuron index
// ListAddressBits    11       1..16
// ListPointerBits    12       2..17  bits of a list address that may be one past the end
// WeightAddressBits  14       1..16
// Dynamics           0        0..1
//
// Port               Dir  Unit     Meaning
// clk_i              in   clock
// rst_i              in   flag     synchronous; forgets everything
// signed_i           in   flag     payloads are sign and magnitude
// lanes_visit_i, lanes_last_i      the pass register `lanes`
// spacing_i          in   cycles   register `spacing`, with Dynamics
// segment_*          in/out        segments, see snn_walker
// list_read_o        out  flag     G0: an entry is read
// list_address_o     out  word     G0
// list_data_i        in   entry    G1: {payload, index}
// lanes_o            out  lanes    G0: lanes used in the visit
// weight_address_o   out  row      G2
// add_o              out  flag     G3: the row times the payload is to be added
// close_o            out  flag     G3: the visit ends, its sums are complete
// payload_o          out  count    G3: magnitude
// negative_o         out  flag     G3: sign
// first_o, last_o, edge_o, final_o   G3: flags of the visit, with close_o; see snn_stepper
// early_close_o      out  flag     G2: close_o in the next cycle
// early_flags_o      out  bits     G2: {first, last, edge, final}
//
// A segment is taken in the cycle in which the one before reads its last entry, or its token goes out.

`default_nettype none

module snn_gather #(
  parameter IndexBits         = 12,
  parameter ListAddressBits   = 11,
  parameter ListPointerBits   = 12,
  parameter WeightAddressBits = 14,
  parameter Dynamics          = 0
) (
  input  wire                         clk_i,
  input  wire                         rst_i,
  input  wire                         signed_i,
  input  wire [5:0]                   lanes_visit_i,
  input  wire [5:0]                   lanes_last_i,
  input  wire [5:0]                   spacing_i,
  input  wire                         segment_valid_i,
  output wire                         segment_take_o,
  input  wire [ListAddressBits-1:0]   segment_start_i,
  input  wire [ListPointerBits-1:0]   segment_count_i,
  input  wire [WeightAddressBits-1:0] segment_offset_i,
  input  wire                         segment_some_i,
  input  wire                         segment_close_i,
  input  wire                         segment_first_i,
  input  wire                         segment_last_i,
  input  wire                         segment_edge_i,
  input  wire                         segment_final_i,
  output wire                         list_read_o,
  output wire [ListAddressBits-1:0]   list_address_o,
  input  wire [IndexBits+7:0]         list_data_i,
  output wire [5:0]                   lanes_o,
  output wire [WeightAddressBits-1:0] weight_address_o,
  output wire                         add_o,
  output wire                         close_o,
  output wire [7:0]                   payload_o,
  output wire                         negative_o,
  output wire                         first_o,
  output wire                         last_o,
  output wire                         edge_o,
  output wire                         final_o,
  output wire                         early_close_o,
  output wire [3:0]                   early_flags_o
);

  // G0
  reg                         entry_q = 1'b0;
  reg                         token_q = 1'b0;
  reg                         at_last_q;
  reg                         free_q = 1'b1;
  reg [WeightAddressBits-1:0] offset_q;
  reg                         taken_q = 1'b0;
  reg                         close_q;
  reg [3:0]                   flags_q;

  wire [ListAddressBits-1:0] address;
  // complements: entries left, this one included; cycles until the next token may go, and one more
  wire [ListPointerBits-1:0] left_n;
  wire [5:0]                 space_n;


  localparam [ListPointerBits-1:0] ONE_LEFT = ~1;
  localparam [ListPointerBits-1:0] TWO_LEFT = ~2;

  // what the counters will say is decided one cycle ahead
  wire last_entry = entry_q && at_last_q;
  wire token      = token_q && free_q;

  // known before it is clear that a segment is taken; if none is, the counters do not matter
  wire reload = !entry_q || at_last_q;
  wire edge_here  = flags_q[1];

  assign segment_take_o = segment_valid_i && ((!entry_q && !token_q) || (last_entry && !close_q) || token);
  assign list_read_o    = entry_q;
  assign list_address_o = address;
  assign lanes_o        = edge_here ? lanes_last_i : lanes_visit_i;

  wire [5:0] space = Dynamics != 0 ? spacing_i : lanes_o;

  snn_counter #(
    .Width(ListAddressBits)
  ) address_counter (
    .clk_i  (clk_i),
    .load_i (reload),
    .value_i(segment_start_i),
    .count_i(1'b1),
    .value_o(address)
  );

  snn_counter #(
    .Width(ListPointerBits)
  ) left_counter (
    .clk_i  (clk_i),
    .load_i (reload),
    .value_i(~segment_count_i),
    .count_i(1'b1),
    .value_o(left_n)
  );

  snn_counter #(
    .Width(6)
  ) space_counter (
    .clk_i  (clk_i),
    .load_i (token),
    .value_i(~space),
    .count_i(1'b1),
    .value_o(space_n)
  );

  always @(posedge clk_i) begin
    if (segment_take_o) begin
      close_q   <= segment_close_i;
      flags_q   <= {segment_first_i, segment_last_i, segment_edge_i, segment_final_i};
      entry_q   <= segment_some_i;
      token_q   <= !segment_some_i;
    end else begin
      if (last_entry) entry_q <= 1'b0;
      if (last_entry && close_q) token_q <= 1'b1;
      else if (token) token_q <= 1'b0;
    end
    at_last_q <= reload ? ~segment_count_i == ONE_LEFT : left_n == TWO_LEFT;
    // with spacing_i the next pass may be ready before the spaces of this one are over
    if (token) free_q <= (Dynamics != 0 && flags_q[0]) || space[5:1] == 5'd0;
    else if (space_n == ~6'd2) free_q <= 1'b1;

    // the entry in G1 still belongs to the segment before; segment_offset_i holds one more cycle
    taken_q <= segment_take_o;
    if (taken_q) offset_q <= segment_offset_i;
    if (rst_i) begin
      entry_q <= 1'b0;
      token_q <= 1'b0;
      free_q  <= 1'b1;
    end
  end

  // G1
  reg                         entry1_q = 1'b0;
  reg                         token1_q = 1'b0;
  reg [3:0]                   flags1_q;

  wire [7:0]                   payload1 = list_data_i[IndexBits+:8];
  wire [WeightAddressBits-1:0] index1;

  generate
    if (WeightAddressBits > IndexBits) begin : gen_wide
      assign index1 = {{(WeightAddressBits-IndexBits){1'b0}}, list_data_i[IndexBits-1:0]};
    end else begin : gen_narrow
      assign index1 = list_data_i[WeightAddressBits-1:0];
      wire unused_index = &{1'b0, list_data_i};
    end
  endgenerate

  // G2
  reg                         entry2_q = 1'b0;
  reg                         token2_q = 1'b0;
  reg [WeightAddressBits-1:0] weight_address_q;
  reg [7:0]                   payload2_q;
  reg                         negative2_q;
  reg [3:0]                   flags2_q;

  // G3
  reg       entry3_q = 1'b0;
  reg       token3_q = 1'b0;
  reg [7:0] payload3_q;
  reg       negative3_q;
  reg [3:0] flags3_q;

  assign weight_address_o = weight_address_q;
  assign add_o            = entry3_q;
  assign close_o          = token3_q;
  assign payload_o        = payload3_q;
  assign negative_o       = negative3_q;
  assign {first_o, last_o, edge_o, final_o} = flags3_q;
  assign early_close_o    = token2_q;
  assign early_flags_o    = flags2_q;

  always @(posedge clk_i) begin
    entry1_q         <= entry_q;
    token1_q         <= token;
    flags1_q         <= flags_q;
    entry2_q         <= entry1_q;
    token2_q         <= token1_q;
    weight_address_q <= offset_q + index1;
    payload2_q       <= {payload1[7] && !signed_i, payload1[6:0]};
    negative2_q      <= payload1[7] && signed_i;
    flags2_q         <= flags1_q;
    entry3_q         <= entry2_q;
    token3_q         <= token2_q;
    payload3_q       <= payload2_q;
    negative3_q      <= negative2_q;
    flags3_q         <= flags2_q;
    if (rst_i) begin
      entry1_q <= 1'b0;
      token1_q <= 1'b0;
      entry2_q <= 1'b0;
      token2_q <= 1'b0;
      entry3_q <= 1'b0;
      token3_q <= 1'b0;
    end
  end

`ifdef FORMAL
  // Every entry of a segment is read once and in order, nothing else is read; a segment is taken only when the one before is
  // read to its end; tokens are at least as far apart as the earlier visit has lanes, and nothing is lost behind G0.
  reg                         f_open = 1'b0;    // a segment is being read, or its token waits
  reg [ListAddressBits-1:0]   f_start;
  reg [ListPointerBits-1:0]   f_count;
  reg [ListPointerBits-1:0]   f_read;           // entries of it that were read
  wire [ListAddressBits-1:0]  f_address = f_start + f_read[ListAddressBits-1:0];
  reg                         f_close;
  reg [WeightAddressBits-1:0] f_offset;
  reg [5:0]                   f_gap = 6'd0;     // cycles until the next token may go
  reg [2:0]                   f_adds = 3'd0;
  reg [2:0]                   f_tokens = 3'd0;
  reg [WeightAddressBits-1:0] f_offset1;        // of the entry that is in G1
  reg [WeightAddressBits-1:0] f_row;            // of the entry that is in G2

  always @(*) begin
    assume (segment_some_i == (segment_count_i != 0) && (segment_some_i || segment_close_i));
    assume (segment_count_i[ListPointerBits-1:ListPointerBits-2] != 2'b11);
    assume (lanes_visit_i != 0 && lanes_last_i != 0);
    if (taken_q) assume (segment_offset_i == f_offset);
    if (list_read_o) assert (f_open && f_read < f_count && list_address_o == f_address);
    if (segment_take_o && f_open) assert (f_close ? token : f_read + 1 == f_count);
    if (token) assert (f_open && f_close && f_read == f_count && f_gap == 0);
    if (f_open) assert (f_read <= f_count && close_q == f_close && (entry_q == (f_read < f_count)) && token_q == !entry_q);
    if (f_open && entry_q) assert (left_n == ~(f_count - f_read) && at_last_q == (f_count - f_read == 1));
    if (f_open && !f_close) assert (f_read < f_count);
    if (f_open) assert (f_count[ListPointerBits-1:ListPointerBits-2] != 2'b11);
    if (!f_open) assert (!entry_q && !token_q);
    if (f_open && !taken_q) assert (offset_q == f_offset);
    if (!free_q) assert (f_gap == ~space_n - 6'd1 && f_gap != 0);
    if (free_q) assert (f_gap == 0);
    assert ({add_o, entry2_q, entry1_q} == f_adds && {close_o, token2_q, token1_q} == f_tokens);
    if (entry1_q) assert (offset_q == f_offset1);
    if (entry2_q) assert (weight_address_o == f_row);
  end

  always @(posedge clk_i) begin
    if (segment_take_o) begin
      f_open   <= 1'b1;
      f_start  <= segment_start_i;
      f_count  <= segment_count_i;
      f_read   <= 0;
      f_close  <= segment_close_i;
      f_offset <= segment_offset_i;
    end else begin
      if (list_read_o) f_read <= f_read + 1;
      if (token || (list_read_o && !f_close && f_read + 1 == f_count)) f_open <= 1'b0;
    end
    f_gap    <= token ? lanes_o - 6'd1 : f_gap == 0 ? 6'd0 : f_gap - 6'd1;
    f_adds   <= {f_adds[1:0], list_read_o};
    f_tokens <= {f_tokens[1:0], token};
    f_offset1 <= f_offset;
    f_row    <= f_offset1 + index1;
    if (rst_i) begin
      f_open   <= 1'b0;
      f_gap    <= 6'd0;
      f_adds   <= 3'd0;
      f_tokens <= 3'd0;
    end
    cover (token && segment_take_o && f_count == 2);
    cover (list_read_o && segment_take_o && !f_close);
    cover (close_o && token_q && !free_q);
  end
`endif

endmodule

`default_nettype wire
