import type { Command } from "commander";
import { failure } from "../../support/diagnostic.js";
import type { ToolchainKind } from "../../toolchain/tool.js";
import { type BuildCoreResult, buildCore } from "../../verbs/hardware/build.js";
import { choiceOption, integerOption, isDryRun, numberOption } from "../globals.js";
import { table } from "../table.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";

interface Flags {
  readonly core?: string | true;
  readonly board: string;
  readonly output: string;
  readonly toolchain: string;
  readonly frequency?: string;
  readonly baud?: string;
  readonly seeds?: string;
  readonly timeLimit?: string;
  readonly until: string;
}

export function registerBuild(program: Command): void {
  addVerb(
    program,
    "build [network]",
    "make the bitstream of a board's core (it does not depend on the network)",
    "spikewright build --core --board icebreaker -o build/icebreaker",
    (command) =>
      command
        .option("--core [name]", "core configuration; default: the one of the board's device")
        .requiredOption("--board <name>", "board (spikewright boards)")
        .requiredOption("-o, --output <folder>", "folder for Verilog, constraints, bitstream and report")
        .option("--toolchain <auto|native|wasm>", "which builds of Yosys and nextpnr", "auto")
        .option("--frequency <MHz>", "wanted core clock (default: of the device)")
        .option("--baud <rate>", "UART rate (default: of the board)")
        .option("--seeds <n>", "seeds that place and route may try (default 4)")
        .option("--time-limit <seconds>", "what one run of a tool may take; the next seed follows (default 1800)")
        .option("--until <verilog|bitstream>", "stop early", "bitstream"),
    async (context, terminal, command, network: string | undefined, flags: Flags): Promise<BuildCoreResult> => {
      const until = choiceOption("--until", flags.until, ["verilog", "bitstream"] as const);
      if (network === undefined && flags.core === undefined) {
        throw failure({
          code: "argument-missing",
          message: "Cannot build: neither a network nor --core was given",
          wanted: "NET.spk, or --core",
          hint: "Give a network to check that it fits, or --core to build the board's core",
        });
      }
      const options = {
        board: flags.board,
        ...(network === undefined ? {} : { network }),
        output: flags.output,
        until: isDryRun(command) ? ("verilog" as const) : until,
        toolchain: choiceOption<ToolchainKind>("--toolchain", flags.toolchain, ["auto", "native", "wasm"]),
        ...(typeof flags.core === "string" ? { core: flags.core } : {}),
        ...(flags.frequency === undefined ? {} : { frequencyHz: numberOption("--frequency", flags.frequency) * 1e6 }),
        ...(flags.baud === undefined ? {} : { baud: integerOption("--baud", flags.baud, 9600, 12_000_000) }),
        ...(flags.seeds === undefined ? {} : { seeds: integerOption("--seeds", flags.seeds, 1, 100) }),
        ...(flags.timeLimit === undefined
          ? {}
          : { timeLimitSeconds: integerOption("--time-limit", flags.timeLimit, 1, 86_400) }),
      };
      if (isDryRun(command)) terminal.note(`dry run: would write to ${flags.output}`);
      return await buildCore(options, context);
    },
    render,
  );
}

function render(result: BuildCoreResult, terminal: Terminal): void {
  if (result.bitstream === null) {
    for (const file of result.files) terminal.line(file);
    return;
  }
  const tools = Object.entries(result.toolchain).map(([name, t]) => `${name} ${t.version} (${t.kind})`);
  terminal.line(`${result.bitstream}${result.unchanged ? "  (unchanged)" : ""}`);
  terminal.line(`core ${result.core} on ${result.board}, ${tools.join(", ")}, ${result.seconds.toFixed(1)} s`);
  const fmax = result.fmaxHz === null ? "?" : (result.fmaxHz / 1e6).toFixed(1);
  terminal.line(`clock ${(result.targetHz / 1e6).toFixed(2)} MHz, routed for ${fmax} MHz`);
  terminal.line();
  const rows = Object.entries(result.resources)
    .filter(([, use]) => use.used > 0)
    .map(([cell, use]) => [cell, use.used, use.available, `${Math.round((100 * use.used) / use.available)} %`]);
  for (const text of table(["cell", "used", "available", "share"], rows)) terminal.line(text);
}
