// snn_scatter: adds the sparse synapses of a list of events to the synaptic currents of their targets, see
// src/arch/dynamics/scatter.ts.
//
// Cycle 0 is that of start_i. The events are found in 0..3 (two pointers); then each takes 2 cycles, and 2 for each of its
// synapses: in the first the state of the target is read, in the second it is there and written. A row of synapses is
// read again and again until both have been taken.
//
// Parameters: as in snn_core; rows of weights have 64 bits.
//
// Port               Dir  Unit   Meaning
// clk_i              in   clock
// rst_i              in   flag   synchronous; stops
// start_i            in   flag   first cycle
// run_i              in   flag   the instruction is under way, its first cycle included
// origin_pointer_i   in   word   register; steady
// weight_base_i      in   row    register; steady
// pointer_address_o  out  word   read in this cycle; what was read stays until the next start_i
// pointer_data_i     in   word   one cycle later
// list_address_o     out  word   read in this cycle
// list_index_i       in   index  one cycle later
// weight_address_o   out  row    read in this cycle
// weight_data_i      in   row    one cycle later
// state_address_o    out  word   read, or with write_o written
// current_i          in   lsb    J of the word that was read in the cycle before
// current_o          out  lsb    its new J
// write_o            out  flag   one synapse
// finished_o         out  flag   last cycle

`default_nettype none

module snn_scatter #(
  parameter IndexBits          = 12,
  parameter ListAddressBits    = 10,
  parameter ListPointerBits    = 11,
  parameter PointerAddressBits = 8,
  parameter StateAddressBits   = 10,
  parameter WeightAddressBits  = 14
) (
  input  wire                          clk_i,
  input  wire                          rst_i,
  input  wire                          start_i,
  input  wire                          run_i,
  input  wire [PointerAddressBits-1:0] origin_pointer_i,
  input  wire [WeightAddressBits-1:0]  weight_base_i,
  output wire [PointerAddressBits-1:0] pointer_address_o,
  input  wire [ListPointerBits-1:0]    pointer_data_i,
  output wire [ListAddressBits-1:0]    list_address_o,
  input  wire [IndexBits-1:0]          list_index_i,
  output wire [WeightAddressBits-1:0]  weight_address_o,
  input  wire [63:0]                   weight_data_i,
  output wire [StateAddressBits-1:0]   state_address_o,
  input  wire [15:0]                   current_i,
  output wire [15:0]                   current_o,
  output wire                          write_o,
  output wire                          finished_o
);

  localparam [PointerAddressBits-1:0] ONE_POINTER = 1;
  localparam [1:0]                    NONE = 2'd0, ONE = 2'd1, TWO = 2'd2;

  // phases, one hot: pointers; the first row of a list is read; it is there; state is read; state is there
  reg [2:0] find_q  = 3'd0;
  reg       row_q   = 1'b0;
  reg       there_q = 1'b0;
  reg       read_q  = 1'b0;
  reg       add_q   = 1'b0;

  reg                         second_q, last_q;
  reg [WeightAddressBits-1:0] address_q;
  reg [StateAddressBits-1:0]  target_q;
  reg [7:0]                   weight_q;
  wire [ListPointerBits-1:0]  entry;

  // of the row that is there: the synapse whose turn it is
  wire [1:0]  left    = weight_data_i[63:62];
  wire        second  = add_q && second_q;
  wire [23:0] synapse = second ? weight_data_i[47:24] : weight_data_i[23:0];

  // an event is through: the next one's entry is there
  wire through = find_q[2] || (there_q && left == NONE) || (add_q && last_q);
  wire some    = entry != pointer_data_i;
  wire loads   = (there_q && left != NONE) || (add_q && !last_q);

  assign pointer_address_o = origin_pointer_i + (start_i ? {PointerAddressBits{1'b0}} : ONE_POINTER);
  assign list_address_o    = entry[ListAddressBits-1:0];
  assign weight_address_o  = address_q;
  assign state_address_o   = target_q;
  assign current_o         = current_i + {{8{weight_q[7]}}, weight_q};
  assign write_o           = add_q && run_i;
  assign finished_o        = through && !some;

  wire unused_bits = &{1'b0, synapse, weight_data_i, list_index_i, entry};

  snn_counter #(
    .Width(ListPointerBits)
  ) entry_counter (
    .clk_i  (clk_i),
    .load_i (find_q[0]),
    .value_i(pointer_data_i),
    .count_i(through),
    .value_o(entry)
  );

  wire [WeightAddressBits-1:0] first_row;

  generate
    if (WeightAddressBits > IndexBits) begin : gen_wide
      assign first_row = weight_base_i + {{(WeightAddressBits-IndexBits){1'b0}}, list_index_i};
    end else begin : gen_narrow
      assign first_row = weight_base_i + list_index_i[WeightAddressBits-1:0];
    end
  endgenerate

  always @(posedge clk_i) begin
    find_q  <= {find_q[1:0], start_i};
    row_q   <= through && some;
    there_q <= row_q;
    read_q  <= loads;
    add_q   <= read_q;

    if (there_q || add_q) begin
      target_q <= synapse[8+:StateAddressBits];
      weight_q <= synapse[7:0];
      last_q   <= left == (second ? TWO : ONE);
      second_q <= !second;
    end
    if (through) address_q <= first_row;
    else if (second) address_q <= weight_data_i[48+:WeightAddressBits];

    if (rst_i || !run_i) begin
      find_q  <= 3'd0;
      row_q   <= 1'b0;
      there_q <= 1'b0;
      read_q  <= 1'b0;
      add_q   <= 1'b0;
    end
  end

`ifdef FORMAL
  // what the rows said: the synapse that comes next, whether it is the first of its row, and whether it is the last of its list
  reg [StateAddressBits-1:0]  f_target;
  reg [7:0]                   f_weight;
  reg                         f_first, f_last, f_started = 1'b0;
  // rows: that which is wanted, and that which is there
  reg [WeightAddressBits-1:0] f_wanted;
  reg [ListPointerBits-1:0]   f_entry, f_end;
  reg [1:0]                   f_written = 2'd0;
  wire                        f_busy = find_q != 3'd0 || row_q || there_q || read_q || add_q;
  wire                        f_turn = find_q[2] || (there_q && left == NONE) || (add_q && f_last);

  always @(posedge clk_i) begin
    f_started <= 1'b1;
    if (there_q || (add_q && !f_first)) begin
      {f_target, f_weight} <= {weight_data_i[8+:StateAddressBits], weight_data_i[7:0]};
      f_first <= 1'b1;
      f_last  <= left == ONE;
    end else if (add_q) begin
      {f_target, f_weight} <= {weight_data_i[32+:StateAddressBits], weight_data_i[31:24]};
      f_first  <= 1'b0;
      f_last   <= left == TWO;
      f_wanted <= weight_data_i[48+:WeightAddressBits];
    end
    if (f_turn) f_wanted <= first_row;
    if (find_q[0]) f_entry <= pointer_data_i;
    else if (f_turn) f_entry <= f_entry + 1'b1;
    if (find_q[1]) f_end <= pointer_data_i;
    f_written <= start_i ? 2'd0 : f_written + {1'b0, write_o && f_written != 2'd3};
    cover (f_started && finished_o && f_written == 2'd3);
  end

  always @(*) begin
    // one at a time; what was read of the pointers stays
    assume (!start_i || (run_i && !f_busy));
    assume (find_q != 3'd0 || !f_busy || pointer_data_i == f_end);
    assume (!find_q[2] || pointer_data_i == f_end);
    assert ({2'd0, find_q[0]} + {2'd0, find_q[1]} + {2'd0, find_q[2]} + {2'd0, row_q} + {2'd0, there_q} + {2'd0, read_q} + {2'd0, add_q} <= 3'd1);
    if (read_q || add_q) assert (state_address_o == f_target && weight_q == f_weight && last_q == f_last);
    if (read_q || add_q) assert (second_q == f_first);
    if (write_o) assert (add_q && current_o == current_i + {{8{f_weight[7]}}, f_weight});
    // the row in which the next synapse is, or the first one
    if (row_q || there_q || read_q || (add_q && !f_first)) assert (f_last || weight_address_o == f_wanted);
    if (find_q[1] || find_q[2] || row_q || there_q || read_q || add_q) assert (entry == f_entry);
    if (row_q || there_q) assert (weight_address_o == f_wanted);
    assert (finished_o == (f_turn && f_entry == pointer_data_i));
  end

  // a target is read in the cycle before it is written, and never written in two cycles in a row
  always @(posedge clk_i) begin
    if (f_started && write_o) assert ($past(read_q) && $past(state_address_o) == state_address_o && !$past(write_o));
    // a list is walked for an event, and none when they are through
    if (f_started && row_q) assert ($past(f_turn) && $past(f_entry) != $past(pointer_data_i));
  end
`endif

endmodule

`default_nettype wire
