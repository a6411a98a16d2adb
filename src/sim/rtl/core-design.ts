import type { CoreConfig } from "../../arch/core-config.js";
import type { Design, DesignPort } from "./design.js";

/** Bits of the host bus of a simulated core: enough for the widest word. */
export function hostBits(config: CoreConfig): number {
  const widest = Math.max(config.lanes * config.weightBits, config.thresholdBits + config.membraneBits);
  return Math.max(64, Math.ceil(widest / 32) * 32);
}

/**
 * The generic core of a configuration with all its ports, as a design to simulate.
 *
 * @param verilog Sources of the `generic` technology in reading order.
 */
export function coreDesign(config: CoreConfig, verilog: ReadonlyMap<string, string>): Design {
  const numbers: Readonly<Record<string, number>> = {
    Lanes: config.lanes,
    WeightBits: config.weightBits,
    AccumulatorBits: config.accumulatorBits,
    MembraneBits: config.membraneBits,
    ThresholdBits: config.thresholdBits,
    QuotientBits: config.quotientBits,
    IndexBits: config.indexBits,
    WeightDepth: config.weightDepth,
    ListDepth: config.listDepth,
    PointerDepth: config.pointerDepth,
    ParameterDepth: config.parameterDepth,
    StateDepth: config.stateDepth,
    ProgramDepth: config.programDepth,
    LinkDepth: config.linkDepth,
    Dynamics: config.dynamics,
    Learning: config.learning,
    Scatter: config.scatter,
    Technology: 0,
    HostBits: hostBits(config),
  };
  const parameters = new Map(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
  return { top: "snn_core", verilog, parameters, clock: "clk_i", ports: corePorts(config) };
}

function corePorts(config: CoreConfig): DesignPort[] {
  const input = (name: string, bits: number): DesignPort => ({ name, direction: "input", bits });
  const output = (name: string, bits: number): DesignPort => ({ name, direction: "output", bits });
  const host = hostBits(config);
  return [
    input("rst_i", 1),
    input("host_select_i", 3),
    input("host_address_i", 16),
    input("host_write_i", 1),
    input("host_wdata_i", host),
    input("host_read_i", 1),
    output("host_rdata_o", host),
    output("host_rvalid_o", 1),
    input("in_valid_i", 1),
    output("in_ready_o", 1),
    input("in_value_i", 8),
    output("in_waiting_o", 1),
    output("running_o", 1),
    output("done_o", 1),
    output("state_o", 4),
    output("fault_o", 4),
    output("mon_pass_o", 1),
    output("mon_pc_o", Math.log2(config.programDepth)),
    output("mon_neuron_valid_o", 1),
    output("mon_neuron_v_o", config.membraneBits),
    output("mon_neuron_s_o", 8),
    output("mon_emit_valid_o", 1),
    output("mon_emit_payload_o", 8),
  ];
}
