// snn_weights: the weight memory, one port: a row is read or written in a cycle. Picks the form for the technology.
//
// Parameter    Default  Range    Meaning
// Technology   0        0..2     0 generic, 1 ice40up (SB_SPRAM256KA), 2 ice40hx (block RAM, as generic)
// Width        64       4..256   bits of a row
// Depth        16384    2..65536 rows, a power of two
// AddressBits  14       1..16    log2(Depth)
//
// Port       Dir  Unit   Meaning
// clk_i      in   clock
// write_i    in   flag   write data_i to address_i; else the row is read
// address_i  in   row
// data_i     in   bits
// data_o     out  bits   the row read in the cycle before; undefined after a write

`default_nettype none

module snn_weights #(
  parameter Technology  = 0,
  parameter Width       = 64,
  parameter Depth       = 16384,
  parameter AddressBits = 14
) (
  input  wire                   clk_i,
  input  wire                   write_i,
  input  wire [AddressBits-1:0] address_i,
  input  wire [Width-1:0]       data_i,
  output wire [Width-1:0]       data_o
);

  generate
    if (Technology == 1) begin : gen_ice40up
      snn_weights_ice40up #(
        .Width      (Width),
        .Depth      (Depth),
        .AddressBits(AddressBits)
      ) weights (
        .clk_i    (clk_i),
        .write_i  (write_i),
        .address_i(address_i),
        .data_i   (data_i),
        .data_o   (data_o)
      );
    end else begin : gen_generic
      snn_weights_generic #(
        .Width      (Width),
        .Depth      (Depth),
        .AddressBits(AddressBits)
      ) weights (
        .clk_i    (clk_i),
        .write_i  (write_i),
        .address_i(address_i),
        .data_i   (data_i),
        .data_o   (data_o)
      );
    end
  endgenerate

endmodule

`default_nettype wire
