// snn_link_core: link and core, with streams of bytes in place of the UART, so that simulations can skip the bit times.
//
// Parameters: as in snn_core; TimeoutBits as in snn_link. A word of any memory must fit 64 bits.
//
// Port         Dir  Unit   Meaning
// clk_i        in   clock
// rst_i        in   flag   synchronous, active high
// rx_valid_i   in   flag   a byte from the host is offered; rx_ready_o takes it
// rx_data_i    in   byte
// rx_error_i   in   flag   with rx_valid_i: the byte is damaged
// tx_valid_o   out  flag   a byte for the host is offered; tx_ready_i takes it
// tx_data_o    out  byte
// busy_o       out  flag   a frame is being executed, or the program runs

`default_nettype none

module snn_link_core #(
  parameter Lanes           = 16,
  parameter WeightBits      = 4,
  parameter AccumulatorBits = 16,
  parameter MembraneBits    = 24,
  parameter ThresholdBits   = 16,
  parameter QuotientBits    = 4,
  parameter IndexBits       = 12,
  parameter WeightDepth     = 16384,
  parameter ListDepth       = 2048,
  parameter PointerDepth    = 1024,
  parameter ParameterDepth  = 512,
  parameter StateDepth      = 1024,
  parameter ProgramDepth    = 256,
  parameter LinkDepth       = 512,
  parameter Dynamics        = 0,
  parameter Learning        = 0,
  parameter Scatter         = 0,
  parameter Technology      = 1,
  parameter TimeoutBits     = 19
) (
  input  wire       clk_i,
  input  wire       rst_i,
  input  wire       rx_valid_i,
  output wire       rx_ready_o,
  input  wire [7:0] rx_data_i,
  input  wire       rx_error_i,
  output wire       tx_valid_o,
  input  wire       tx_ready_i,
  output wire [7:0] tx_data_o,
  output wire       busy_o
);

  // wordBytes of src/arch/memory.ts
  localparam ParameterBytes = Dynamics != 0 ? 8 : (ThresholdBits + MembraneBits + 7) / 8;
  localparam PointerBytes   = ($clog2(ListDepth + 1) + 7) / 8;
  localparam ListBytes      = (8 + IndexBits + 7) / 8;
  localparam StateBytes     = Dynamics != 0 ? 8 : (8 + MembraneBits + 7) / 8;
  localparam WeightBytes    = (Lanes * WeightBits + 7) / 8;

  // bits that reach every word of every memory, and count the values of an input
  localparam Wide1 = WeightDepth > ListDepth ? WeightDepth : ListDepth;
  localparam Wide2 = PointerDepth > ParameterDepth ? PointerDepth : ParameterDepth;
  localparam Wide3 = StateDepth > ProgramDepth ? StateDepth : ProgramDepth;
  localparam Wide4 = Wide1 > Wide2 ? Wide1 : Wide2;
  localparam Wide5 = Wide4 > Wide3 ? Wide4 : Wide3;
  localparam DepthBits = $clog2(Wide5);
  localparam EnoughBits = DepthBits > IndexBits + 1 ? DepthBits : IndexBits + 1;
  localparam AddressBits = EnoughBits < 13 ? 13 : EnoughBits > 16 ? 16 : EnoughBits;

  wire [2:0]         host_select;
  wire [15:0]        host_address;
  wire               host_write;
  wire [63:0]        host_wdata;
  wire               host_read;
  wire [63:0]        host_rdata;
  wire               host_rvalid;
  wire               value_valid;
  wire               value_ready;
  wire [7:0]         value;
  wire [IndexBits:0] wanted;
  wire               waiting;
  wire               running;
  wire               done;
  wire               executing;

  // verilator lint_off PINCONNECTEMPTY
  snn_core #(
    .Lanes(Lanes),
    .WeightBits(WeightBits),
    .AccumulatorBits(AccumulatorBits),
    .MembraneBits(MembraneBits),
    .ThresholdBits(ThresholdBits),
    .QuotientBits(QuotientBits),
    .IndexBits(IndexBits),
    .WeightDepth(WeightDepth),
    .ListDepth(ListDepth),
    .PointerDepth(PointerDepth),
    .ParameterDepth(ParameterDepth),
    .StateDepth(StateDepth),
    .ProgramDepth(ProgramDepth),
    .LinkDepth(LinkDepth),
    .Dynamics(Dynamics),
    .Learning(Learning),
    .Scatter(Scatter),
    .Technology(Technology),
    .HostBits(64)
  ) core (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .host_select_i(host_select),
    .host_address_i(host_address),
    .host_write_i(host_write),
    .host_wdata_i(host_wdata),
    .host_read_i(host_read),
    .host_rdata_o(host_rdata),
    .host_rvalid_o(host_rvalid),
    .in_valid_i(value_valid),
    .in_ready_o(value_ready),
    .in_value_i(value),
    .in_waiting_o(waiting),
    .in_count_o(wanted),
    .running_o(running),
    .done_o(done),
    .state_o(),
    .fault_o(),
    .decision_o(),
    .cycles_o(),
    .mon_pass_o(),
    .mon_pc_o(),
    .mon_read_valid_o(),
    .mon_neuron_valid_o(),
    .mon_neuron_x_o(),
    .mon_neuron_v_o(),
    .mon_neuron_s_o(),
    .mon_emit_valid_o(),
    .mon_emit_payload_o(),
    .mon_emit_index_o()
  );
  // verilator lint_on PINCONNECTEMPTY

  wire [31:0] wanted_wide = {{(31 - IndexBits){1'b0}}, wanted};
  wire        unused_wanted = &{1'b0, wanted_wide[31:AddressBits]};
  wire [AddressBits-1:0] link_address;
  generate
    if (AddressBits < 16) begin : gen_extend
      assign host_address = {{(16 - AddressBits){1'b0}}, link_address};
    end else begin : gen_whole
      assign host_address = link_address;
    end
  endgenerate

  snn_link #(
    .LinkDepth(LinkDepth),
    .TimeoutBits(TimeoutBits),
    .ParameterBytes(ParameterBytes),
    .PointerBytes(PointerBytes),
    .ListBytes(ListBytes),
    .StateBytes(StateBytes),
    .WeightBytes(WeightBytes),
    .AddressBits(AddressBits)
  ) link (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .rx_valid_i(rx_valid_i),
    .rx_ready_o(rx_ready_o),
    .rx_data_i(rx_data_i),
    .rx_error_i(rx_error_i),
    .tx_valid_o(tx_valid_o),
    .tx_ready_i(tx_ready_i),
    .tx_data_o(tx_data_o),
    .host_select_o(host_select),
    .host_address_o(link_address),
    .host_write_o(host_write),
    .host_wdata_o(host_wdata),
    .host_read_o(host_read),
    .host_rdata_i(host_rdata),
    .host_rvalid_i(host_rvalid),
    .value_valid_o(value_valid),
    .value_ready_i(value_ready),
    .value_o(value),
    .wanted_i(wanted_wide[AddressBits-1:0]),
    .waiting_i(waiting),
    .running_i(running),
    .done_i(done),
    .busy_o(executing)
  );

  assign busy_o = executing || (running && !waiting);

endmodule

`default_nettype wire
