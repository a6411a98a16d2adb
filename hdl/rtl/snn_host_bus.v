// snn_host_bus: registers of the host, and the way of its reads back.
//
// Reads and writes of registers work at any time, those of memories only while idle_i is high; else writes do nothing and
// reads give 0. Every read is answered in the next cycle, with Dynamics in the one after it: memories have their words late,
// and registers go through one of their own. Until then select_i and address_i stay.
//
// Parameters: as in snn_core; *AddressBits are logarithms of depths.
//
// Port               Dir  Unit   Meaning
// clk_i, rst_i       in
// select_i           in   index  memory or registers (src/arch/memory.ts)
// address_i          in   word
// write_i, read_i    in   flag   one cycle each
// wdata_i            in   word
// rdata_o            out  word   with rvalid_o, else 0
// rvalid_o           out  flag   one cycle after read_i, with Dynamics two
// idle_i             in   flag   memories may be used
// write_o            out  flags  write memory k (bit k of 1..6)
// *_data_i           in   words  what the memories read, when rvalid_o
// restart_o, stop_o  out  flag   the host wrote `control` in the cycle before
// watchdog_o         out  cycles register
// break_o            out  passes register
// others             in          shown in the registers of the same name

`default_nettype none

module snn_host_bus #(
  parameter Technology           = 0,
  parameter Lanes                = 16,
  parameter WeightBits           = 4,
  parameter AccumulatorBits      = 16,
  parameter MembraneBits         = 24,
  parameter ThresholdBits        = 16,
  parameter QuotientBits         = 4,
  parameter IndexBits            = 12,
  parameter WeightAddressBits    = 14,
  parameter ListAddressBits      = 11,
  parameter PointerAddressBits   = 10,
  parameter ParameterAddressBits = 9,
  parameter StateAddressBits     = 10,
  parameter ProgramAddressBits   = 8,
  parameter LinkAddressBits      = 9,
  parameter ParameterBits        = 40,
  parameter StateBits            = 32,
  parameter Dynamics             = 0,
  parameter Learning             = 0,
  parameter Scatter              = 0,
  parameter ListPointerBits      = 12,
  parameter CycleBits            = 24,
  parameter OperationBits        = 28,
  parameter DataBits             = 64
) (
  input  wire                                  clk_i,
  input  wire                                  rst_i,
  input  wire [2:0]                            select_i,
  input  wire [3:0]                            address_i,
  input  wire                                  write_i,
  input  wire                                  read_i,
  input  wire [31:0]                           wdata_i,
  output wire [DataBits-1:0]                   rdata_o,
  output wire                                  rvalid_o,
  input  wire                                  idle_i,
  output wire [6:1]                            write_o,
  input  wire [31:0]                           program_data_i,
  input  wire [ParameterBits-1:0]              parameter_data_i,
  input  wire [ListPointerBits-1:0]            pointer_data_i,
  input  wire [IndexBits+7:0]                  list_data_i,
  input  wire [StateBits-1:0]                  state_data_i,
  input  wire [Lanes*WeightBits-1:0]           weight_data_i,
  output wire                                  restart_o,
  output wire                                  stop_o,
  output wire [CycleBits-1:0]                  watchdog_o,
  output wire [11:0]                           break_o,
  input  wire [3:0]                            state_i,
  input  wire [3:0]                            fault_i,
  input  wire [ProgramAddressBits-1:0]         pc_i,
  input  wire [CycleBits-1:0]                  cycles_i,
  input  wire [OperationBits-1:0]              operations_i,
  input  wire [CycleBits-1:0]                  spikes_i,
  input  wire [CycleBits-1:0]                  stalls_i,
  input  wire [IndexBits-1:0]                  decision_i,
  input  wire [MembraneBits-1:0]               best_i,
  input  wire [IndexBits:0]                    left_i
);

  localparam [31:0] IDENTITY = 32'h53504b31;

  reg [31:0] hash_q     = 32'd0;
  reg [CycleBits-1:0] watchdog_q = {CycleBits{1'b0}};
  reg [11:0] break_q    = 12'd0;
  reg        restart_q  = 1'b0;
  reg        stop_q     = 1'b0;
  reg        rvalid_q   = 1'b0;
  reg [6:1]  selected_q = 6'd0;
  reg [15:0] register_q = 16'd0;

  wire [6:0] one_hot       = 7'd1 << select_i;
  wire [15:0] one_address  = 16'd1 << address_i;
  wire       register_here = write_i && one_hot[0];
  wire       control       = register_here && address_i == 4'd5;

  assign write_o    = one_hot[6:1] & {6{write_i && idle_i}};
  assign restart_o  = restart_q;
  assign stop_o     = stop_q;
  assign watchdog_o = watchdog_q;
  assign break_o    = break_q;

  // `control` reads as 0
  wire unused_flag = register_q[5];

  wire [9:0]  pc    = {{(10-ProgramAddressBits){1'b0}}, pc_i};
  wire [31:0] best;

  generate
    if (MembraneBits < 32) begin : gen_extend
      assign best = {{(32-MembraneBits){best_i[MembraneBits-1]}}, best_i};
    end else begin : gen_cut
      assign best = best_i[31:0];
      wire unused_best = &{1'b0, best_i};
    end
  endgenerate

  // each source is either selected or silent
  localparam [31:0] CONFIG0 = {MembraneBits[7:0], AccumulatorBits[7:0], WeightBits[7:0], Lanes[7:0]};
  localparam [31:0] CONFIG1 = {Learning[1:0], Dynamics[0], Technology[4:0], IndexBits[7:0], QuotientBits[7:0], ThresholdBits[7:0]};
  localparam [31:0] CONFIG2 = {3'd0, Scatter[0], LinkAddressBits[3:0], ProgramAddressBits[3:0], StateAddressBits[3:0],
                               ParameterAddressBits[3:0], PointerAddressBits[3:0], ListAddressBits[3:0],
                               WeightAddressBits[3:0]};

  wire [31:0] status = {6'd0, pc, 8'd0, fault_i, state_i};
  wire [31:0] from_registers =
      (IDENTITY & {32{register_q[0]}}) | (CONFIG0 & {32{register_q[1]}}) | (CONFIG1 & {32{register_q[2]}})
    | (CONFIG2 & {32{register_q[3]}}) | (hash_q & {32{register_q[4]}}) | (status & {32{register_q[6]}})
    | {{(32-CycleBits){1'b0}}, cycles_i & {CycleBits{register_q[7]}}}
    | {{(32-OperationBits){1'b0}}, operations_i & {OperationBits{register_q[8]}}}
    | {{(32-CycleBits){1'b0}}, spikes_i & {CycleBits{register_q[9]}}}
    | {{(32-CycleBits){1'b0}}, stalls_i & {CycleBits{register_q[10]}}}
    | {{(32-IndexBits){1'b0}}, decision_i & {IndexBits{register_q[11]}}}
    | {{(32-CycleBits){1'b0}}, watchdog_q & {CycleBits{register_q[12]}}}
    | {20'd0, break_q & {12{register_q[13]}}}
    | {{(31-IndexBits){1'b0}}, left_i & {(IndexBits+1){register_q[14]}}}
    | (best & {32{register_q[15]}});

  wire        read_here;
  wire [31:0] registers_here;

  generate
    if (Dynamics != 0) begin : gen_late
      reg        read_q = 1'b0;
      reg [31:0] registers_q = 32'd0;

      always @(posedge clk_i) begin
        read_q      <= read_i && !rst_i;
        registers_q <= from_registers;
      end

      assign read_here      = read_q;
      assign registers_here = registers_q;
    end else begin : gen_next
      assign read_here      = read_i;
      assign registers_here = from_registers;
    end
  endgenerate

  wire [DataBits-1:0] from_register, from_program, from_parameter, from_pointer, from_list, from_state, from_weight;

  assign from_register  = {{(DataBits-32){1'b0}}, registers_here};
  assign from_program   = {{(DataBits-32){1'b0}}, program_data_i & {32{selected_q[1]}}};
  assign from_pointer   = {{(DataBits-ListPointerBits){1'b0}}, pointer_data_i & {ListPointerBits{selected_q[3]}}};
  assign from_list      = {{(DataBits-IndexBits-8){1'b0}}, list_data_i & {(IndexBits+8){selected_q[4]}}};

  generate
    if (DataBits > ParameterBits) begin : gen_short_parameter
      assign from_parameter = {{(DataBits-ParameterBits){1'b0}}, parameter_data_i & {ParameterBits{selected_q[2]}}};
    end else begin : gen_full_parameter
      assign from_parameter = parameter_data_i & {ParameterBits{selected_q[2]}};
    end
    if (DataBits > StateBits) begin : gen_short_state
      assign from_state = {{(DataBits-StateBits){1'b0}}, state_data_i & {StateBits{selected_q[5]}}};
    end else begin : gen_full_state
      assign from_state = state_data_i & {StateBits{selected_q[5]}};
    end
    if (DataBits > Lanes * WeightBits) begin : gen_narrow
      assign from_weight = {{(DataBits-Lanes*WeightBits){1'b0}}, weight_data_i & {(Lanes*WeightBits){selected_q[6]}}};
    end else begin : gen_full
      assign from_weight = weight_data_i & {(Lanes*WeightBits){selected_q[6]}};
    end
  endgenerate

  assign rdata_o  = from_register | from_program | from_parameter | from_pointer | from_list | from_state | from_weight;
  assign rvalid_o = rvalid_q;

  always @(posedge clk_i) begin
    restart_q  <= control && wdata_i[0] && !rst_i;
    stop_q     <= control && wdata_i[1] && !rst_i;
    rvalid_q   <= read_here && !rst_i;
    selected_q <= one_hot[6:1] & {6{read_here && idle_i}};
    register_q <= {16{read_i && one_hot[0]}} & one_address;

    if (register_here) begin
      case (address_i)
        4'd4:    hash_q <= wdata_i;
        4'd12:   watchdog_q <= wdata_i[CycleBits-1:0];
        4'd13:   break_q <= wdata_i[11:0];
        default: ;
      endcase
    end
    if (rst_i) begin
      hash_q     <= 32'd0;
      watchdog_q <= {CycleBits{1'b0}};
      break_q    <= 12'd0;
    end
  end

endmodule

`default_nettype wire
