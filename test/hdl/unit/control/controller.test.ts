import { encode } from "../../core/program.js";
import type { Integer } from "../../integer.js";
import { modulo, testUnit, type Unit } from "../unit.js";

const stopped = { phase: "stopped", more: 0, first: 0, closed: 0, broke: 0, fault: 0 } as const;
type Phase = "stopped" | "restart" | "fetch" | "run" | "pass" | "input" | "learn" | "reward";

/** Instructions that some core knows and some does not. */
const newer = [
  encode("learn"),
  encode("input", { count: 2, state: 1 }),
  encode("set", { register: 16, value: 3 }),
  encode("set", { register: 31 }),
  encode("reward"),
];
const wrong = [
  encode("halt"),
  encode("scatter"),
  0xd0000000,
  0xf0000000,
  encode("set", { register: 32 }),
  0x20006000,
  ...newer,
];

/** Instructions that do anything at all, rarely wrong ones. */
function randomWord(integer: Integer, learning: number, scatter: number): number {
  if (scatter && integer(0, 9) === 0) return encode("scatter");
  const address = integer(0, 63);
  const counter = integer(0, 1);
  const fields = integer(0, 2 ** 21 - 1);
  const word = [
    encode("set", { register: integer(0, 15), value: integer(0, 2 ** 22 - 1) }),
    encode("pass") + (fields & 0x6000 ? fields & ~0x4000 : fields),
    encode("input", { count: integer(0, 3) }),
    encode("done"),
    encode("jump", { address }),
    encode("count", { counter, value: integer(0, 3) }),
    encode("loop", { counter, address }),
    encode("mark"),
    encode("quiet", { address }),
    ...newer,
  ][integer(0, [8, 12, 13][learning]!)]!;
  return integer(0, 14) > 0 ? word : wrong[integer(0, wrong.length - 1)]!;
}

/** The instruction table of hdl/README.md with its cycles. */
const cycles: Unit["cycles"] = function* (
  { ProgramAddressBits: bits = 0, IndexBits = 0, Dynamics = 0, Learning = 0, Scatter = 0 },
  integer,
) {
  let program = Array.from({ length: 2 ** bits }, () => 0);
  let s: { phase: Phase; more: number; first: number; closed: number; broke: number; fault: number } = stopped;
  let [pc, left, sample, passes, idle, finish] = [0, 0, 0, 1, 0, 0];
  let spiked: number | undefined;
  const counters = [0, 0];
  let fields: number | undefined = 0;
  let table: number | undefined;
  let [intoState, learns] = [0, 0];
  let word = 0;
  const rare = (n: number): number => +(integer(1, n) === 1);
  for (let i = 0; i < 6000; i++) {
    const restarts = rare(s.phase === "stopped" ? 4 : 300);
    if (restarts)
      program = program.map((_, at) => (at === 0 ? encode("mark") : randomWord(integer, Learning, Scatter)));
    const { phase, first, more } = s;
    const runs = phase === "run";
    const learning = phase === "learn" || phase === "reward";
    const finished_i = +((phase === "pass" || phase === "input") && --finish === 0);
    const learned_i = +(learning && --finish === 0);
    const inputs = {
      rst_i: rare(1000),
      restart_i: restarts,
      stop_i: rare(500),
      watchdog_i: rare(500),
      break_i: Math.floor(i / 500) % 3,
      program_data_i: word,
      table_address_i: integer(0, 2 ** bits - 1),
      table_read_i: +(phase === "pass" && finish > 2 && rare(2)),
      finished_i,
      learned_i,
      spike_i: +(phase === "pass" && rare(9)),
      taking_i: rare(2),
    };
    const accept = more & inputs.taking_i;
    const close_o = +(phase === "input" && !first && !more && !s.closed);
    const opcode = word >>> 28;
    const begin_o = +(!sample && (accept || close_o));
    const fetches = ["fetch", "run", "pass", "input"].includes(phase) || learning;
    const wanted = inputs.table_read_i ? inputs.table_address_i : modulo(pc + +(phase !== "fetch"), bits);
    const flag = (k: number): number | undefined => (fields === undefined ? undefined : (fields >> k) & 1);
    yield {
      inputs,
      outputs: {
        program_address_o: fetches ? wanted : undefined,
        set_o: +(runs && opcode === 1),
        start_o: s.fault ? undefined : first,
        pass_o: +(phase === "pass"),
        input_o: +(phase === "input"),
        into_state_o: phase === "input" ? intoState : undefined,
        learn_o: +(phase === "learn"),
        reward_o: +(phase === "reward"),
        learn_start_o: s.fault ? undefined : learns,
        take_o: more,
        close_o,
        left_o: phase === "input" ? left : 0,
        idle_o: idle,
        fresh_o: flag(0),
        store_o: flag(1),
        emit_o: flag(2),
        max_o: flag(3),
        sum_o: flag(4),
        argmax_o: flag(5),
        signed_o: flag(6),
        ternary_o: flag(7),
        mute_o: flag(8),
        settled_o: flag(9),
        winner_o: flag(10),
        table_o: table,
        flush_o: +(phase === "stopped" || phase === "restart"),
        begin_o,
        count_o: +(sample && fetches && phase !== "input"),
        done_o: +(runs && opcode === 4),
        state_o: s.fault ? 3 : s.broke ? 4 : phase === "stopped" || phase === "restart" ? 0 : more ? 1 : 2,
        fault_o: s.fault,
        pc_o: pc,
      },
    };

    let next: typeof s = { ...s, first: 0, closed: s.closed | close_o };
    let loaded = false;
    idle = +(phase === "stopped" || (!inputs.taking_i && (first ? phase === "input" && left > 0 : idle && more)));
    if (begin_o) sample = 1;
    if ((runs && opcode === 4) || phase === "stopped" || phase === "restart") [sample, passes] = [0, 1];
    if (phase === "restart") next.phase = "fetch";
    else if (phase === "fetch") next.phase = "run";
    else if (phase === "input") {
      if (first) next.more = +(left > 0);
      if (accept) next.more = +(left > 1);
      left -= accept;
      if (close_o) finish = 2;
    }
    learns = 0;
    if (finished_i || learned_i) {
      next.broke = +(phase === "pass" && inputs.break_i !== 0 && passes === inputs.break_i);
      next.phase = next.broke ? "stopped" : "run";
      if (phase === "pass") passes++;
      pc = modulo(pc + 1, bits);
    }
    if (runs) {
      const c = (word >>> 24) & 1;
      const illegal =
        (opcode > [9, 10, 11][Learning]! && !(Scatter && opcode === 12)) ||
        (opcode === 1 && (word & (Dynamics ? 0x08000000 : 0x0c000000)) !== 0) ||
        (opcode === 2 && (word & 0x6000) === 0x6000);
      if (opcode === 6) counters[c] = word & 0xffff;
      if (opcode === 7) counters[c] = modulo(counters[c]! - 1, 16);
      const jumps = opcode === 5 || (opcode === 9 && !spiked) || (opcode === 7 && counters[c] !== 0);
      loaded = opcode === 8;
      if (illegal) next = { ...stopped, fault: 1 };
      else if (opcode === 0) next = stopped;
      else if (opcode === 2 || opcode === 3) {
        next = { ...stopped, phase: opcode === 2 ? "pass" : "input", first: 1 };
        finish = opcode === 2 ? integer(3, 12) : -1;
        left = modulo(word, IndexBits + 1);
        intoState = Dynamics ? (word >>> 21) & 1 : 0;
        fields = opcode === 2 ? (word >>> 10) & 0x7ff : intoState ? 0 : 4;
        if (opcode === 2) table = modulo(word, bits);
      } else if (opcode >= 10) {
        next = { ...stopped, phase: opcode === 11 ? "reward" : "learn" };
        learns = 1;
        finish = integer(2, 12);
      } else {
        if (jumps) next.phase = "fetch";
        pc = jumps ? modulo(word, bits) : modulo(pc + 1, bits);
      }
      // fields of what does not run do not matter
      if (illegal && opcode === 2) fields = table = undefined;
    }
    if (inputs.spike_i) spiked = 1;
    else if (loaded) spiked = 0;
    const { rst_i, restart_i, stop_i, watchdog_i } = inputs;
    if (watchdog_i || stop_i || restart_i || rst_i) {
      learns = 0;
      next = {
        ...stopped,
        fault: watchdog_i && !restart_i && !rst_i ? 2 : 0,
        phase: restart_i && !rst_i ? "restart" : "stopped",
      };
    }
    if (restart_i || rst_i) pc = 0;
    word = fetches ? program[wanted]! : 0;
    s = next;
  }
};

testUnit({
  module: "snn_controller",
  parameters: [
    { ProgramAddressBits: 6, IndexBits: 8 },
    { ProgramAddressBits: 10, IndexBits: 16 },
    { ProgramAddressBits: 8, IndexBits: 12, Dynamics: 1 },
    { ProgramAddressBits: 8, IndexBits: 12, Dynamics: 1, Learning: 1 },
    { ProgramAddressBits: 8, IndexBits: 12, Dynamics: 1, Learning: 2 },
    { ProgramAddressBits: 8, IndexBits: 12, Dynamics: 1, Scatter: 1 },
  ],
  cycles,
  breaks: [
    ["counter0_n != 16'hfffe", "counter0_n != 16'hffff"],
    ["opcode == QUIET && !spike_q", "opcode == QUIET && spike_q"],
    ["passes_q == break_i", "passes_q > break_i"],
    ["pc_q    <= pc_q + ONE_WORD;", ""],
    ["(Dynamics == 0 && program_data_i[26])", "1'b0"],
    ["program_data_i[27] || ", ""],
    ["Learning == 2 ? REWARD : Learning == 1 ? LEARN : QUIET", "Learning == 2 ? REWARD : LEARN"],
    ["Learning == 2 ? REWARD : Learning == 1 ? LEARN", "Learning != 0 ? REWARD"],
    ["learn_q <= learns && opcode != REWARD", "learn_q <= learns"],
    ["(Scatter != 0 && opcode == SCATTER)", "opcode == SCATTER"],
    ["(Scatter != 0 && opcode == SCATTER)", "1'b0"],
    ["opcode > LAST && !learns", "opcode > (Scatter != 0 ? SCATTER : LAST)"],
    ["broken  = pass_q && finished_i", "broken  = ended"],
    ["((learn_q || reward_q) && learned_i)", "(learn_q && learned_i)"],
    ["program_data_i[20:10]", "{3'd0, program_data_i[17:10]}"],
    ["Dynamics != 0 && program_data_i[21] ? 11'd0 : EMIT", "EMIT"],
    ["into_state_q <= Dynamics != 0 && program_data_i[21]", "into_state_q <= program_data_i[21]"],
    ["if (done_o || stopped_q) sample_q <= 1'b0;", "if (done_o) sample_q <= 1'b0;"],
    ["11'd0 : EMIT", "11'd0 : 11'd0"],
    ["watchdog_i ? 2'd2", "watchdog_i ? 2'd1"],
    ["idle_q && more_q", "more_q"],
    ["table_read_i ? table_address_i : ", ""],
  ],
});
