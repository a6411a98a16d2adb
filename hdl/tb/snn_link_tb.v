// snn_link_tb: replays bytes and pauses into snn_link with a stand-in for the core, and writes down what comes out.
//
// Plusargs: +stimulus=FILE +log=FILE. Lines of the stimulus: "b xx" a byte, "e xx" a damaged byte, "w" until the link
// is idle, "p" that and a pause that ends a faulty transmission, "q" that and a pause that gives a frame up,
// "s n" n cycles, "c n" a new case. Lines of the log: "t xx" a byte sent, "m s a d" a host write (memory, address, word),
// "v xx" an input value, "c n". The stand-in waits for program[0] values and adds them up, then runs for program[1]
// cycles and behaves as program[2] says: 0 done and wait again, 1 done and stop, 2 fault, 3 run for ever, 4 wait again
// without done. Of a register's address the low four bits count.

`default_nettype none

module snn_link_tb;

  localparam TimeoutBits = 8;

  reg clk = 1'b0;
  always #5 clk = !clk;

  reg         rst = 1'b1;
  reg         rx_valid = 1'b0;
  wire        rx_ready;
  reg  [7:0]  rx_data = 8'd0;
  reg         rx_error = 1'b0;
  wire        tx_valid;
  wire        tx_ready;
  wire [7:0]  tx_data;
  wire [2:0]  select;
  wire [15:0] address;
  wire        write;
  wire [63:0] wdata;
  wire        read;
  reg  [63:0] rdata = 64'd0;
  reg         rvalid = 1'b0;
  wire        value_valid;
  wire        value_ready;
  wire [7:0]  value;
  wire        busy;

  // stand-in for the core
  localparam [3:0] STOPPED = 4'd0;
  localparam [3:0] WAITING = 4'd1;
  localparam [3:0] RUNNING = 4'd2;
  localparam [3:0] FAULT   = 4'd3;

  reg [63:0] mem [0:1023];
  reg [3:0]  core_q = STOPPED;
  reg [21:0] wanted_q = 22'd0;
  reg [31:0] left_q = 32'd0;
  reg [31:0] sum_q = 32'd0;
  reg [31:0] decision_q = 32'd0;
  reg [31:0] cycles_q = 32'd0;
  reg [31:0] samples_q = 32'd0;
  reg [2:0]  pace_q = 3'd0;
  reg        taken_q = 1'b0;
  wire done = core_q == RUNNING && left_q == 0 && mem[{3'd1, 7'd2}] < 2;

  // registers take a value in two of three cycles, and the line a byte in every second one
  assign value_ready = core_q == WAITING && pace_q != 3'd0;
  assign tx_ready = pace_q[0];

  function [63:0] mask(input [2:0] memory);
    case (memory)
      3'd2:    mask = 64'h000000ffffffffff;
      3'd3:    mask = 64'h000000000000ffff;
      3'd4:    mask = 64'h0000000000ffffff;
      3'd6:    mask = 64'hffffffffffffffff;
      default: mask = 64'h00000000ffffffff;
    endcase
  endfunction

  reg [63:0] register_value;
  always @(*) begin
    case (address[3:0])
      4'd6:    register_value = {56'd0, core_q == FAULT ? 4'd1 : 4'd0, core_q};
      4'd7:    register_value = {32'd0, cycles_q};
      4'd8:    register_value = {32'd0, samples_q * 32'h01010101};
      4'd9:    register_value = {32'd0, ~samples_q};
      4'd10:   register_value = {32'd0, samples_q + 32'h89abcdef};
      4'd11:   register_value = {32'd0, decision_q};
      4'd14:   register_value = {42'd0, core_q == WAITING ? wanted_q : 22'd0};
      default: register_value = mem[{3'd0, 3'd0, address[3:0]}];
    endcase
  end

  always @(posedge clk) begin
    pace_q <= pace_q == 3'd2 ? 3'd0 : pace_q + 3'd1;
    rvalid <= read;
    if (read) rdata <= select == 3'd0 ? register_value : mem[{select, address[6:0]}];
    if (write) mem[{select, select == 3'd0 ? {3'd0, address[3:0]} : address[6:0]}] <= wdata & mask(select);
    if (value_valid && value_ready) begin
      wanted_q <= wanted_q - 22'd1;
      sum_q <= sum_q + {24'd0, value};
      taken_q <= 1'b1;
      if (wanted_q == 22'd1) begin
        core_q <= RUNNING;
        left_q <= mem[{3'd1, 7'd1}][31:0];
      end
    end
    if (core_q == RUNNING) begin
      if (left_q != 0) begin
        left_q <= left_q - 1;
      end else if (mem[{3'd1, 7'd2}] != 3) begin
        core_q <= mem[{3'd1, 7'd2}] == 1 ? STOPPED : mem[{3'd1, 7'd2}] == 2 ? FAULT : WAITING;
        wanted_q <= mem[{3'd1, 7'd0}][21:0];
        sum_q <= 0;
        taken_q <= 1'b0;
        if (done) begin
          decision_q <= sum_q;
          cycles_q <= mem[{3'd1, 7'd1}][31:0];
          samples_q <= samples_q + 1;
        end
      end
    end
    if (write && select == 3'd0 && address[3:0] == 4'd5) begin
      if (wdata[1]) begin
        core_q <= STOPPED;
        taken_q <= 1'b0;
      end
      if (wdata[0]) begin
        core_q <= WAITING;
        wanted_q <= mem[{3'd1, 7'd0}][21:0];
        sum_q <= 0;
        taken_q <= 1'b0;
      end
    end
  end

  snn_link #(
    .LinkDepth(512),
    .TimeoutBits(TimeoutBits)
  ) dut (
    .clk_i(clk),
    .rst_i(rst),
    .rx_valid_i(rx_valid),
    .rx_ready_o(rx_ready),
    .rx_data_i(rx_data),
    .rx_error_i(rx_error),
    .tx_valid_o(tx_valid),
    .tx_ready_i(tx_ready),
    .tx_data_o(tx_data),
    .host_select_o(select),
    .host_address_o(address),
    .host_write_o(write),
    .host_wdata_o(wdata),
    .host_read_o(read),
    .host_rdata_i(rdata),
    .host_rvalid_i(rvalid),
    .value_valid_o(value_valid),
    .value_ready_i(value_ready),
    .value_o(value),
    .wanted_i(wanted_q[15:0]),
    .waiting_i(core_q == WAITING),
    .running_i(core_q == RUNNING || (core_q == WAITING && taken_q)),
    .done_i(done),
    .busy_o(busy)
  );

  integer stimulus;
  integer log;
  integer got;
  integer operand;
  integer i;
  reg [7:0] kind;
  reg [1023:0] stimulus_name;
  reg [1023:0] log_name;

  always @(posedge clk) if (!rst) begin
    if (tx_valid && tx_ready) $fwrite(log, "t %h\n", tx_data);
    if (write) $fwrite(log, "m %0d %0d %h\n", select, select == 3'd0 ? {12'd0, address[3:0]} : address, wdata & mask(select));
    if (value_valid && value_ready) $fwrite(log, "v %h\n", value);
  end

  task idle(input integer cycles);
    integer n;
    integer spent;
    begin
      n = 0;
      spent = 0;
      while (n < cycles) begin
        spent = spent + 1;
        if (spent > 1000000) begin
          $display("busy for ever");
          $finish;
          n = cycles;
        end
        @(posedge clk);
        #1;
        // a frame that was just committed shows as busy a cycle later
        n = busy || tx_valid ? 0 : n + 1;
      end
    end
  endtask

  task offer(input [7:0] data, input error);
    begin
      rx_valid = 1'b1;
      rx_data  = data;
      rx_error = error;
      @(negedge clk);
      while (!rx_ready) @(negedge clk);
      @(posedge clk);
      #1;
      rx_valid = 1'b0;
    end
  endtask

  initial begin
    if (!$value$plusargs("stimulus=%s", stimulus_name) || !$value$plusargs("log=%s", log_name)) begin
      $display("wanted +stimulus=FILE +log=FILE");
      $finish;
    end
    stimulus = $fopen(stimulus_name, "r");
    log = $fopen(log_name, "w");
    for (i = 0; i < 1024; i = i + 1) mem[i] = 64'd0;
    repeat (4) @(posedge clk);
    #1;
    rst = 1'b0;
    got = $fscanf(stimulus, "%c %h\n", kind, operand);
    while (got > 0) begin
      case (kind)
        "b": offer(operand[7:0], 1'b0);
        "e": offer(operand[7:0], 1'b1);
        "w": idle(20);
        "p": idle((1 << (TimeoutBits - 3)) + 32);
        "q": idle((1 << TimeoutBits) + 64);
        "s": repeat (operand) @(posedge clk);
        "c": $fwrite(log, "c %0d\n", operand);
        default: $display("unknown stimulus %c", kind);
      endcase
      #1;
      got = $fscanf(stimulus, "%c %h\n", kind, operand);
    end
    $fclose(log);
    $finish;
  end

endmodule

`default_nettype wire
