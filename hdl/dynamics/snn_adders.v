// snn_adders: the lanes of a core with dynamics. A spike adds its row of weights once, whatever its payload.
//
// Parameter        Default  Range  Meaning
// Lanes            8        2..32
// WeightBits       8        2..8   signed
// AccumulatorBits  18       8..24  signed; WeightBits + log2 of the list's depth never overflow
// Learning         0        0..2   not 0: the lowest weight is no synapse and adds 0
//
// Port       Dir  Unit   Meaning
// clk_i      in   clock
// weights_i  in   row    lane 0 low
// add_i      in   flag   the row is added in this cycle
// clear_i    in   flag   the sums become 0; not together with add_i
// sums_o     out  lsb    lane 0 low

`default_nettype none

module snn_adders #(
  parameter Lanes           = 8,
  parameter WeightBits      = 8,
  parameter AccumulatorBits = 18,
  parameter Learning        = 0
) (
  input  wire                             clk_i,
  input  wire [Lanes*WeightBits-1:0]      weights_i,
  input  wire                             add_i,
  input  wire                             clear_i,
  output wire [Lanes*AccumulatorBits-1:0] sums_o
);

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      reg  [AccumulatorBits-1:0] sum_q = {AccumulatorBits{1'b0}};
      wire [WeightBits-1:0]      given = weights_i[l*WeightBits+:WeightBits];
      wire                       sign = given[WeightBits-1] && (Learning == 0 || given[WeightBits-2:0] != {(WeightBits-1){1'b0}});
      wire [AccumulatorBits-1:0] weight = {{(AccumulatorBits-WeightBits+1){sign}}, given[WeightBits-2:0]};

      assign sums_o[l*AccumulatorBits+:AccumulatorBits] = sum_q;

      always @(posedge clk_i) begin
        if (clear_i) sum_q <= {AccumulatorBits{1'b0}};
        else if (add_i) sum_q <= sum_q + weight;
      end
    end
  endgenerate

endmodule

`default_nettype wire
