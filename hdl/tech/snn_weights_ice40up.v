// snn_weights_ice40up: the weight memory on SB_SPRAM256KA, 16384 words of 16 bits each, side by side. See snn_weights.

`default_nettype none

module snn_weights_ice40up #(
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

  localparam Cells = (Width + 15) / 16;

  wire [13:0]         address;
  wire [16*Cells-1:0] data_in;
  wire [16*Cells-1:0] data_out;

  assign data_o = data_out[Width-1:0];

  generate
    if (Depth > 16384) begin : gen_too_deep
      snn_weights_ice40up_has_16384_rows illegal ();
    end
    if (AddressBits < 14) begin : gen_short
      assign address = {{(14-AddressBits){1'b0}}, address_i};
    end else begin : gen_full
      assign address = address_i[13:0];
    end
    if (Width < 16 * Cells) begin : gen_pad
      assign data_in = {{(16*Cells-Width){1'b0}}, data_i};
    end else begin : gen_all
      assign data_in = data_i;
    end
  endgenerate

  genvar c;
  generate
    for (c = 0; c < Cells; c = c + 1) begin : gen_cell
      SB_SPRAM256KA spram (
        .CLOCK     (clk_i),
        .ADDRESS   (address),
        .DATAIN    (data_in[16*c+:16]),
        .MASKWREN  (4'b1111),
        .WREN      (write_i),
        .CHIPSELECT(1'b1),
        .STANDBY   (1'b0),
        .SLEEP     (1'b0),
        .POWEROFF  (1'b1),
        .DATAOUT   (data_out[16*c+:16])
      );
    end
  endgenerate

endmodule

`default_nettype wire
