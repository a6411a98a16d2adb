import type { Proof } from "./prover.js";

const words = { WordBytes: 4, ParameterBytes: 4, WeightBytes: 4, AddressBits: 13 };
const lists = { ListAddressBits: 4, ListPointerBits: 5 };
const counter = ["rtl/snn_counter.v"];

/** Every proof; hdl/formal/README.md says what each is about. */
export const proofs: readonly Proof[] = [
  { top: "rtl/snn_crc.v", induction: 3, depth: 12 },
  { top: "rtl/snn_byte_fifo.v", parameters: { Depth: 8 }, induction: 3, depth: 12 },
  {
    top: "rtl/snn_link_rx.v",
    files: ["formal/snn_crc_any.v"],
    parameters: { TimeoutBits: 7 },
    induction: 3,
    depth: 20,
  },
  { top: "rtl/snn_link_command.v", parameters: words, induction: 3, depth: 24 },
  { top: "rtl/snn_link_tx.v", files: ["rtl/snn_crc.v"], induction: 3, depth: 18 },
  {
    top: "formal/snn_uart_loop.v",
    files: ["rtl/snn_uart_rx.v", "rtl/snn_uart_tx.v"],
    parameters: { Divider: 4 },
    induction: 0,
    depth: 48,
  },
  { top: "rtl/snn_counter.v", parameters: { Width: 12 }, induction: 3, depth: 4 },
  {
    top: "rtl/snn_writer.v",
    files: counter,
    parameters: { ...lists, IndexBits: 4, PointerAddressBits: 4 },
    induction: 3,
    depth: 8,
  },
  {
    top: "rtl/snn_gather.v",
    files: counter,
    parameters: { ...lists, IndexBits: 4, WeightAddressBits: 5 },
    induction: 3,
    depth: 12,
  },
  { top: "rtl/snn_sequencer.v", files: counter, parameters: { Lanes: 16 }, induction: 3, depth: 8 },
  {
    top: "rtl/snn_stepper.v",
    parameters: { PointerAddressBits: 12, WeightAddressBits: 4, ProgramAddressBits: 6 },
    induction: 3,
    depth: 12,
  },
  {
    top: "rtl/snn_walker.v",
    files: counter,
    parameters: { ...lists, PointerAddressBits: 4, WeightAddressBits: 5 },
    induction: 3,
    depth: 14,
  },
  {
    top: "dynamics/snn_scatter.v",
    files: counter,
    parameters: { ...lists, IndexBits: 4, PointerAddressBits: 4, StateAddressBits: 4, WeightAddressBits: 5 },
    induction: 3,
    depth: 16,
  },
  {
    top: "dynamics/snn_learn_row.v",
    files: ["tech/snn_weight_adder.v", "tech/snn_weight_adder_generic.v"],
    parameters: { Lanes: 2, WeightBits: 4, Own: 1 },
    induction: 3,
    depth: 6,
  },
];

/** Changes that break a module, and that its proof must notice. */
export const breaks: readonly (readonly [module: string, from: string, to: string])[] = [
  ["snn_crc", "32'hedb88320 : 32'h00000000);\n    ", "32'hedb88321 : 32'h00000000);\n    "],
  ["snn_byte_fifo", "assign full_o  = write_q ==", "assign full_o  = 1'b0 && write_q =="],
  ["snn_byte_fifo", "if (commit_i && !discard_i) commit_q <= write_q;", "if (commit_i) commit_q <= write_q + 1;"],
  ["snn_link_rx", "(!head_zero || huge_q || too_long)", "(!head_zero || too_long)"],
  ["snn_link_rx", "state_q[JUDGE_TAIL] && !crc_busy && !match;", "1'b0;"],
  [
    "snn_link_rx",
    "commit_o     = state_q[JUDGE_TAIL] && !crc_busy && match",
    "commit_o     = state_q[JUDGE_TAIL] && !crc_busy",
  ],
  ["snn_link_command", "state_q[HIGH] && known && !halt_q;", "state_q[HIGH];"],
  ["snn_link_command", "      loaded_q <= 1'b0;\n", ""],
  ["snn_link_command", "value_taken && wraps : offset_q != 3'd0", "value_taken && wraps : 1'b1"],
  ["snn_link_command", "loaded_q && !spent_q && waiting_i;", "loaded_q && waiting_i;"],
  ["snn_link_tx", "if (end_i && !byte_valid_i)", "if (end_i)"],
  ["snn_link_tx", "tx_ready_i && !crc_busy : digest_i", "tx_ready_i : digest_i"],
  ["snn_uart_tx", "shift_q <= {data_i, 1'b0}", "shift_q <= {data_i[7:1], 1'b1, 1'b0}"],
  ["snn_counter", "load_i ? value_i : next[Width:1]", "next[Width:1]"],
  ["snn_scatter", "add_q && second_q;", "second_q;"],
  ["snn_scatter", "row_q   <= through && some;", "row_q   <= through;"],
  ["snn_scatter", "if (there_q || add_q) begin\n      target_q", "begin\n      target_q"],
  ["snn_scatter", "if (through) address_q <= first_row;\n    else if", "if"],
  ["snn_scatter", "add_q && run_i", "add_q || row_q"],
  ["snn_scatter", "{{8{weight_q[7]}}, weight_q}", "{8'd0, weight_q}"],
  ["snn_learn_row", "chosen_i[l] && synapse", "chosen_i[l]"],
  ["snn_learn_row", "operand[WeightBits-1] ^ rises", "operand[WeightBits-1]"],
  ["snn_learn_row", ".beyond_i (beyond)", ".beyond_i (1'b0)"],
  ["snn_writer", ".count_i(list_write_o)", ".count_i(valid_q)"],
  ["snn_writer", "channel_q == channels_i ? ONE_CHANNEL", "1'b0 ? ONE_CHANNEL"],
  ["snn_gather", "(last_entry && !close_q)", "last_entry"],
  ["snn_gather", "space_n == ~6'd2", "space_n == ~6'd3"],
  ["snn_gather", "if (taken_q) offset_q", "if (segment_take_o) offset_q"],
  ["snn_sequencer", "wire       last_lane    = left_n == 6'd62;", "wire       last_lane    = left_n == 6'd61;"],
  ["snn_sequencer", "last && last_round[7]", "last"],
  ["snn_sequencer", "rewind_i && run_q && last_lane && last && at_edge", "rewind_i && run_q && last && at_edge"],
  ["snn_stepper", "x_q[11] ? {PointerAddressBits{1'b0}}", "1'b0 ? {PointerAddressBits{1'b0}}"],
  ["snn_stepper", "|| (enable_i && step0_q && inner_q[2])) window_row_q", ") window_row_q"],
  ["snn_walker", "!no_rows && !beyond[12]", "!beyond[12]"],
  ["snn_walker", "!(done_q && segment_valid_q);", "!(done_q && segment_valid_q && segment_some_q);"],
];
