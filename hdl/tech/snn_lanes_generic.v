// snn_lanes_generic: the lanes in plain logic. See snn_lanes for parameters, ports and timing.
//
// The payload gets its sign once for all lanes, before it is multiplied.

`default_nettype none

module snn_lanes_generic #(
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

  localparam ProductStages = AccumulatorBits > 16 ? 2 : 1;
  localparam ProductBits   = WeightBits + 9;

  reg signed [8:0]               payload_q;
  reg        [ProductStages:0]   add_q   = {(ProductStages+1){1'b0}};
  reg        [ProductStages:0]   clear_q = {(ProductStages+1){1'b0}};

  always @(posedge clk_i) begin
    payload_q <= negative_i ? 9'd0 - {1'b0, payload_i} : {1'b0, payload_i};
    add_q     <= {add_q[ProductStages-1:0], add_i};
    clear_q   <= {clear_q[ProductStages-1:0], clear_i};
  end

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      reg signed [WeightBits-1:0]      weight_q;
      reg signed [ProductBits-1:0]     product_q;
      reg        [AccumulatorBits-1:0] sum_q;

      wire signed [ProductBits-1:0]     operand;
      wire        [AccumulatorBits-1:0] addend;

      if (ProductStages == 2) begin : gen_two
        reg signed [ProductBits-1:0] product2_q;
        always @(posedge clk_i) product2_q <= product_q;
        assign operand = product2_q;
      end else begin : gen_one
        assign operand = product_q;
      end

      if (AccumulatorBits > ProductBits) begin : gen_extend
        assign addend = {{(AccumulatorBits-ProductBits){operand[ProductBits-1]}}, operand};
      end else begin : gen_cut
        assign addend = operand[AccumulatorBits-1:0];
        wire unused_operand = &{1'b0, operand};
      end

      always @(posedge clk_i) begin
        weight_q  <= weights_i[l*WeightBits+:WeightBits];
        product_q <= weight_q * payload_q;
        if (clear_q[ProductStages]) sum_q <= {AccumulatorBits{1'b0}};
        else if (add_q[ProductStages]) sum_q <= sum_q + addend;
      end

      assign sums_o[l*AccumulatorBits+:AccumulatorBits] = sum_q;
    end
  endgenerate

endmodule

`default_nettype wire
