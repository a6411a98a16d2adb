import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { isHdf5 } from "../../frontend/hdf5/read.js";
import { simulatedEngines } from "../../verbs/network/open-engine.js";
import { type SimulateResult, simulate } from "../../verbs/network/simulate.js";
import { type SimulateNirResult, simulateNir } from "../../verbs/nir/simulate-nir.js";
import { choiceOption, integerOption } from "../globals.js";
import { type DataFlags, dataOptionsOf, withDataOptions, withScaleOptions } from "../network-options.js";
import { table } from "../table.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";
import { type NirFlags, nirOptionsOf, refuseOptions, withNirOptions } from "./nir-options.js";
import { type EngineFlags, engineOptionsOf, withEngineOptions } from "./verify.js";

interface Flags extends DataFlags, EngineFlags, NirFlags {
  readonly index: string;
  readonly engine: string;
  readonly vcd?: string;
  readonly raster?: string;
  readonly membrane?: string;
  readonly trace?: string;
  readonly neurons?: string;
  readonly weightMap?: string;
  readonly weightHistogram?: string;
}

export function registerSimulate(program: Command): void {
  addVerb(
    program,
    "simulate <network>",
    "run one sample in detail: spikes a population, potentials, raster, waveform; NIR graphs in float",
    "spikewright simulate net.spk --data test.idx.gz --index 3 --schedule pipelined --raster spikes.svg",
    (command) =>
      withNirOptions(withEngineOptions(withScaleOptions(withDataOptions(command))))
        .option("--index <n>", "which sample", "0")
        .option("--engine <name>", simulatedEngines.join(", "), "snn")
        .option("--vcd <file>", "waveform of the Verilog core's monitor signals")
        .option("--raster <file>", "spike raster as SVG")
        .option("--membrane <file>", "networks with dynamics, NIR: membrane potentials as SVG")
        .option("--trace <file>", "NIR: potentials and spikes of every step as CSV")
        .option("--neurons <a:0,b:3,...>", "of these neurons (default: of the readout)")
        .option("--weight-map <file>", "networks with dynamics: weights after the sample as SVG, an image a neuron")
        .option("--weight-histogram <file>", "the same weights as a histogram"),
    async (context, _terminal, command, network: string, flags: Flags): Promise<SimulateResult | SimulateNirResult> => {
      const index = integerOption("--index", flags.index, 0, 2 ** 31);
      if (isHdf5(new Uint8Array(await readFile(network)))) {
        refuseOptions(command, notForNir, "a NIR graph");
        const { limit: _, ...data } = dataOptionsOf(flags);
        const options = {
          ...data,
          ...nirOptionsOf(flags),
          data: flags.data,
          index,
          ...(flags.raster === undefined ? {} : { raster: flags.raster }),
          ...(flags.membrane === undefined ? {} : { membrane: flags.membrane }),
          ...(flags.trace === undefined ? {} : { trace: flags.trace }),
          ...neuronsOf(flags),
        };
        return await simulateNir(network, options, context);
      }
      refuseOptions(command, nirOnly, "a converted network");
      return await simulate(
        network,
        {
          ...dataOptionsOf(flags),
          ...engineOptionsOf(flags),
          data: flags.data,
          index,
          engine: choiceOption("--engine", flags.engine, simulatedEngines),
          ...(flags.vcd === undefined ? {} : { vcd: flags.vcd }),
          ...(flags.raster === undefined ? {} : { raster: flags.raster }),
          ...(flags.membrane === undefined ? {} : { membrane: flags.membrane }),
          ...neuronsOf(flags),
          ...(flags.weightMap === undefined ? {} : { weightMap: flags.weightMap }),
          ...(flags.weightHistogram === undefined ? {} : { weightHistogram: flags.weightHistogram }),
        },
        context,
      );
    },
    (result, terminal) => ("format" in result ? renderNir(result, terminal) : render(result, terminal)),
  );
}

/** Options that say nothing about a NIR graph, and those that say something about nothing else. */
const notForNir = [
  "engine",
  "schedule",
  "board",
  "core",
  "rtl",
  "vcd",
  "weightMap",
  "weightHistogram",
  "limit",
  "inputLayout",
];
const nirOnly = ["dt", "reset", "nirDialect", "integration", "steps", "sequence", "trace"];

function neuronsOf({ neurons }: Flags): { readonly neurons?: readonly string[] } {
  return neurons === undefined ? {} : { neurons: neurons.split(",").map((name) => name.trim()) };
}

function renderNir(result: SimulateNirResult, terminal: Terminal): void {
  terminal.line(`sample ${result.index}: class ${result.decision} (NIR in float, ${result.steps} steps)`);
  terminal.line(`step ${result.dt}: ${result.dtReason}`);
  terminal.line(`reset ${result.reset}: ${result.resetReason}`);
  for (const [name, values] of Object.entries(result.outputs)) {
    terminal.line(`${name}: ${values.map((value) => Number(value.toPrecision(6))).join(" ")}`);
  }
  terminal.line();
  renderPopulations(result.populations, terminal);
  for (const file of result.files) terminal.line(`wrote ${file}`);
}

function renderPopulations(populations: SimulateResult["populations"], terminal: Terminal): void {
  const rows = populations.map((p) => [p.name, p.neurons, p.active, p.spikesTotal, p.largestCount]);
  for (const text of table(["population", "neurons", "active", "spikes", "largest count"], rows)) terminal.line(text);
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
  renderPopulations(result.populations, terminal);
  for (const file of result.files) terminal.line(`wrote ${file}`);
}
