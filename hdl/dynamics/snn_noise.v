// snn_noise: the pseudo-random generator, x^31 + x^28 + 1, eight bits a draw. See src/arch/dynamics/noise.ts.
//
// Port     Dir  Unit  Meaning
// clk_i    in   clock
// seed_i   in   flag  begin with value_i; wins over draw_i
// value_i  in   bits
// draw_i   in   flag  draw_o is used up
// draw_o   out  bits  the next draw

`default_nettype none

module snn_noise (
  input  wire        clk_i,
  input  wire        seed_i,
  input  wire [21:0] value_i,
  input  wire        draw_i,
  output wire [7:0]  draw_o
);

  localparam [30:0] START = 31'h00400000;

  reg [30:0] state_q = START;

  assign draw_o = state_q[30:23] ^ state_q[27:20];

  always @(posedge clk_i) begin
    if (draw_i) state_q <= {state_q[22:0], draw_o};
    if (seed_i) state_q <= {9'd1, value_i};
  end

endmodule

`default_nettype wire
