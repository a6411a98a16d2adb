// snn_loss: what a potential or current loses in a step: (value * loss + r) >> 12. See src/arch/dynamics/neuron.ts.
//
// A pipeline of three stages; r is 0, 2048 or 4095 by rounding.
//
// Port        Dir  Unit    Meaning
// clk_i       in   clock
// value_i     in   lsb     signed
// loss_i      in   4096ths 0..4095
// rounding_i  in   code    0 floor, 1 nearest, 2 up, 3 away; steady
// lost_o      out  lsb     signed, three cycles later

`default_nettype none

module snn_loss (
  input  wire        clk_i,
  input  wire [15:0] value_i,
  input  wire [11:0] loss_i,
  input  wire [1:0]  rounding_i,
  output wire [15:0] lost_o
);

  // three bits of the loss at a time
  wire [18:0] value  = {{3{value_i[15]}}, value_i};
  wire [18:0] double = {{2{value_i[15]}}, value_i, 1'b0};
  wire [18:0] four   = {value_i[15], value_i, 2'b00};

  wire       nudge = rounding_i == 2'd2 || (rounding_i == 2'd3 && !value_i[15]);

  reg [18:0] part0_q, part1_q, part2_q, part3_q;
  reg        up_q;
  reg        half_q;

  reg [22:0] low_q;
  reg [22:0] high_q;
  reg        up2_q;
  reg        half2_q;

  reg [28:0] product_q;

  wire [28:0] sum = {{6{low_q[22]}}, low_q} + {high_q, 6'd0};
  wire [28:0] r   = {17'd0, up2_q || half2_q, {11{up2_q}}};

  assign lost_o = product_q[27:12];

  wire unused_bits = &{1'b0, product_q};

  always @(posedge clk_i) begin
    part0_q <= (value & {19{loss_i[0]}}) + (double & {19{loss_i[1]}}) + (four & {19{loss_i[2]}});
    part1_q <= (value & {19{loss_i[3]}}) + (double & {19{loss_i[4]}}) + (four & {19{loss_i[5]}});
    part2_q <= (value & {19{loss_i[6]}}) + (double & {19{loss_i[7]}}) + (four & {19{loss_i[8]}});
    part3_q <= (value & {19{loss_i[9]}}) + (double & {19{loss_i[10]}}) + (four & {19{loss_i[11]}});
    up_q    <= nudge;
    half_q  <= rounding_i == 2'd1;

    low_q   <= {{4{part0_q[18]}}, part0_q} + {part1_q[18], part1_q, 3'd0};
    high_q  <= {{4{part2_q[18]}}, part2_q} + {part3_q[18], part3_q, 3'd0};
    up2_q   <= up_q;
    half2_q <= half_q;

    product_q <= sum + r;
  end

endmodule

`default_nettype wire
