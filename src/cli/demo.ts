import type { Command } from "commander";
import type { ToolchainKind } from "../toolchain/tool.js";
import { type DemoResult, demo } from "../verbs/demo.js";
import { exitCodes } from "./failure.js";
import { choiceOption } from "./globals.js";
import { table } from "./table.js";
import type { Terminal } from "./terminal.js";
import { addVerb } from "./verb.js";

interface Flags {
  readonly output: string;
  readonly board: string;
  readonly toolchain: string;
  readonly build: boolean;
}

export function registerDemo(program: Command): void {
  addVerb(
    program,
    "demo",
    "the whole path on the bundled example: no hardware, no data set to fetch",
    "spikewright demo",
    (command) =>
      command
        .option("-o, --output <folder>", "folder for what the demo makes", "build/demo")
        .option("--board <name>", "board whose core is built", "icebreaker")
        .option("--toolchain <auto|native|wasm>", "which builds of Yosys and nextpnr", "auto")
        .option("--no-build", "leave the bitstream out"),
    async (context, _terminal, _command, flags: Flags): Promise<DemoResult> => {
      const result = await demo(
        {
          output: flags.output,
          board: flags.board,
          toolchain: choiceOption<ToolchainKind>("--toolchain", flags.toolchain, ["auto", "native", "wasm"]),
          skipBuild: !flags.build,
        },
        context,
      );
      if (result.mismatches > 0) process.exitCode = exitCodes.verification;
      return result;
    },
    render,
  );
}

const engineNames: Readonly<Record<string, string>> = {
  float: "float model",
  quantized: "integers (golden)",
  cycle: "cycle simulator",
  board: "virtual board, over the link",
};

function render(result: DemoResult, terminal: Terminal): void {
  terminal.line("Engines against each other: spikes and membrane potential of every neuron");
  const compared = result.verified.map((v) => [
    v.schedule,
    v.engines.join(", "),
    v.samples,
    v.neuronsCompared,
    v.mismatches,
    v.cyclesPerSample?.toFixed(0) ?? "-",
  ]);
  for (const text of table(
    ["schedule", "engines", "samples", "neurons compared", "mismatches", "cycles a sample"],
    compared,
  )) {
    terminal.line(text);
  }
  if (result.build) {
    terminal.line();
    const { bitstream, core, resources, fmaxHz, targetHz, seconds, unchanged } = result.build;
    const cells = Object.entries(resources).find(([cell]) => cell === "ICESTORM_LC")?.[1];
    const clock = `${(targetHz / 1e6).toFixed(1)} MHz wanted, ${((fmaxHz ?? 0) / 1e6).toFixed(1)} MHz reached`;
    terminal.line(
      `Bitstream ${bitstream} (core ${core}, ${cells?.used} of ${cells?.available} logic cells, ${clock}, ${unchanged ? "unchanged" : `${seconds.toFixed(0)} s`})`,
    );
  }
  terminal.line();
  terminal.line("Accuracy on the test images");
  const rows = result.accuracy.map((a) => [
    engineNames[a.engine] ?? a.engine,
    `${(100 * a.accuracy).toFixed(2)} %`,
    a.samples,
    a.cyclesPerSample ? a.cyclesPerSample.mean.toFixed(1) : "-",
    a.samplesPerSecond.toFixed(0),
  ]);
  for (const text of table(["engine", "accuracy", "samples", "cycles a sample", "samples/s here"], rows))
    terminal.line(text);
  terminal.line();
  terminal.line(`${result.mismatches} mismatches, ${result.linkErrors} link errors, ${result.seconds.toFixed(0)} s`);
  terminal.line(`A spike raster is in ${result.raster}`);
  terminal.line(
    "Next: spikewright report build/demo/digits.spk; spikewright virtual --board icebreaker; spikewright check YOUR-MODEL",
  );
}
