// snn_lanes_ice40up: the lanes on SB_MAC16. See snn_lanes for parameters, ports and timing.
//
// AccumulatorBits <= 16: one SB_MAC16 is two lanes, 8 x 8 bits each, with a sum of 16 bits; lane 2i in the lower half.
// AccumulatorBits > 16:  one SB_MAC16 is one lane, 16 x 16 bits with a sum of 32 bits, every pipeline register used.
//
// Operands, products and sums are all registered inside the cell: nextpnr does not time paths through it that are not.
// The sign is the adder's ADDSUB, so payloads keep all 8 bits. The upper half's carry comes from the lower half as it is
// (select 2): the one of select 3 is inverted while subtracting.

`default_nettype none

module snn_lanes_ice40up #(
  parameter Lanes           = 16,
  parameter WeightBits      = 4,
  parameter AccumulatorBits = 16
) (
  input  wire                             clk_i,
  input  wire [Lanes*WeightBits-1:0]      weights_i,
  input  wire [7:0]                       payload_i,
  input  wire                             negative_i,
  input  wire                             add_i,
  input  wire                             clear_i,
  output wire [Lanes*AccumulatorBits-1:0] sums_o
);

  localparam Wide          = AccumulatorBits > 16 ? 1 : 0;
  localparam ProductStages = Wide ? 2 : 1;
  localparam Cells         = Wide ? Lanes : (Lanes + 1) / 2;

  reg [ProductStages:0] hold_q     = {(ProductStages+1){1'b1}};
  reg [ProductStages:0] clear_q    = {(ProductStages+1){1'b0}};
  reg [ProductStages:0] subtract_q = {(ProductStages+1){1'b0}};

  always @(posedge clk_i) begin
    hold_q     <= {hold_q[ProductStages-1:0], !(add_i || clear_i)};
    clear_q    <= {clear_q[ProductStages-1:0], clear_i};
    subtract_q <= {subtract_q[ProductStages-1:0], negative_i};
  end

  wire hold     = hold_q[ProductStages];
  wire clear    = clear_q[ProductStages];
  wire subtract = subtract_q[ProductStages];

  genvar c;
  generate
    for (c = 0; c < Cells; c = c + 1) begin : gen_cell
      wire [15:0] weight;
      wire [15:0] payload;
      wire [31:0] sums;

      if (Wide) begin : gen_wide
        assign weight  = {{(16-WeightBits){weights_i[c*WeightBits+WeightBits-1]}}, weights_i[c*WeightBits+:WeightBits]};
        assign payload = {8'd0, payload_i};
        assign sums_o[c*AccumulatorBits+:AccumulatorBits] = sums[AccumulatorBits-1:0];
      end else begin : gen_narrow
        assign weight[7:0] = {{(8-WeightBits+1){weights_i[2*c*WeightBits+WeightBits-1]}},
                              weights_i[2*c*WeightBits+:WeightBits-1]};
        assign payload     = {payload_i, payload_i};
        assign sums_o[2*c*AccumulatorBits+:AccumulatorBits] = sums[AccumulatorBits-1:0];
        if (2 * c + 1 < Lanes) begin : gen_both
          assign weight[15:8] = {{(8-WeightBits+1){weights_i[(2*c+1)*WeightBits+WeightBits-1]}},
                                 weights_i[(2*c+1)*WeightBits+:WeightBits-1]};
          assign sums_o[(2*c+1)*AccumulatorBits+:AccumulatorBits] = sums[16+:AccumulatorBits];
        end else begin : gen_single
          assign weight[15:8] = 8'd0;
        end
      end

      wire unused_sums = &{1'b0, sums};

      // verilator lint_off PINCONNECTEMPTY
      SB_MAC16 #(
        .NEG_TRIGGER             (1'b0),
        .C_REG                   (1'b0),
        .A_REG                   (1'b1),
        .B_REG                   (1'b1),
        .D_REG                   (1'b0),
        .TOP_8x8_MULT_REG        (1'b1),
        .BOT_8x8_MULT_REG        (1'b1),
        .PIPELINE_16x16_MULT_REG1(Wide ? 1'b1 : 1'b0),
        .PIPELINE_16x16_MULT_REG2(Wide ? 1'b1 : 1'b0),
        .TOPOUTPUT_SELECT        (2'd1),
        .TOPADDSUB_LOWERINPUT    (Wide ? 2'd2 : 2'd1),
        .TOPADDSUB_UPPERINPUT    (1'b0),
        .TOPADDSUB_CARRYSELECT   (Wide ? 2'd2 : 2'd0),
        .BOTOUTPUT_SELECT        (2'd1),
        .BOTADDSUB_LOWERINPUT    (Wide ? 2'd2 : 2'd1),
        .BOTADDSUB_UPPERINPUT    (1'b0),
        .BOTADDSUB_CARRYSELECT   (2'd0),
        .MODE_8x8                (Wide ? 1'b0 : 1'b1),
        .A_SIGNED                (1'b1),
        .B_SIGNED                (1'b0)
      ) mac (
        .CLK       (clk_i),
        .CE        (1'b1),
        .A         (weight),
        .B         (payload),
        .C         (16'd0),
        .D         (16'd0),
        .AHOLD     (1'b0),
        .BHOLD     (1'b0),
        .CHOLD     (1'b0),
        .DHOLD     (1'b0),
        .IRSTTOP   (1'b0),
        .IRSTBOT   (1'b0),
        .ORSTTOP   (1'b0),
        .ORSTBOT   (1'b0),
        .OLOADTOP  (clear),
        .OLOADBOT  (clear),
        .ADDSUBTOP (subtract),
        .ADDSUBBOT (subtract),
        .OHOLDTOP  (hold),
        .OHOLDBOT  (hold),
        .CI        (1'b0),
        .ACCUMCI   (1'b0),
        .SIGNEXTIN (1'b0),
        .O         (sums),
        .CO        (),
        .ACCUMCO   (),
        .SIGNEXTOUT()
      );
      // verilator lint_on PINCONNECTEMPTY
    end
  endgenerate

endmodule

`default_nettype wire
