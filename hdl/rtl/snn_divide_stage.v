// snn_divide_stage: one quotient bit of a restoring divider, with its registers.
//
//   fire  = not stay or (allow and rest >= threshold * 2^Shift)
//   rest' = not stay ? rest + threshold : fire ? rest - threshold * 2^Shift : rest
//
// Parameter      Default  Range                    Meaning
// MembraneBits   24       3..40                    bits of the rest, signed
// ThresholdBits  16       1..MembraneBits-1-Shift  bits of the threshold
// Shift          0        0..7                     which quotient bit
//
// Port     Dir  Unit   Meaning
// clk_i    in   clock
// rest_i   in   lsb    signed
// minus_i  in   lsb    complement of the threshold; the threshold itself when stay_i is low. The register before this
//                      stage inverts for nothing, an adder of an iCE40 does not.
// flip_i   in   flag   complement minus_o, so that a later stage may add
// allow_i  in   flag   the bit may be taken
// stay_i   in   flag   low: add the threshold whatever the rest is, a negative spike; only with Shift = 0
// fired_i  in   count  quotient so far, two's complement
// rest_o   out  lsb    signed
// minus_o  out  lsb
// fired_o  out  count  quotient with this bit, -1 after stay_i = 0
//
// Latency 1 cycle, one division step a cycle.

`default_nettype none

module snn_divide_stage #(
  parameter MembraneBits  = 24,
  parameter ThresholdBits = 16,
  parameter Shift         = 0
) (
  input  wire                     clk_i,
  input  wire [MembraneBits-1:0]  rest_i,
  input  wire [ThresholdBits-1:0] minus_i,
  input  wire                     flip_i,
  input  wire                     allow_i,
  input  wire                     stay_i,
  input  wire [7:0]               fired_i,
  output wire [MembraneBits-1:0]  rest_o,
  output wire [ThresholdBits-1:0] minus_o,
  output wire [7:0]               fired_o
);

  // one guard bit above; the low Shift bits are not touched; one bit below takes the carry in
  localparam Bits = MembraneBits + 1 - Shift;
  localparam [7:0] PLANE = 8'd1 << Shift;

  reg [MembraneBits-1:0]  rest_q;
  reg [ThresholdBits-1:0] minus_q;
  reg [7:0]               fired_q;

  wire [Bits-1:0] rest  = {rest_i[MembraneBits-1], rest_i[MembraneBits-1:Shift]};
  wire [Bits-1:0] minus = {{(Bits-ThresholdBits){stay_i}}, minus_i};
  wire [Bits:0]   less  = {rest, 1'b1} + {minus, stay_i};
  wire            fire  = !stay_i || (allow_i && !less[Bits]);

  always @(posedge clk_i) begin
    rest_q <= rest_i;
    if (fire) rest_q[MembraneBits-1:Shift] <= less[Bits-1:1];
    minus_q <= minus_i ^ {ThresholdBits{flip_i}};
    fired_q <= !stay_i ? 8'hff : fire ? fired_i | PLANE : fired_i;
  end

  assign rest_o  = rest_q;
  assign minus_o = minus_q;
  assign fired_o = fired_q;

endmodule

`default_nettype wire
