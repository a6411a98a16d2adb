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

  localparam [IndexBits:0]            ONE_CHANNEL = 1;
  localparam [IndexBits-1:0]          ONE_INDEX   = 1;
  localparam [ListPointerBits-1:0]    ONE_ENTRY   = 1;
  localparam [PointerAddressBits-1:0] ONE_PIXEL   = 1;

  reg                          valid_q = 1'b0;
  reg                          final_q = 1'b0;
  reg                          done_q  = 1'b0;
  reg [7:0]                    payload_q;
  reg                          pixel_q;
  reg [IndexBits:0]            channel_q;
  reg [IndexBits-1:0]          index_q;
  reg [ListPointerBits-1:0]    list_q;
  reg [PointerAddressBits-1:0] pointer_q;

  wire       negative = ternary_i && payload_q[7];
  wire [6:0] minus    = 7'd0 - payload_q[6:0];

  assign list_write_o      = emit_i && valid_q && payload_q != 8'd0;
  assign list_address_o    = list_q[ListAddressBits-1:0];
  assign list_data_o       = {payload_q[7], negative ? minus : payload_q[6:0], index_q};
  assign pointer_write_o   = emit_i && ((valid_q && pixel_q) || done_q);
  assign pointer_address_o = pointer_q;
  assign pointer_data_o    = list_q;
  assign index_o           = index_q;
  assign valid_o           = valid_q;
  assign done_o            = done_q;

  always @(posedge clk_i) begin
    valid_q   <= valid_i;
    payload_q <= payload_i;
    final_q   <= final_i;
    done_q    <= final_q;

    if (start_i) begin
      pixel_q   <= 1'b1;
      channel_q <= ONE_CHANNEL;
      index_q   <= index_i;
      list_q    <= list_i;
      pointer_q <= pointer_i;
    end else begin
      if (valid_q) begin
        pixel_q   <= channel_q == channels_i;
        channel_q <= channel_q == channels_i ? ONE_CHANNEL : channel_q + ONE_CHANNEL;
        index_q   <= index_q + ONE_INDEX;
      end
      if (list_write_o) list_q <= list_q + ONE_ENTRY;
      if (pointer_write_o) pointer_q <= pointer_q + ONE_PIXEL;
    end

    if (rst_i) begin
      valid_q <= 1'b0;
      final_q <= 1'b0;
      done_q  <= 1'b0;
    end
  end

endmodule

`default_nettype wire
