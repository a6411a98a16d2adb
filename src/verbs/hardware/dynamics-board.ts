import type { SampleResult } from "../../arch/device.js";
import type { DynamicsState, NeuronDynamics, PopulationDynamics } from "../../arch/dynamics/neuron.js";
import type { PlasticityRule } from "../../arch/dynamics/plasticity.js";
import { synapseRowBits } from "../../arch/dynamics/scatter.js";
import {
  parameterWord,
  readParameterWord,
  readStateWord,
  stateWord,
  type WordHalves,
} from "../../arch/dynamics/words.js";
import { wordBytes } from "../../arch/memory.js";
import { type DynamicsMapping, mapDynamics } from "../../map/dynamics/map.js";
import type { PlacedPart, PlacedPopulation, PlacedProjection } from "../../map/dynamics/placement.js";
import { findSynapse, type SynapseLists } from "../../map/dynamics/scatter/synapse-lists.js";
import { type ProjectionRows, readMatrix } from "../../map/dynamics/shape/weights.js";
import { readBits, writeBits } from "../../program/memory-image.js";
import { watchdogCycles } from "../../program/program.js";
import type { BoardDevice } from "../../runtime/device.js";
import type { DynamicsGraph, DynamicsPopulation, DynamicsProjection } from "../../snn/dynamics/graph.js";
import { failure } from "../../support/diagnostic.js";
import { openBoard, type PortOptions } from "./open-board.js";

/**
 * A network with dynamics on a core behind the link. Between samples (of one step, if the network says so) everything can be
 * read and set: neurons and their states, weights, how populations behave and how projections learn.
 */
export class DynamicsBoard {
  readonly device: BoardDevice;
  #graph: DynamicsGraph;
  #mapping: DynamicsMapping;

  private constructor(device: BoardDevice, graph: DynamicsGraph, mapping: DynamicsMapping) {
    this.device = device;
    this.#graph = graph;
    this.#mapping = mapping;
  }

  /** Maps a network to the core and loads it. @throws SpikewrightError as `mapDynamics` and `BoardDevice.load`. */
  static async open(device: BoardDevice, graph: DynamicsGraph): Promise<DynamicsBoard> {
    const mapping = mapDynamics(graph, device.link.config);
    await device.load(mapping.program, { force: true });
    return new DynamicsBoard(device, graph, mapping);
  }

  /** Connects to the core behind a port, and loads the network. @throws SpikewrightError as `openBoard` and `open`. */
  static async connect(graph: DynamicsGraph, options: PortOptions): Promise<DynamicsBoard> {
    const device = await openBoard(options);
    try {
      return await DynamicsBoard.open(device, graph);
    } catch (error) {
      await device.close();
      throw error;
    }
  }

  /** Runs a sample; values in the order of `sampleLayout`. */
  run(values: Uint8Array): Promise<SampleResult> {
    return this.device.run(values);
  }

  /** States of all neurons of a population. */
  async states(population: string): Promise<readonly DynamicsState[]> {
    const { state, size } = this.#population(population);
    const bytes = await this.device.link.read("state", state, size);
    return Array.from({ length: size }, (_, n) => readStateWord(halves(bytes, n)));
  }

  /** @throws SpikewrightError `current-overflow`: with that current, lists of synapses could lead out of 16 bits. */
  async setNeuronState(population: string, neuron: number, changes: Partial<DynamicsState>): Promise<void> {
    const { state, currents = [-32768, 32767] } = this.#population(population, neuron);
    if (changes.j !== undefined && (changes.j < currents[0] || changes.j > currents[1]))
      throw currentOverflow(population, changes.j, currents);
    const before = readStateWord(halves(await this.device.link.read("state", state + neuron, 1), 0));
    await this.device.link.write("state", state + neuron, wordOf(stateWord({ ...before, ...changes })));
  }

  /** Settings of a neuron; those of several where they share a word of parameters. */
  async neuron(population: string, neuron: number): Promise<NeuronDynamics> {
    const address = this.#parameterOf(population, neuron);
    return readParameterWord(halves(await this.device.link.read("parameters", address, 1), 0));
  }

  async setNeuron(population: string, neuron: number, changes: Partial<NeuronDynamics>): Promise<void> {
    const own = { ...(await this.neuron(population, neuron)), ...changes };
    await this.device.link.write("parameters", this.#parameterOf(population, neuron), wordOf(parameterWord(own)));
  }

  /** Weights of a projection, in the order of its synapses, as they are now. */
  weights(projection: string): Promise<Int8Array> {
    return this.#readParts(projection, ({ weights }) => weights);
  }

  /** Eligibilities of a projection that learns from rewards, in the order of its synapses. */
  async eligibilities(projection: string): Promise<Int8Array | undefined> {
    const { plasticity } = this.#graph.projections.find((p) => p.name === projection) ?? {};
    return plasticity?.eligibility ? this.#readParts(projection, ({ eligibilities }) => eligibilities) : undefined;
  }

  /**
   * Sets the weight of the synapse from a source neuron to a target neuron.
   *
   * @throws SpikewrightError `unknown-name`: there is no such synapse, or it shares its weight with others;
   *   `needs-reload`: it could make a synaptic current too large for lists of synapses.
   */
  async setWeight(projection: string, source: number, target: number, weight: number): Promise<void> {
    const { link } = this.device;
    const { synapses } = this.#graph.projections.find((p) => p.name === projection) ?? {};
    const { parts, lists } = this.#projection(projection);
    const part = parts.find(
      ({ weights: { sources, targets }, places }) =>
        source < sources && target < targets && places[source * targets + target]! >= 0,
    );
    const isShared =
      synapses?.kind === "convolution" || (synapses?.kind === "one-to-one" && synapses.weights.length === 1);
    const found = lists.map((own) => [own, findSynapse(own, source, target)] as const).find(([, at]) => at >= 0);
    if ((!part && !found) || isShared)
      throw unknown(`synapse of its own from neuron ${source} to ${target} in "${projection}"`);
    if (!part) return this.#setListed(projection, ...found!, weight);
    const { base, groupRows } = part.weights;
    const { lanes, weightBits } = link.config;
    const row = base + Math.floor(target / lanes) * groupRows + source;
    const bytes = await link.read("weights", row, 1);
    writeBits(bytes, (target % lanes) * weightBits, weightBits, weight);
    await link.write("weights", row, bytes);
  }

  /** Sets a weight in a list of synapses, if no synaptic current can become too large by it. */
  async #setListed(projection: string, lists: SynapseLists, synapse: number, weight: number): Promise<void> {
    const { link } = this.device;
    const change = (p: DynamicsProjection) => {
      if (p.name !== projection) return p;
      const weights = p.synapses.weights.slice();
      weights[lists.places[synapse]!] = weight;
      return { ...p, synapses: { ...p.synapses, weights } };
    };
    const graph = { ...this.#graph, projections: this.#graph.projections.map(change) };
    // what learns is in no list, so the network knows all of their weights
    this.#mapAgain(graph);
    const row = lists.rowOf[synapse]!;
    const bytes = await link.read("weights", row, 1);
    writeBits(bytes, lists.bitOf[synapse]!, 8, weight);
    await link.write("weights", row, bytes);
    this.#graph = graph;
  }

  /** The network with the weights that the core has now: to be written to a file. */
  async snapshot(): Promise<DynamicsGraph> {
    const projections: DynamicsProjection[] = [];
    for (const projection of this.#graph.projections) {
      const weights = await this.weights(projection.name);
      projections.push({ ...projection, synapses: { ...projection.synapses, weights } });
    }
    return { ...this.#graph, projections };
  }

  /** Changes how a population behaves. @throws SpikewrightError `needs-reload`, as `mapDynamics`. */
  setDynamics(population: string, changes: Partial<PopulationDynamics>): Promise<void> {
    const change = (p: DynamicsPopulation) =>
      p.name === population ? { ...p, dynamics: { ...p.dynamics, ...changes } } : p;
    return this.#rewrite({ ...this.#graph, populations: this.#graph.populations.map(change) });
  }

  /** Changes how a plastic projection learns. @throws SpikewrightError `needs-reload`, as `mapDynamics`. */
  setRule(projection: string, rule: PlasticityRule): Promise<void> {
    const change = (p: DynamicsProjection) =>
      p.name === projection && p.plasticity ? { ...p, plasticity: { ...p.plasticity, rule } } : p;
    return this.#rewrite({ ...this.#graph, projections: this.#graph.projections.map(change) });
  }

  /**
   * Writes the instructions that differ; states and weights stay. A program whose samples begin anew is started again; one
   * that goes on has to have the same instructions in the same places.
   */
  async #rewrite(graph: DynamicsGraph): Promise<void> {
    const { link } = this.device;
    const mapping = this.#mapAgain(graph);
    const [before, { program }] = [this.#mapping.program.words, mapping];
    const restarts = graph.reset === "sample";
    if (before.length !== program.words.length && !restarts)
      throw failure({
        code: "needs-reload",
        message: `Cannot change "${graph.name}" while it runs: its program gets ${program.words.length} words, it has ${before.length}`,
        place: { item: graph.name },
        hint: "Load the changed network",
      });
    if (restarts) await link.stop();
    for (const [address, word] of program.words.entries()) {
      if (word === before[address]) continue;
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, word, true);
      await link.write("program", address, bytes);
    }
    await link.writeRegister("watchdog", watchdogCycles(program));
    if (restarts) await link.restart();
    this.#graph = graph;
    this.#mapping = mapping;
  }

  /** Maps a network of which everything has to stay where it lies. */
  #mapAgain(graph: DynamicsGraph): DynamicsMapping {
    const mapping = mapDynamics(graph, this.device.link.config);
    if (layoutOf(mapping) === layoutOf(this.#mapping)) return mapping;
    throw failure({
      code: "needs-reload",
      message: `Cannot change "${graph.name}" while it is loaded: its synapses would lie elsewhere`,
      place: { item: graph.name },
      hint: "Load the changed network",
    });
  }

  async #readParts(projection: string, rowsOf: (part: PlacedPart) => ProjectionRows | undefined): Promise<Int8Array> {
    const { parts, lists } = this.#projection(projection);
    const { synapses } = this.#graph.projections.find((p) => p.name === projection)!;
    const values = new Int8Array(synapses.weights.length);
    for (const part of parts) {
      const rows = rowsOf(part);
      if (!rows) continue;
      const matrix = await this.#readRows(rows);
      for (const [at, place] of part.places.entries()) if (place >= 0) values[place] = matrix[at]!;
    }
    for (const own of lists) {
      const bytes = await this.device.link.read("weights", own.base, own.rows);
      for (const [k, place] of own.places.entries())
        values[place] = (readBits(bytes, (own.rowOf[k]! - own.base) * synapseRowBits + own.bitOf[k]!, 8) << 24) >> 24;
    }
    return values;
  }

  async #readRows(rows: ProjectionRows): Promise<Int8Array> {
    const { link } = this.device;
    const { lanes, weightBits } = link.config;
    const count = (rows.groups - 1) * rows.groupRows + rows.sources;
    const bytes = await link.read("weights", rows.base, count);
    const stride = wordBytes(link.config, "weights") * 8;
    const unused = 32 - weightBits;
    const memory = Int8Array.from(
      { length: count * lanes },
      (_, k) =>
        (readBits(bytes, Math.floor(k / lanes) * stride + (k % lanes) * weightBits, weightBits) << unused) >> unused,
    );
    return readMatrix(memory, { ...rows, base: 0 }, lanes);
  }

  #parameterOf(population: string, neuron: number): number {
    const { parameters, parameterCount } = this.#population(population, neuron);
    return parameters + (neuron % parameterCount);
  }

  #population(name: string, neuron = 0): PlacedPopulation {
    const found = this.#mapping.placement.populations.find((p) => p.name === name);
    if (!found || neuron < 0 || neuron >= found.size) throw unknown(`neuron ${neuron} of "${name}"`);
    return found;
  }

  #projection(name: string): PlacedProjection {
    const found = this.#mapping.placement.projections.find((p) => p.name === name);
    if (!found) throw unknown(`projection "${name}"`);
    return found;
  }
}

/** Where the synapses of every projection lie. */
function layoutOf({ placement }: DynamicsMapping): string {
  const lines = placement.projections.map(({ name, parts, lists }) => [
    name,
    ...parts.map(({ weights }) => Object.values(weights)),
    ...lists.map(({ base, rows }) => [base, rows]),
  ]);
  return JSON.stringify(lines);
}

function halves(bytes: Uint8Array, word: number): WordHalves {
  return [readBits(bytes, word * 64, 32), readBits(bytes, word * 64 + 32, 32)];
}

function wordOf([low, high]: WordHalves): Uint8Array {
  const bytes = new Uint8Array(8);
  writeBits(bytes, 0, 32, low);
  writeBits(bytes, 32, 32, high);
  return bytes;
}

function currentOverflow(item: string, current: number, [least, most]: readonly [number, number]) {
  return failure({
    code: "current-overflow",
    message: `Cannot set a synaptic current of "${item}" to ${current}: its synapses are lists and could lead out of 16 bits`,
    place: { item },
    found: String(current),
    wanted: `${least}..${most}`,
    hint: "Set a smaller current, or run the network on a core without scatter",
  });
}

function unknown(what: string) {
  return failure({ code: "unknown-name", message: `The network has no ${what}`, place: { item: what } });
}
