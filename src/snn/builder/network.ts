import type { PlasticityRule } from "../../arch/dynamics/plasticity.js";
import { SpikewrightError } from "../../support/diagnostic.js";
import {
  type Delays,
  type DynamicsGraph,
  type DynamicsInput,
  type DynamicsPopulation,
  type DynamicsProjection,
  type DynamicsReadout,
  type Eligibility,
  neuronCount,
  type Shape3,
  type SynapseMatrix,
} from "../dynamics/graph.js";
import { verifyDynamicsGraph } from "../dynamics/verify/verify.js";
import type { NeuronModel } from "./model.js";
import { type SynapsesWithDelays, weightArray } from "./synapses.js";

export interface NetworkSettings {
  /** Steps of a sample. Default 1: the caller steps. */
  readonly steps?: number;
  /** Default `sample`. */
  readonly reset?: "sample" | "never";
  /** Seed of the noise generator. Default 1. */
  readonly seed?: number;
}

export interface ConnectOptions {
  /** Default `source->target`, with `@delay` behind it if there is one. */
  readonly name?: string;
  /**
   * Steps from a spike to its arrival, 0..15; or one number for each source neuron (axonal delays). Default 0, or 1 where 0
   * cannot be: to the source itself, or backwards.
   */
  readonly delay?: number | ArrayLike<number>;
}

export interface LearnOptions {
  /** The projection learns when a reward comes. */
  readonly eligibility?: Eligibility;
  /** Which synapses learn, in the order of the weights; the others stay as they are. Default all. */
  readonly enabled?: ArrayLike<number | boolean>;
}

/** Synapses, dense weights `[source][target]`, or one weight for all. */
export type Connection = SynapseMatrix | SynapsesWithDelays | ArrayLike<number> | number;

/** Neurons in a row, or `[height, width, channels]`. */
export type Size = number | Shape3;

/** Begins a network with dynamics: add inputs, populations and projections, then `build`. */
export function network(name: string, settings: NetworkSettings = {}): NetworkBuilder {
  return new NetworkBuilder(name, settings);
}

/**
 * Puts a network together, part by part. Populations are updated in the order in which they are added.
 *
 *     network("pair", { steps: 20 })
 *       .input("in", 2)
 *       .population("out", 1, lif({ tau: 10, threshold: 64 }))
 *       .connect("in", "out", 40)
 *       .build()
 */
export class NetworkBuilder {
  readonly #name: string;
  readonly #settings: NetworkSettings;
  readonly #inputs: DynamicsInput[] = [];
  readonly #populations: DynamicsPopulation[] = [];
  readonly #projections: DynamicsProjection[] = [];
  #readout: DynamicsReadout | undefined;

  constructor(name: string, settings: NetworkSettings) {
    this.#name = name;
    this.#settings = settings;
  }

  /** Events that come from outside in every step; with `max` above 1 they carry values. */
  input(name: string, size: Size, options: { readonly max?: number } = {}): this {
    this.#inputs.push({ name, shape: shapeOf(size), kind: "events", max: options.max ?? 1 });
    return this;
  }

  /**
   * Events of `signals` sampled signals: an input of shape `[1, signals, 2]`, where neuron 2 k says that signal k rose, and
   * 2 k + 1 that it fell. `DeltaEncoder` and the encoding `delta` make these events of the signals.
   */
  signals(name: string, signals: number): this {
    return this.input(name, [1, signals, 2]);
  }

  /** Values 0..max of a sample that are delivered in each of its steps. */
  current(name: string, size: Size, options: { readonly max?: number } = {}): this {
    this.#inputs.push({ name, shape: shapeOf(size), kind: "current", max: options.max ?? 255 });
    return this;
  }

  /** Neurons that turn one value of a sample each into spikes; see `rateRandom`, `rateRegular`, `latency`. */
  encoder(name: string, size: Size, model: NeuronModel, options: { readonly max?: number } = {}): this {
    this.#populations.push({ name, shape: shapeOf(size), ...model, values: { max: options.max ?? 255 } });
    return this;
  }

  population(name: string, size: Size, model: NeuronModel): this {
    this.#populations.push({ name, shape: shapeOf(size), ...model });
    return this;
  }

  /**
   * Synapses, or one weight from every neuron to every neuron, or dense weights `[source][target]`. Delays may differ: by
   * source neuron (`delay: [1, 5, …]`), or by synapse (`sparse([[source, target, weight, delay], …])`).
   */
  connect(source: string, target: string, synapses: Connection, options: ConnectOptions = {}): this {
    const { delays: own, ...matrix } = this.#synapses(source, target, synapses);
    const least = this.#isUpdatedBefore(source, target) ? 0 : 1;
    const given = options.delay ?? (own ? undefined : least);
    const { delay, delays } =
      typeof given === "number" ? { delay: given } : splitDelays(given ?? own!, given ? "source" : "synapse");
    const name = options.name ?? `${source}->${target}${delay > 0 ? `@${delay}` : ""}`;
    this.#projections.push({ name, source, target, delay, ...(delays && { delays }), synapses: matrix });
    return this;
  }

  /** Makes a population a winner-take-all group: in each step only the neuron nearest above its threshold may fire. */
  winnerTakeAll(population: string, options: { readonly inhibition?: number; readonly block?: number } = {}): this {
    const { inhibition = 0, block = 0 } = options;
    return this.#replace(this.#populations, population, (p) => ({ ...p, winnerTakeAll: { inhibition, block } }));
  }

  /** Makes a projection plastic; with `eligibility` it learns when a reward comes, with `enabled` only some synapses learn. */
  learn(projection: string, rule: PlasticityRule, { eligibility, enabled }: LearnOptions = {}): this {
    const mask = enabled && { enabled: Uint8Array.from(enabled, Number) };
    const plasticity = { rule, ...mask, ...(eligibility && { eligibility }) };
    return this.#replace(this.#projections, projection, (p) => ({ ...p, plasticity }));
  }

  /**
   * How decisions are made. By default the last population by its potentials. With `count` the population's trace y counts
   * its spikes, unless it has another.
   */
  readout(population: string, kind: DynamicsReadout["kind"] = "potential"): this {
    this.#readout = { population, kind };
    if (kind === "potential") return this;
    const postTrace = { decay: "count", shift: 1, increment: 1, sets: false } as const;
    return this.#replace(this.#populations, population, (p) =>
      p.dynamics.postTrace.increment > 0 ? p : { ...p, dynamics: { ...p.dynamics, postTrace } },
    );
  }

  /** @throws SpikewrightError with every finding of `verifyDynamicsGraph`. */
  build(): DynamicsGraph {
    const { steps = 1, reset = "sample", seed = 1 } = this.#settings;
    const graph: DynamicsGraph = {
      name: this.#name,
      steps,
      reset,
      seed,
      inputs: [...this.#inputs],
      populations: [...this.#populations],
      projections: [...this.#projections],
      readout: this.#readout ?? { population: this.#populations.at(-1)?.name ?? "", kind: "potential" },
    };
    const findings = verifyDynamicsGraph(graph);
    if (findings.length > 0) throw new SpikewrightError(findings);
    return graph;
  }

  #isUpdatedBefore(source: string, target: string): boolean {
    const place = (name: string) => this.#populations.findIndex((p) => p.name === name);
    return place(source) < place(target);
  }

  #synapses(source: string, target: string, given: Connection): SynapseMatrix & Pick<SynapsesWithDelays, "delays"> {
    if (typeof given !== "number") return "kind" in given ? given : { kind: "dense", weights: weightArray(given) };
    const count = this.#size(source) * this.#size(target);
    return { kind: "dense", weights: weightArray(new Float64Array(count).fill(given)) };
  }

  #size(name: string): number {
    const found = [...this.#inputs, ...this.#populations].find((part) => part.name === name);
    return found ? neuronCount(found.shape) : 0;
  }

  #replace<Part extends { readonly name: string }>(parts: Part[], name: string, change: (part: Part) => Part): this {
    const at = parts.findIndex((part) => part.name === name);
    if (at < 0)
      throw new SpikewrightError([
        {
          code: "unknown-name",
          severity: "error",
          message: `Cannot change "${name}": it has not been added`,
          place: { item: name },
        },
      ]);
    parts[at] = change(parts[at]!);
    return this;
  }
}

function shapeOf(size: Size): Shape3 {
  return typeof size === "number" ? [1, 1, size] : size;
}

/** Delays as the least of them, and what each has more. */
function splitDelays(given: ArrayLike<number>, of: Delays["of"]): { delay: number; delays: Delays } {
  const all = Array.from(given);
  const delay = all.reduce((least, steps) => Math.min(least, steps), all[0] ?? 0);
  const bad = all.find((steps) => !Number.isInteger(steps) || steps - delay > 15);
  if (bad === undefined) return { delay, delays: { of, steps: Uint8Array.from(all, (steps) => steps - delay) } };
  throw new SpikewrightError([
    {
      code: "value-out-of-range",
      severity: "error",
      message: `Cannot delay spikes by ${bad} steps: wanted a whole number 0..15`,
      found: String(bad),
      wanted: "0..15",
    },
  ]);
}
