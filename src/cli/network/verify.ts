import type { Command } from "commander";
import type { RtlBackend } from "../../sim/rtl/machine.js";
import type { Schedule } from "../../snn/graph.js";
import { type EngineOptions, simulatedEngines } from "../../verbs/network/open-engine.js";
import { type VerifyResult, verificationFailure, verify } from "../../verbs/network/verify.js";
import { exitCodes } from "../failure.js";
import { choiceOption } from "../globals.js";
import { type DataFlags, dataOptionsOf, withDataOptions, withScaleOptions } from "../network-options.js";
import { addVerb } from "../verb.js";

export interface EngineFlags {
  readonly schedule?: string;
  readonly board?: string;
  readonly core?: string;
  readonly rtl?: string;
}

/** Options of every verb that runs a network on a simulated engine. */
export function withEngineOptions(command: Command): Command {
  return command
    .option("--schedule <graded|radix|unary|pipelined>", "default: as converted")
    .option("--board <name>", "run on the core of this board (default: the first core that fits)")
    .option("--core <name>", "run on this core configuration")
    .option("--rtl <verilator|cxxrtl|icarus>", "simulator of the Verilog (default: the fastest that is there)");
}

export function engineOptionsOf(flags: EngineFlags): EngineOptions {
  const { schedule, rtl } = flags;
  return {
    ...(schedule === undefined ? {} : { schedule: scheduleOption(schedule) }),
    ...(flags.board === undefined ? {} : { board: flags.board }),
    ...(flags.core === undefined ? {} : { core: flags.core }),
    ...(rtl === undefined ? {} : { rtl: choiceOption<RtlBackend>("--rtl", rtl, ["verilator", "cxxrtl", "icarus"]) }),
  };
}

export function scheduleOption(text: string): Schedule {
  return choiceOption<Schedule>("--schedule", text, ["graded", "radix", "unary", "pipelined"]);
}

interface Flags extends DataFlags, EngineFlags {
  readonly engines: string;
}

export function registerVerify(program: Command): void {
  addVerb(
    program,
    "verify <network>",
    "run engines against each other and name the first difference; exit code 3 if there is any",
    "spikewright verify net.spk --data test.idx.gz --engines quantized,snn,cycle --limit 100",
    (command) =>
      withEngineOptions(withScaleOptions(withDataOptions(command))).option(
        "--engines <a,b,...>",
        `two or more of ${simulatedEngines.join(", ")}`,
        "quantized,snn,cycle",
      ),
    async (context, terminal, _command, network: string, flags: Flags): Promise<VerifyResult> => {
      const engines = flags.engines.split(",").map((name) => choiceOption("--engines", name.trim(), simulatedEngines));
      const options = { ...dataOptionsOf(flags), ...engineOptionsOf(flags), data: flags.data, engines };
      const result = await verify(network, options, context);
      if (result.mismatches + result.cycleMismatches > 0) {
        terminal.diagnostic({ ...verificationFailure(result).diagnostics[0]! });
        process.exitCode = exitCodes.verification;
      }
      return result;
    },
    (result, terminal) => {
      terminal.line(`${result.engines.join(", ")} on ${result.samples} samples, schedule ${result.schedule}`);
      terminal.line(
        `${result.neuronsCompared.toLocaleString("en-US")} neurons compared (spikes and membrane potentials)`,
      );
      terminal.line(`${result.mismatches} mismatches, ${result.cycleMismatches} cycle differences`);
      if (result.cyclesPerSample !== null) terminal.line(`${result.cyclesPerSample.toFixed(1)} clock cycles a sample`);
    },
  );
}
