// snn_ram_1r1w: memory with one read port and one write port, one clock. The only inferred memory of the core.
//
// Parameter    Default  Range    Meaning
// Width        16       1..256   bits of a word
// Depth        256      2..65536 words, a power of two
// AddressBits  8        1..16    log2(Depth)
//
// Port           Dir  Unit     Meaning
// clk_i          in   clock    every register is on the rising edge
// wr_en_i        in   flag     write wr_data_i to wr_address_i
// wr_address_i   in   word
// wr_data_i      in   word
// rd_en_i        in   flag     read rd_address_i; low: rd_data_o keeps its value
// rd_address_i   in   word
// rd_data_o      out  word     one cycle after the read
//
// A word that is read in the cycle in which it is written is undefined: `no_rw_check` tells synthesis that the users of
// the memory never do that. The read register has neither reset nor initial value, so that it is the block RAM's own.

`default_nettype none

module snn_ram_1r1w #(
  parameter Width       = 16,
  parameter Depth       = 256,
  parameter AddressBits = 8
) (
  input  wire                   clk_i,
  input  wire                   wr_en_i,
  input  wire [AddressBits-1:0] wr_address_i,
  input  wire [Width-1:0]       wr_data_i,
  input  wire                   rd_en_i,
  input  wire [AddressBits-1:0] rd_address_i,
  output wire [Width-1:0]       rd_data_o
);

  (* no_rw_check *) (* ram_style = "block" *)
  reg [Width-1:0] mem [0:Depth-1];
  reg [Width-1:0] rd_data_q;

  assign rd_data_o = rd_data_q;

  always @(posedge clk_i) begin
    if (wr_en_i) mem[wr_address_i] <= wr_data_i;
    if (rd_en_i) rd_data_q <= mem[rd_address_i];
  end

endmodule

`default_nettype wire
