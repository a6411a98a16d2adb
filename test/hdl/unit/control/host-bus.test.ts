import { hx8kLifW8, hx8kW4, up5kLifW4, up5kLifW8, up5kW4, up5kW8 } from "../../../../src/arch/core-config.js";
import { memorySelect } from "../../../../src/arch/memory.js";
import { controlRegisters } from "../../../../src/arch/registers.js";
import { technologyCodes } from "../../core/simulate.js";
import type { Ports } from "../bench.js";
import { modulo, signed, testUnit } from "../unit.js";

const log = (depth: number): number => Math.log2(depth);
const shapes = [
  up5kW4,
  up5kW8,
  { ...hx8kW4, membraneBits: 40, thresholdBits: 20 },
  up5kLifW8,
  { ...up5kLifW4, learning: 1 },
  hx8kLifW8,
].map((c) => ({
  ...{ Technology: technologyCodes[c.technology], Lanes: c.lanes, WeightBits: c.weightBits },
  ...{ AccumulatorBits: c.accumulatorBits, MembraneBits: c.membraneBits, ThresholdBits: c.thresholdBits },
  ...{ QuotientBits: c.quotientBits, IndexBits: c.indexBits, WeightAddressBits: log(c.weightDepth) },
  ...{ ListAddressBits: log(c.listDepth), PointerAddressBits: log(c.pointerDepth), LinkAddressBits: log(c.linkDepth) },
  ...{
    ParameterAddressBits: log(c.parameterDepth),
    StateAddressBits: log(c.stateDepth),
    ListPointerBits: log(c.listDepth) + 1,
  },
  ...{
    ParameterBits: c.dynamics ? 64 : c.thresholdBits + c.membraneBits,
    StateBits: c.dynamics ? 64 : c.membraneBits + 8,
    ...{ Dynamics: c.dynamics, Learning: c.learning, Scatter: c.scatter },
  },
  ...{ ProgramAddressBits: log(c.programDepth), CycleBits: 24, OperationBits: 28, DataBits: 64 },
}));

testUnit({
  module: "snn_host_bus",
  parameters: shapes,
  *cycles(p, integer) {
    const g = (name: string): number => p[name]!;
    const word = (bits: number): bigint =>
      BigInt.asUintN(bits, (BigInt(integer(0, 2 ** 32 - 1)) << 32n) | BigInt(integer(0, 2 ** 32 - 1)));
    const small = (bits: number): number => integer(0, 2 ** bits - 1);
    let stored = { hash: 0, watchdog: 0, break: 0 };
    let pulses: Ports = { restart_o: 0, stop_o: 0 };
    let dropped = 0; // a read in a cycle of reset is not answered
    let lost = 0; // with dynamics: one that would have been answered in the cycle after the next
    let asked: { readonly select: number; readonly address: number } | undefined;
    // with dynamics: a read that is answered in the cycle after the next
    let late: { readonly select: number; readonly address: number } | undefined;
    let given: number | undefined; // what the register that it names had
    for (let i = 0; i < 4000; i++) {
      const memories = [
        0n,
        word(32),
        word(g("ParameterBits")),
        word(g("ListPointerBits")),
        word(g("IndexBits") + 8),
        word(g("StateBits")),
        word(g("Lanes") * g("WeightBits")),
      ];
      const [write_i, read_i] = [
        [0, 0],
        [1, 0],
        [0, 1],
      ][integer(0, 2)]!;
      const inputs = {
        rst_i: +(integer(0, 199) === 0),
        select_i: late?.select ?? (integer(0, 1) ? 0 : integer(1, 7)),
        address_i: late?.address ?? integer(0, 15),
        write_i: late ? 0 : write_i!,
        read_i: late ? 0 : read_i!,
        wdata_i: small(32),
        idle_i: integer(0, 1),
        program_data_i: memories[1],
        parameter_data_i: memories[2],
        pointer_data_i: memories[3],
        list_data_i: memories[4],
        state_data_i: memories[5],
        weight_data_i: memories[6],
        state_i: integer(0, 4),
        fault_i: integer(0, 2),
        pc_i: small(g("ProgramAddressBits")),
        cycles_i: small(24),
        operations_i: small(28),
        spikes_i: small(24),
        stalls_i: small(24),
        decision_i: small(g("IndexBits")),
        best_i: word(g("MembraneBits")),
        left_i: small(g("IndexBits") + 1),
      };
      const registers: Readonly<Record<string, number>> = {
        identity: 0x53504b31,
        config0: g("Lanes") + g("WeightBits") * 2 ** 8 + g("AccumulatorBits") * 2 ** 16 + g("MembraneBits") * 2 ** 24,
        config1:
          g("ThresholdBits") +
          g("QuotientBits") * 2 ** 8 +
          g("IndexBits") * 2 ** 16 +
          g("Technology") * 2 ** 24 +
          g("Dynamics") * 2 ** 29 +
          g("Learning") * 2 ** 30,
        config2: ["Weight", "List", "Pointer", "Parameter", "State", "Program", "Link"].reduce(
          (sum, name, k) => sum + g(`${name}AddressBits`) * 16 ** k,
          g("Scatter") * 2 ** 28,
        ),
        hash: stored.hash,
        control: 0,
        status: inputs.state_i + inputs.fault_i * 16 + inputs.pc_i * 2 ** 16,
        cycles: inputs.cycles_i,
        operations: inputs.operations_i,
        spikes: inputs.spikes_i,
        stalls: inputs.stalls_i,
        decision: inputs.decision_i,
        watchdog: stored.watchdog,
        break: stored.break,
        input: inputs.left_i,
        best: modulo(signed(Number(BigInt.asUintN(32, BigInt.asIntN(g("MembraneBits"), inputs.best_i))), 32), 32),
      };
      const register = controlRegisters.find(({ address }) => address === asked?.address)?.name;
      const answer =
        asked === undefined
          ? 0
          : asked.select === 0
            ? (given ?? registers[register!]!)
            : (memories[asked.select] ?? 0n);
      const { rst_i, select_i: select, address_i: address, wdata_i } = inputs;
      const writes =
        inputs.write_i && inputs.idle_i && select > 0 && Object.values<number>(memorySelect).includes(select);
      yield {
        inputs,
        outputs: {
          rdata_o: dropped ? undefined : answer,
          rvalid_o: +(asked !== undefined),
          ...pulses,
          watchdog_o: stored.watchdog,
          break_o: stored.break,
          write_o: writes ? 2 ** select / 2 : 0,
        },
      };
      // memories are read only while they are idle; the answer is 0 else
      const read = g("Dynamics") ? +(late !== undefined) : inputs.read_i;
      dropped = (read & rst_i) | lost;
      lost = g("Dynamics") ? inputs.read_i & rst_i : 0;
      asked = read && !rst_i ? { select: select === 0 || inputs.idle_i ? select : 7, address } : undefined;
      if (g("Dynamics")) {
        given = asked?.select === 0 ? registers[controlRegisters.find((r) => r.address === address)!.name]! : undefined;
        late = inputs.read_i && !rst_i ? { select, address } : undefined;
      }
      const named = inputs.write_i && select === 0 ? controlRegisters.find((r) => r.address === address)!.name : "";
      pulses = {
        restart_o: +(named === "control" && !rst_i) & wdata_i & 1,
        stop_o: +(named === "control" && !rst_i) & (wdata_i >>> 1),
      };
      if (named === "hash") stored = { ...stored, hash: wdata_i };
      if (named === "watchdog") stored = { ...stored, watchdog: modulo(wdata_i, 24) };
      if (named === "break") stored = { ...stored, break: modulo(wdata_i, 12) };
      if (rst_i) stored = { hash: 0, watchdog: 0, break: 0 };
    }
  },
  breaks: [
    ["{6{write_i && idle_i}}", "{6{write_i}}"],
    ["{6{read_here && idle_i}}", "{6{read_here}}"],
    ["registers_q <= from_registers", "registers_q <= 32'd0"],
    ["read_here      = read_q", "read_here      = read_i"],
    ["{Learning[1:0], Dynamics[0]", "{Dynamics[0], Learning[1:0]"],
    [
      "from_state = state_data_i & {StateBits{selected_q[5]}}",
      "from_state = state_data_i & {StateBits{selected_q[2]}}",
    ],
    ["from_parameter = parameter_data_i & {ParameterBits{selected_q[2]}}", "from_parameter = parameter_data_i"],
    ["best_i[MembraneBits-1]", "1'b0"],
    ["wdata_i[1] && !rst_i", "wdata_i[0] && !rst_i"],
    ["hash_q     <= 32'd0;\n", ""],
    ["decision_i & {IndexBits{register_q[11]}}", "decision_i"],
  ],
});
