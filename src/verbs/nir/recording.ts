import type { NirSimulation } from "../../frontend/nir/simulate/simulate.js";
import { potentialTraces } from "../../report/chart/potentials.js";
import { type RasterSpike, spikeRaster } from "../../report/raster.js";
import { failure } from "../../support/diagnostic.js";
import { writeWhole } from "../write-file.js";

/** Files to write what happened in every step into. */
export interface NirRecordingOptions {
  /** Spikes of all firing neurons, as SVG. */
  readonly raster?: string;
  /** Potentials of the recorded neurons, as SVG. */
  readonly membrane?: string;
  /** Potentials and spikes of the recorded neurons as CSV: a row a step. */
  readonly trace?: string;
  /** Which neurons are recorded: `node:neuron`. Default: all, up to 256. */
  readonly neurons?: readonly string[];
}

/** A population of a NIR graph; `fires` is false for integrators. */
export interface RecordedNode {
  readonly name: string;
  readonly neurons: number;
  readonly fires: boolean;
}

interface Probe {
  readonly node: RecordedNode;
  readonly neuron: number;
  readonly potentials: number[];
  /** Steps in which it fired. */
  readonly spikes: number[];
}

/** Neurons that are recorded unless told which. */
const mostProbes = 256;
/** Marks that a raster may have. */
const mostSpikes = 2 ** 22;

/** Records a simulation step by step. */
export class NirRecording {
  readonly #options: NirRecordingOptions;
  readonly #nodes: readonly RecordedNode[];
  readonly #probes: readonly Probe[];
  readonly #spikes: RasterSpike[] = [];
  #steps = 0;

  /** @throws SpikewrightError `unknown-neuron`; `neurons-missing` when there are more than 256 and none are chosen. */
  constructor(nodes: readonly RecordedNode[], options: NirRecordingOptions) {
    this.#options = options;
    this.#nodes = nodes;
    const isWatched = options.trace !== undefined || options.membrane !== undefined;
    this.#probes = isWatched ? chosen(nodes, options.neurons) : [];
  }

  /** Takes down what a step did. */
  take(simulation: NirSimulation): void {
    const step = this.#steps++;
    for (const { node, neuron, potentials, spikes } of this.#probes) {
      potentials.push(simulation.potentialOf(node.name)[neuron]!);
      if (node.fires && simulation.valueOf(node.name)[neuron] !== 0) spikes.push(step);
    }
    if (this.#options.raster === undefined) return;
    for (const [population, { name, fires }] of this.#nodes.entries()) {
      if (!fires) continue;
      simulation.valueOf(name).forEach((count, neuron) => {
        if (count !== 0 && this.#spikes.length < mostSpikes) this.#spikes.push({ step, population, neuron, count });
      });
    }
  }

  /** Writes the files that were asked for, and returns their paths. */
  async write(title: string): Promise<string[]> {
    const files: string[] = [];
    const put = async (path: string | undefined, content: () => string): Promise<void> => {
      if (path === undefined) return;
      await writeWhole(path, content());
      files.push(path);
    };
    const { raster, membrane, trace } = this.#options;
    await put(raster, () => spikeRaster(title, this.#steps, this.#nodes, this.#spikes));
    await put(membrane, () =>
      potentialTraces(
        title,
        this.#probes.map(({ node, neuron, potentials, spikes }) => ({
          name: `${node.name} ${neuron}`,
          values: potentials,
          spikes,
        })),
      ),
    );
    await put(trace, () => this.#table());
    return files;
  }

  #table(): string {
    const columns = this.#probes.flatMap(({ node, neuron }) => {
      const name = `${node.name}:${neuron}`.replaceAll('"', '""');
      return node.fires ? [`"${name} v"`, `"${name} spike"`] : [`"${name} v"`];
    });
    const fired = this.#probes.map(({ spikes }) => new Set(spikes));
    const rows = Array.from({ length: this.#steps }, (_, step) => {
      const cells = this.#probes.flatMap(({ node, potentials }, k) =>
        node.fires ? [potentials[step]!, fired[k]!.has(step) ? 1 : 0] : [potentials[step]!],
      );
      return [step, ...cells].join(",");
    });
    return `${[["step", ...columns].join(","), ...rows].join("\n")}\n`;
  }
}

function chosen(nodes: readonly RecordedNode[], names: readonly string[] | undefined): readonly Probe[] {
  const probe = (node: RecordedNode, neuron: number): Probe => ({ node, neuron, potentials: [], spikes: [] });
  if (names) return names.map((name) => probe(...named(nodes, name)));
  const total = nodes.reduce((sum, { neurons }) => sum + neurons, 0);
  if (total <= mostProbes)
    return nodes.flatMap((node) => Array.from({ length: node.neurons }, (_, neuron) => probe(node, neuron)));
  throw failure({
    code: "neurons-missing",
    message: `Cannot record ${total} neurons, wanted at most ${mostProbes} or a choice`,
    place: { item: "--neurons" },
    found: `${total} neurons`,
    wanted: `at most ${mostProbes}`,
    hint: `Choose some with --neurons, e.g. --neurons ${nodes.at(-1)!.name}:0`,
  });
}

function named(nodes: readonly RecordedNode[], text: string): [RecordedNode, number] {
  const colon = text.lastIndexOf(":");
  const node = colon < 0 ? undefined : nodes.find(({ name }) => name === text.slice(0, colon));
  const neuron = Number(text.slice(colon + 1) || Number.NaN);
  if (node && Number.isInteger(neuron) && neuron >= 0 && neuron < node.neurons) return [node, neuron];
  throw failure({
    code: "unknown-neuron",
    message: `Cannot record "${text}": found no such neuron, wanted NODE:NEURON`,
    place: { item: text },
    wanted: nodes.map(({ name, neurons }) => `${name}:0..${neurons - 1}`).join(", "),
    hint: "List the nodes with spikewright inspect",
  });
}
