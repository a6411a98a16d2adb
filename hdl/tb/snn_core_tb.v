// snn_core_tb: plays a script on snn_core and prints what the monitors show.
//
// A script word has 88 bits: operation[87:84], select[83:80], address[79:64], data[63:0]. Operations:
//   0 end   1 write select, address   2 read select, address   3 input value data[7:0]
//   4 wait while the core runs        5 wait data cycles       6 events on (data[0] = 1) or off
//
// Lines (hexadecimal): R select address data, N x v s, E payload index, D cycles decision, T (ran too long).

`default_nettype none

module snn_core_tb #(
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
  parameter Technology      = 0,
  parameter Words           = 1024,
  parameter CycleLimit      = 1000000
);

  reg [87:0] script [0:Words-1];
  reg [8*1024-1:0] path;

  reg         clk         = 1'b0;
  reg         rst         = 1'b1;
  reg  [2:0]  host_select = 3'd0;
  reg  [15:0] host_address = 16'd0;
  reg         host_write  = 1'b0;
  reg  [63:0] host_wdata  = 64'd0;
  reg         host_read   = 1'b0;
  reg         in_valid    = 1'b0;
  reg  [7:0]  in_value    = 8'd0;
  reg         events      = 1'b1;

  wire [63:0]                     host_rdata;
  wire                            host_rvalid, in_ready, in_waiting, running, done;
  wire [IndexBits:0]              in_count;
  wire [3:0]                      state, fault;
  wire [IndexBits-1:0]            decision, emit_index;
  wire [23:0]                     cycles;
  wire                            pass_runs, read_valid, neuron_valid, emit_valid;
  wire [$clog2(ProgramDepth)-1:0] pc;
  wire [MembraneBits-1:0]         neuron_x, neuron_v;
  wire [7:0]                      neuron_s, emit_payload;

  snn_core #(
    .Lanes(Lanes), .WeightBits(WeightBits), .AccumulatorBits(AccumulatorBits), .MembraneBits(MembraneBits),
    .ThresholdBits(ThresholdBits), .QuotientBits(QuotientBits), .IndexBits(IndexBits), .WeightDepth(WeightDepth),
    .ListDepth(ListDepth), .PointerDepth(PointerDepth), .ParameterDepth(ParameterDepth), .StateDepth(StateDepth),
    .ProgramDepth(ProgramDepth), .LinkDepth(512), .Technology(Technology), .HostBits(64)
  ) core (
    .clk_i(clk), .rst_i(rst), .host_select_i(host_select), .host_address_i(host_address), .host_write_i(host_write),
    .host_wdata_i(host_wdata), .host_read_i(host_read), .host_rdata_o(host_rdata), .host_rvalid_o(host_rvalid),
    .in_valid_i(in_valid), .in_ready_o(in_ready), .in_value_i(in_value), .in_waiting_o(in_waiting),
    .in_count_o(in_count), .running_o(running), .done_o(done), .state_o(state), .fault_o(fault),
    .decision_o(decision), .cycles_o(cycles), .mon_pass_o(pass_runs), .mon_pc_o(pc), .mon_read_valid_o(read_valid),
    .mon_neuron_valid_o(neuron_valid), .mon_neuron_x_o(neuron_x), .mon_neuron_v_o(neuron_v),
    .mon_neuron_s_o(neuron_s), .mon_emit_valid_o(emit_valid), .mon_emit_payload_o(emit_payload),
    .mon_emit_index_o(emit_index)
  );

  always #5 clk = !clk;

  integer at    = 0;
  integer total = 0;
  integer left  = 0;

  wire [87:0] word      = script[at];
  wire [3:0]  operation = word[87:84];

  initial begin
    if (!$value$plusargs("script=%s", path)) $finish;
    $readmemh(path, script);
  end

  // one script word at a time; `left` counts its cycles
  always @(posedge clk) begin
    total      <= total + 1;
    rst        <= total < 2;
    host_write <= 1'b0;
    host_read  <= 1'b0;
    if (total > 4) begin
      left <= left + 1;
      case (operation)
        4'd1, 4'd2: begin
          host_select  <= word[82:80];
          host_address <= word[79:64];
          host_wdata   <= word[63:0];
          host_write   <= operation == 4'd1;
          host_read    <= operation == 4'd2 && left == 0;
          if (operation == 4'd1 || host_rvalid) begin
            at   <= at + 1;
            left <= 0;
          end
          if (host_rvalid) $display("R %0h %0h %0h", host_select, host_address, host_rdata);
        end
        4'd3: begin
          in_valid <= !(in_valid && in_ready);
          in_value <= word[7:0];
          if (in_valid && in_ready) begin
            at   <= at + 1;
            left <= 0;
          end
        end
        4'd4:
          if (left > 3 && !running) begin
            at   <= at + 1;
            left <= 0;
          end
        4'd5:
          if (left == word[30:0]) begin
            at   <= at + 1;
            left <= 0;
          end
        4'd6: begin
          events <= word[0];
          at     <= at + 1;
          left   <= 0;
        end
        default: $finish;
      endcase
    end

    if (events && neuron_valid) $display("N %0h %0h %0h", neuron_x, neuron_v, neuron_s);
    if (events && emit_valid) $display("E %0h %0h", emit_payload, emit_index);
    if (done) $display("D %0h %0h", cycles, decision);
    if (total == CycleLimit) begin
      $display("T");
      $finish;
    end
  end

endmodule

`default_nettype wire
