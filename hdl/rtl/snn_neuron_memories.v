// snn_neuron_memories: parameters and states of the neurons. The host's while the core is idle.
//
// With Dynamics the parts of a word lie in memories of their own and come when the neuron needs them: of the parameters
// {rest, leak} (63:48) as without, bias (31:16) one cycle later, theta (15:0) two, v_reset (47:32) five; of the state A, y, x
// (58:32) three cycles later, if a pass reads. The host sees whole words two cycles after it has shown their address.
//
// Parameters: as in snn_core.
//
// Port                     Dir  Unit   Meaning
// clk_i                    in   clock
// idle_i                   in   flag   the host may use the memories
// host_address_i           in   word
// host_data_i              in   word   in the low bits
// write_parameter_i        in   flag   the host writes
// write_state_i            in   flag
// start_i                  in   flag   a pass or an input begins: states are written from state_base_i on
// state_base_i             in   word
// pass_i                   in   flag   a pass runs
// parameter_address_i      in   word   N0: of the neuron
// state_address_i          in   word   N0
// slow_i                   in   flag   N0 + 3: the other part of the state is read, with Dynamics
// slow_rewinds_i           in   flag   N0 + 3: and afterwards that of the first neuron again
// learn_i                  in   flag   `learn` or `scatter` reads states
// learn_address_i          in   word
// scatter_i                in   flag   J of the word at learn_address_i is written, with Scatter
// scatter_current_i        in   lsb
// done_i                   in   flag   F: a neuron is done
// store_i                  in   flag   F: its state is written
// rewinds_i                in   flag   F: and afterwards that of the first neuron again
// state_i                  in   word   F
// take_i                   in   flag   an input value becomes a state, with Dynamics
// value_i                  in   count
// parameter_o              out  word   N1
// state_o                  out  word   N1

`default_nettype none

module snn_neuron_memories #(
  parameter Dynamics             = 0,
  parameter Scatter              = 0,
  parameter HostBits             = 64,
  parameter ParameterBits        = 40,
  parameter StateBits            = 32,
  parameter ParameterAddressBits = 9,
  parameter StateAddressBits     = 10
) (
  input  wire                            clk_i,
  input  wire                            idle_i,
  input  wire [15:0]                     host_address_i,
  input  wire [HostBits-1:0]             host_data_i,
  input  wire                            write_parameter_i,
  input  wire                            write_state_i,
  input  wire                            start_i,
  input  wire [StateAddressBits-1:0]     state_base_i,
  input  wire                            pass_i,
  input  wire [ParameterAddressBits-1:0] parameter_address_i,
  input  wire [StateAddressBits-1:0]     state_address_i,
  input  wire                            slow_i,
  input  wire                            slow_rewinds_i,
  input  wire                            learn_i,
  input  wire [StateAddressBits-1:0]     learn_address_i,
  input  wire                            scatter_i,
  input  wire [15:0]                     scatter_current_i,
  input  wire                            done_i,
  input  wire                            store_i,
  input  wire                            rewinds_i,
  input  wire [StateBits-1:0]            state_i,
  input  wire                            take_i,
  input  wire [7:0]                      value_i,
  output wire [ParameterBits-1:0]        parameter_o,
  output wire [StateBits-1:0]            state_o
);

  wire [ParameterAddressBits-1:0] host_parameter    = host_address_i[ParameterAddressBits-1:0];
  wire [StateAddressBits-1:0]     host_state        = host_address_i[StateAddressBits-1:0];
  wire [ParameterAddressBits-1:0] parameter_address = idle_i ? host_parameter : parameter_address_i;
  wire [StateAddressBits-1:0]     state_address     = idle_i ? host_state : learn_i ? learn_address_i : state_address_i;
  wire [StateAddressBits-1:0]     store_address;
  wire                            scatters          = Scatter != 0 && scatter_i;
  wire [StateAddressBits-1:0]     write_address     = idle_i ? host_state : scatters ? learn_address_i : store_address;

  wire stores, counts;

  snn_counter #(
    .Width(StateAddressBits)
  ) store_counter (
    .clk_i  (clk_i),
    .load_i (start_i || rewinds_i),
    .value_i(state_base_i),
    .count_i(counts),
    .value_o(store_address)
  );

  // bits beyond the widest word
  wire unused_host = &{1'b0, host_address_i, host_data_i};

  generate
    if (Dynamics != 0) begin : gen_dynamics
      // an input is a synaptic current; written one cycle after it was taken: until then the address is the host's
      reg       stored_q = 1'b0;
      reg [7:0] value_q;

      reg [ParameterAddressBits-1:0] address1_q, address2_q, address3_q, address4_q, address5_q;

      wire [63:0]                 state = idle_i ? host_data_i[63:0] : stored_q ? {40'd0, value_q, 16'd0} : state_i;
      wire                        write = write_state_i || stores;
      wire [StateAddressBits-1:0] slow_address;

      assign stores = store_i || stored_q;
      assign counts = done_i || stored_q;

      always @(posedge clk_i) begin
        stored_q   <= take_i;
        value_q    <= value_i;
        address1_q <= parameter_address;
        address2_q <= idle_i ? host_parameter : address1_q;
        address3_q <= address2_q;
        address4_q <= address3_q;
        address5_q <= idle_i ? host_parameter : address4_q;
      end

      snn_counter #(
        .Width(StateAddressBits)
      ) slow_counter (
        .clk_i  (clk_i),
        .load_i (start_i || slow_rewinds_i),
        .value_i(state_base_i),
        .count_i(slow_i),
        .value_o(slow_address)
      );

      snn_ram_1r1w #(
        .Width      (16),
        .Depth      (2 ** ParameterAddressBits),
        .AddressBits(ParameterAddressBits)
      ) theta_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write_parameter_i),
        .wr_address_i(host_parameter),
        .wr_data_i   (host_data_i[15:0]),
        .rd_en_i     (1'b1),
        .rd_address_i(address2_q),
        .rd_data_o   (parameter_o[15:0])
      );

      snn_ram_1r1w #(
        .Width      (16),
        .Depth      (2 ** ParameterAddressBits),
        .AddressBits(ParameterAddressBits)
      ) bias_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write_parameter_i),
        .wr_address_i(host_parameter),
        .wr_data_i   (host_data_i[31:16]),
        .rd_en_i     (1'b1),
        .rd_address_i(address1_q),
        .rd_data_o   (parameter_o[31:16])
      );

      snn_ram_1r1w #(
        .Width      (16),
        .Depth      (2 ** ParameterAddressBits),
        .AddressBits(ParameterAddressBits)
      ) reset_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write_parameter_i),
        .wr_address_i(host_parameter),
        .wr_data_i   (host_data_i[47:32]),
        .rd_en_i     (1'b1),
        .rd_address_i(address5_q),
        .rd_data_o   (parameter_o[47:32])
      );

      snn_ram_1r1w #(
        .Width      (16),
        .Depth      (2 ** ParameterAddressBits),
        .AddressBits(ParameterAddressBits)
      ) leak_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write_parameter_i),
        .wr_address_i(host_parameter),
        .wr_data_i   (host_data_i[63:48]),
        .rd_en_i     (1'b1),
        .rd_address_i(parameter_address),
        .rd_data_o   (parameter_o[63:48])
      );

      snn_ram_1r1w #(
        .Width      (21),
        .Depth      (2 ** StateAddressBits),
        .AddressBits(StateAddressBits)
      ) state_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write),
        .wr_address_i(write_address),
        .wr_data_i   ({state[63:59], state[15:0]}),
        .rd_en_i     (1'b1),
        .rd_address_i(state_address),
        .rd_data_o   ({state_o[63:59], state_o[15:0]})
      );

      // of a sparse synapse the synaptic current alone is written
      snn_ram_1r1w #(
        .Width      (16),
        .Depth      (2 ** StateAddressBits),
        .AddressBits(StateAddressBits)
      ) current_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write || scatters),
        .wr_address_i(write_address),
        .wr_data_i   (scatters ? scatter_current_i : state[31:16]),
        .rd_en_i     (1'b1),
        .rd_address_i(state_address),
        .rd_data_o   (state_o[31:16])
      );

      wire unused_current = &{1'b0, scatter_i, scatter_current_i};

      snn_ram_1r1w #(
        .Width      (27),
        .Depth      (2 ** StateAddressBits),
        .AddressBits(StateAddressBits)
      ) slow_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write),
        .wr_address_i(write_address),
        .wr_data_i   (state[58:32]),
        .rd_en_i     (1'b1),
        .rd_address_i(pass_i ? slow_address : state_address),
        .rd_data_o   (state_o[58:32])
      );
    end else begin : gen_exact
      assign stores = store_i;
      assign counts = done_i;

      snn_ram_1r1w #(
        .Width      (ParameterBits),
        .Depth      (2 ** ParameterAddressBits),
        .AddressBits(ParameterAddressBits)
      ) parameter_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write_parameter_i),
        .wr_address_i(host_parameter),
        .wr_data_i   (host_data_i[ParameterBits-1:0]),
        .rd_en_i     (1'b1),
        .rd_address_i(parameter_address),
        .rd_data_o   (parameter_o)
      );

      snn_ram_1r1w #(
        .Width      (StateBits),
        .Depth      (2 ** StateAddressBits),
        .AddressBits(StateAddressBits)
      ) state_ram (
        .clk_i       (clk_i),
        .wr_en_i     (write_state_i || stores),
        .wr_address_i(write_address),
        .wr_data_i   (idle_i ? host_data_i[StateBits-1:0] : state_i),
        .rd_en_i     (1'b1),
        .rd_address_i(state_address),
        .rd_data_o   (state_o)
      );

      wire unused_dynamics = &{1'b0, pass_i, slow_i, slow_rewinds_i, take_i, value_i, scatter_i, scatter_current_i};
    end
  endgenerate

endmodule

`default_nettype wire
