import { modulo, testUnit } from "../unit.js";

const none = { cycle: 0, stall: 0, spike: 0, lanes: 0, begin: 0 };

testUnit({
  module: "snn_counters",
  parameters: [
    { CycleBits: 8, OperationBits: 9 },
    { CycleBits: 24, OperationBits: 28 },
    { Technology: 1, CycleBits: 24, OperationBits: 28 },
  ],
  *cycles({ CycleBits = 0, OperationBits = 0 }, integer) {
    let totals = { cycles: 0, operations: 0, spikes: 0, stalls: 0 };
    let event = none; // of the cycle before
    let watchdog_o = 0;
    let watchdog_i = 0;
    const often = (percent: number): number => +(integer(1, 100) <= percent);
    for (let i = 0; i < 3000; i++) {
      if (often(1)) watchdog_i = often(30) * integer(1, 60);
      const inputs = {
        rst_i: often(2),
        begin_i: often(3),
        cycle_i: often(80),
        pass_i: often(80),
        read_i: often(50),
        lanes_i: integer(0, 32),
        learned_i: often(30) * integer(0, 32),
        spike_i: often(30),
        watchdog_i,
      };
      const { cycles, operations, spikes, stalls } = totals;
      // an SB_MAC16 is cleared by its first cycle
      const sums = i > 0 && { cycles_o: cycles, operations_o: operations, spikes_o: spikes, stalls_o: stalls };
      const outputs = { ...sums, watchdog_o };
      yield { inputs, outputs };
      const counts = inputs.cycle_i && !inputs.rst_i;
      watchdog_o = +(counts && watchdog_i !== 0 && cycles === watchdog_i);
      totals = event.begin
        ? { cycles: 0, operations: 0, spikes: 0, stalls: 0 }
        : {
            cycles: modulo(cycles + event.cycle, CycleBits),
            operations: modulo(operations + event.lanes, OperationBits),
            spikes: modulo(spikes + event.spike, CycleBits),
            stalls: modulo(stalls + event.stall, CycleBits),
          };
      const { begin_i: begin, read_i, pass_i, spike_i: spike, lanes_i, learned_i } = inputs;
      event = counts
        ? { cycle: 1, begin, spike, stall: +(pass_i && !read_i), lanes: read_i ? lanes_i : learned_i }
        : { ...none, begin };
    }
  },
  breaks: [
    ["pass_i && !read_i", "!read_i"],
    ["cycles_o == watchdog_i", "cycles_o > watchdog_i"],
    ["read_i ? lanes_i", "read_i ? 6'd1"],
    ["lanes_i : learned_i", "lanes_i : 6'd0"],
    ["cycle_i && !rst_i", "cycle_i"],
    ["cycle_i && !rst_i", "!rst_i"],
    ["& {6{count}}", ""],
    ["count && spike_i", "spike_i"],
  ],
});
