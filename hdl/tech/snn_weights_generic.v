// snn_weights_generic: the weight memory as inferred block RAM. See snn_weights.

`default_nettype none

module snn_weights_generic #(
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

  snn_ram_1r1w #(
    .Width      (Width),
    .Depth      (Depth),
    .AddressBits(AddressBits)
  ) ram (
    .clk_i       (clk_i),
    .wr_en_i     (write_i),
    .wr_address_i(address_i),
    .wr_data_i   (data_i),
    .rd_en_i     (!write_i),
    .rd_address_i(address_i),
    .rd_data_o   (data_o)
  );

endmodule

`default_nettype wire
