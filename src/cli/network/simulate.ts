import type { Command } from "commander";
import { simulatedEngines } from "../../verbs/network/open-engine.js";
import { type SimulateResult, simulate } from "../../verbs/network/simulate.js";
import { choiceOption, integerOption } from "../globals.js";
import { type DataFlags, dataOptionsOf, withDataOptions, withScaleOptions } from "../network-options.js";
import { table } from "../table.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";
import { type EngineFlags, engineOptionsOf, withEngineOptions } from "./verify.js";

interface Flags extends DataFlags, EngineFlags {
  readonly index: string;
  readonly engine: string;
  readonly vcd?: string;
  readonly raster?: string;
}

export function registerSimulate(program: Command): void {
  addVerb(
    program,
    "simulate <network>",
    "run one sample in detail: spikes a population, potentials, raster, waveform",
    "spikewright simulate net.spk --data test.idx.gz --index 3 --schedule pipelined --raster spikes.svg",
    (command) =>
      withEngineOptions(withScaleOptions(withDataOptions(command)))
        .option("--index <n>", "which sample", "0")
        .option("--engine <name>", simulatedEngines.join(", "), "snn")
        .option("--vcd <file>", "waveform of the Verilog core's monitor signals")
        .option("--raster <file>", "spike raster as SVG"),
    (context, _terminal, _command, network: string, flags: Flags): Promise<SimulateResult> =>
      simulate(
        network,
        {
          ...dataOptionsOf(flags),
          ...engineOptionsOf(flags),
          data: flags.data,
          index: integerOption("--index", flags.index, 0, 2 ** 31),
          engine: choiceOption("--engine", flags.engine, simulatedEngines),
          ...(flags.vcd === undefined ? {} : { vcd: flags.vcd }),
          ...(flags.raster === undefined ? {} : { raster: flags.raster }),
        },
        context,
      ),
    render,
  );
}

function render(result: SimulateResult, terminal: Terminal): void {
  terminal.line(
    `sample ${result.index}: class ${result.decision} (engine ${result.engine}, schedule ${result.schedule}, ${result.steps} steps)`,
  );
  if (result.cycles !== null) terminal.line(`${result.cycles} clock cycles, of which ${result.stalls} read no spike`);
  if (result.spikes !== null)
    terminal.line(`${result.spikes} spikes, ${result.synapticOperations} synaptic operations`);
  terminal.line(`readout potentials: ${result.potentials.join(" ")}`);
  terminal.line();
  const rows = result.populations.map((p) => [p.name, p.neurons, p.active, p.spikesTotal, p.largestCount]);
  for (const text of table(["population", "neurons", "active", "spikes", "largest count"], rows)) terminal.line(text);
  for (const file of result.files) terminal.line(`wrote ${file}`);
}
