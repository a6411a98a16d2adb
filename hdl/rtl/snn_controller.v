// snn_controller: runs the program. Instructions: src/arch/isa.ts and the table in hdl/README.md.
//
// Parameter           Default  Range  Meaning
// ProgramAddressBits  8        1..10
// IndexBits           12       1..16  bits of a neuron index; input counts have one more
// Dynamics            0        0..1   registers 16..31 exist, and inputs into the state memory
// Learning            0        0..2   1: `learn` exists, 2: `reward` too
// Scatter             0        0..1   `scatter` exists; not with Learning
//
// Port               Dir  Unit     Meaning
// clk_i              in   clock
// rst_i              in   flag     synchronous; stops
// restart_i          in   flag     begin at address 0, whatever is going on; wins over stop_i
// stop_i             in   flag     stop
// watchdog_i         in   flag     the sample took too long
// break_i            in   passes   stop after this many passes of a sample; 0: never
// program_address_o  out  word     instruction wanted
// program_data_i     in   bits     that word, one cycle later
// table_address_i    in   word     step word wanted by the running pass
// table_read_i       in   flag     table_address_i is wanted instead
// set_o              out  flag     load a pass register with program_data_i
// start_o            out  flag     first cycle of a pass or of an input
// fresh_o, store_o, emit_o, max_o, sum_o, argmax_o, signed_o, ternary_o, mute_o, settled_o, winner_o, table_o   fields of the pass
// pass_o             out  flag     a pass runs
// input_o            out  flag     values are taken from the host
// into_state_o       out  flag     they go into the state memory
// learn_o, reward_o  out  flag     that instruction is under way; learn_o: scatter too
// learn_start_o      out  flag     first cycle of either
// finished_i         in   flag     last cycle of the pass or input
// learned_i          in   flag     last cycle of learn, reward or scatter
// spike_i            in   flag     a pass writes a list entry
// taking_i           in   flag     an input value is offered
// take_o             out  flag     input values are accepted
// close_o            out  flag     one cycle after the last value was taken
// left_o             out  values   input values wanted
// idle_o             out  flag     the host may use the memories: no value of this input was taken yet, or stopped
// flush_o            out  flag     nothing runs; everything in flight is dropped
// begin_o            out  flag     the first value of a sample is taken: counters restart
// count_o            out  flag     a cycle of the sample
// done_o             out  flag     `done` executes
// state_o            out  state    as in the register `status`
// fault_o            out  fault    as in the register `status`
// pc_o               out  word     address of the instruction
//
// Cycles: 1 an instruction; jumps that are taken 2; pass and input 1 and then up to and including finished_i.

`default_nettype none

module snn_controller #(
  parameter ProgramAddressBits = 8,
  parameter IndexBits          = 12,
  parameter Dynamics           = 0,
  parameter Learning           = 0,
  parameter Scatter            = 0
) (
  input  wire                          clk_i,
  input  wire                          rst_i,
  input  wire                          restart_i,
  input  wire                          stop_i,
  input  wire                          watchdog_i,
  input  wire [11:0]                   break_i,
  output wire [ProgramAddressBits-1:0] program_address_o,
  input  wire [31:0]                   program_data_i,
  input  wire [ProgramAddressBits-1:0] table_address_i,
  input  wire                          table_read_i,
  output wire                          set_o,
  output wire                          start_o,
  output wire                          fresh_o,
  output wire                          store_o,
  output wire                          emit_o,
  output wire                          max_o,
  output wire                          sum_o,
  output wire                          argmax_o,
  output wire                          signed_o,
  output wire                          ternary_o,
  output wire                          mute_o,
  output wire                          settled_o,
  output wire                          winner_o,
  output wire [ProgramAddressBits-1:0] table_o,
  output wire                          pass_o,
  output wire                          input_o,
  output wire                          into_state_o,
  output wire                          learn_o,
  output wire                          reward_o,
  output wire                          learn_start_o,
  input  wire                          finished_i,
  input  wire                          learned_i,
  input  wire                          spike_i,
  input  wire                          taking_i,
  output wire                          take_o,
  output wire                          close_o,
  output wire [IndexBits:0]            left_o,
  output wire                          idle_o,
  output wire                          flush_o,
  output wire                          begin_o,
  output wire                          count_o,
  output wire                          done_o,
  output wire [3:0]                    state_o,
  output wire [3:0]                    fault_o,
  output wire [ProgramAddressBits-1:0] pc_o
);

  localparam [3:0] HALT = 4'h0, SET = 4'h1, PASS = 4'h2, INPUT = 4'h3, DONE = 4'h4, JUMP = 4'h5, COUNT = 4'h6,
                   LOOP = 4'h7, MARK = 4'h8, QUIET = 4'h9, LEARN = 4'ha, REWARD = 4'hb, SCATTER = 4'hc;
  localparam [3:0] LAST = Learning == 2 ? REWARD : Learning == 1 ? LEARN : QUIET;
  localparam [10:0] EMIT = 11'b00000000100;
  localparam [ProgramAddressBits-1:0] ONE_WORD = 1;
  localparam [IndexBits:0]            ONE_LEFT = ~1;

  // one of these is set
  reg stopped_q = 1'b1;
  reg fetch_q = 1'b0;
  reg run_q   = 1'b0;
  reg pass_q  = 1'b0;
  reg input_q = 1'b0;
  reg learn_q = 1'b0;
  reg reward_q = 1'b0;

  reg                          restart_q = 1'b0;
  reg                          start_q   = 1'b0;
  reg                          learn_start_q = 1'b0;
  reg                          into_state_q = 1'b0;
  reg                          more_q    = 1'b0;
  reg                          idle_q    = 1'b0;
  reg                          closed_q  = 1'b0;
  reg                          sample_q  = 1'b0;
  reg                          break_q   = 1'b0;
  reg [1:0]                    fault_q   = 2'd0;
  reg [ProgramAddressBits-1:0] pc_q      = {ProgramAddressBits{1'b0}};
  reg [11:0]                   passes_q = 12'd1;
  reg                          spike_q;
  reg [10:0]                   fields_q = 11'd0;
  reg [ProgramAddressBits-1:0] table_q;

  // complements, because they count down
  wire [IndexBits:0] left_n;
  wire [15:0]        counter0_n;
  wire [15:0]        counter1_n;

  wire [3:0] opcode  = program_data_i[31:28];
  wire       counter = program_data_i[24];

  wire is_pass  = opcode == PASS;
  wire is_input = opcode == INPUT;
  wire is_done  = opcode == DONE;
  wire learns   = (Learning != 0 && opcode == LEARN) || (Learning == 2 && opcode == REWARD)
                 || (Scatter != 0 && opcode == SCATTER);
  wire taken    = opcode == JUMP || (opcode == QUIET && !spike_q) ||
                  (opcode == LOOP && (counter ? counter1_n != 16'hfffe : counter0_n != 16'hfffe));
  wire illegal  = (opcode > LAST && !learns) || (opcode == SET && (program_data_i[27] || (Dynamics == 0 && program_data_i[26]))) ||
                  (is_pass && program_data_i[14:13] == 2'b11);

  wire opens   = input_q && left_n != {(IndexBits+1){1'b1}};
  wire accept  = take_o && taking_i;
  wire ended   = ((pass_q || input_q) && finished_i) || ((learn_q || reward_q) && learned_i);
  wire broken  = pass_q && finished_i && passes_q == break_i && break_i != 12'd0;

  // after a jump the instruction at pc_q, else the next one: during a pass or an input it waits for the end
  assign program_address_o = table_read_i ? table_address_i : pc_q + {{(ProgramAddressBits-1){1'b0}}, !fetch_q};

  assign set_o   = run_q && opcode == SET;
  assign start_o = start_q;
  assign pass_o  = pass_q;
  assign input_o = input_q;
  assign table_o = table_q;
  assign into_state_o  = into_state_q;
  assign learn_o       = learn_q;
  assign reward_o      = reward_q;
  assign learn_start_o = learn_start_q;
  assign {winner_o, settled_o, mute_o, ternary_o, signed_o, argmax_o, sum_o, max_o, emit_o, store_o, fresh_o} = fields_q;

  assign take_o  = more_q;
  assign close_o = input_q && !start_q && !more_q && !closed_q;
  assign left_o  = ~left_n & {(IndexBits+1){input_q}};
  assign flush_o = stopped_q;
  assign idle_o  = idle_q;
  assign begin_o = !sample_q && (accept || close_o);
  assign count_o = sample_q && !input_q && !stopped_q;
  assign done_o  = run_q && is_done;
  assign pc_o    = pc_q;
  assign fault_o = {2'd0, fault_q};
  assign state_o = fault_q != 2'd0 ? 4'd3 : break_q ? 4'd4 : stopped_q ? 4'd0 : take_o ? 4'd1 : 4'd2;

  wire unused_fields = &{1'b0, program_data_i};

  snn_counter #(
    .Width(IndexBits + 1)
  ) left_counter (
    .clk_i  (clk_i),
    .load_i (run_q),
    .value_i(~program_data_i[IndexBits:0]),
    .count_i(accept),
    .value_o(left_n)
  );

  snn_counter #(
    .Width(16)
  ) counter0 (
    .clk_i  (clk_i),
    .load_i (run_q && opcode == COUNT && !counter),
    .value_i(~program_data_i[15:0]),
    .count_i(run_q && opcode == LOOP && !counter),
    .value_o(counter0_n)
  );

  snn_counter #(
    .Width(16)
  ) counter1 (
    .clk_i  (clk_i),
    .load_i (run_q && opcode == COUNT && counter),
    .value_i(~program_data_i[15:0]),
    .count_i(run_q && opcode == LOOP && counter),
    .value_o(counter1_n)
  );

  always @(posedge clk_i) begin
    restart_q <= 1'b0;
    start_q   <= 1'b0;
    learn_start_q <= 1'b0;

    if (restart_q) begin
      stopped_q <= 1'b0;
      fetch_q   <= 1'b1;
    end

    if (fetch_q) begin
      fetch_q <= 1'b0;
      run_q   <= 1'b1;
    end

    if (run_q) begin
      pc_q <= taken ? program_data_i[ProgramAddressBits-1:0] : pc_q + ONE_WORD;
      if (taken) begin
        run_q   <= 1'b0;
        fetch_q <= 1'b1;
      end
      if (is_pass || is_input || learns || opcode == HALT || illegal) begin
        run_q <= 1'b0;
        pc_q  <= pc_q;
      end
      stopped_q <= opcode == HALT || illegal;
      pass_q  <= is_pass && !illegal;
      input_q <= is_input;
      learn_q <= learns && opcode != REWARD;
      reward_q <= learns && opcode == REWARD;
      learn_start_q <= learns;
      start_q <= is_pass || is_input;
      if (illegal) fault_q <= 2'd1;
      if (is_pass) begin
        table_q  <= program_data_i[ProgramAddressBits-1:0];
        fields_q <= program_data_i[20:10];
      end
      if (is_input) begin
        fields_q <= Dynamics != 0 && program_data_i[21] ? 11'd0 : EMIT;
        into_state_q <= Dynamics != 0 && program_data_i[21];
      end
    end

    if (ended) begin
      pass_q  <= 1'b0;
      input_q <= 1'b0;
      learn_q <= 1'b0;
      reward_q <= 1'b0;
      run_q     <= !broken;
      stopped_q <= broken;
      break_q <= broken;
      pc_q    <= pc_q + ONE_WORD;
    end

    // inputs
    // the first value ends it until the next input begins
    idle_q   <= (stopped_q && !restart_q) || (!taking_i && (start_q ? opens : idle_q && more_q));
    closed_q <= input_q && (closed_q || close_o);
    if (start_q) more_q <= opens;
    if (accept) more_q <= left_n != ONE_LEFT;

    // samples
    if (begin_o) sample_q <= 1'b1;
    if (done_o || stopped_q) sample_q <= 1'b0;
    if (done_o || stopped_q) passes_q <= 12'd1;
    else if (pass_q && finished_i) passes_q <= passes_q + 12'd1;

    if (spike_i) spike_q <= 1'b1;
    else if (run_q && opcode == MARK) spike_q <= 1'b0;

    if (watchdog_i || stop_i || restart_i || rst_i) begin
      stopped_q <= 1'b1;
      fetch_q   <= 1'b0;
      run_q     <= 1'b0;
      pass_q    <= 1'b0;
      input_q   <= 1'b0;
      learn_q   <= 1'b0;
      reward_q  <= 1'b0;
      start_q   <= 1'b0;
      learn_start_q <= 1'b0;
      more_q    <= 1'b0;
      break_q   <= 1'b0;
      fault_q   <= watchdog_i ? 2'd2 : 2'd0;
    end
    if (restart_i) begin
      restart_q <= 1'b1;
      pc_q      <= {ProgramAddressBits{1'b0}};
      fault_q   <= 2'd0;
    end
    if (rst_i) begin
      restart_q <= 1'b0;
      fault_q   <= 2'd0;
      pc_q      <= {ProgramAddressBits{1'b0}};
    end
  end

endmodule

`default_nettype wire
