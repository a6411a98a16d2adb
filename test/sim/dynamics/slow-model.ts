import { type DynamicsState, fires, inhibit, integrate, margin, settle } from "../../../src/arch/dynamics/neuron.js";
import { seedNoise } from "../../../src/arch/dynamics/noise.js";
import { changeWeight, postChange, preChange, rewardWeight } from "../../../src/arch/dynamics/plasticity.js";
import {
  type DynamicsGraph,
  type DynamicsProjection,
  neuronCount,
  neuronOf,
  type Shape3,
} from "../../../src/snn/dynamics/graph.js";
import { sampleLayout } from "../../../src/snn/dynamics/sample.js";

type Events = ReadonlyMap<number, number>;

/**
 * The network as its documentation says it, without any thought for speed: every step of every source is kept, every pair of
 * neurons is asked for its weight, and neurons and learning are the functions of `src/arch/dynamics`.
 */
export class SlowModel {
  readonly states: Record<string, DynamicsState[]> = {};
  readonly weights: Record<string, number[]> = {};
  readonly eligibilities: Record<string, number[]> = {};
  noise: number;
  readonly #graph: DynamicsGraph;
  readonly #lanes: number;
  /** Events of every source in every step, latest first. */
  #history: Record<string, Events>[] = [];
  #currents: Record<string, Events> = {};

  constructor(graph: DynamicsGraph, lanes: number) {
    this.#graph = graph;
    this.#lanes = lanes;
    this.noise = seedNoise(graph.seed);
    this.#restart();
    for (const { name, synapses } of graph.projections) {
      this.weights[name] = [...synapses.weights];
      this.eligibilities[name] = this.weights[name]!.map(() => 0);
    }
  }

  /** @param onStep Called after each step. */
  sample(values: Uint8Array, onStep: () => void): void {
    const layout = sampleLayout(this.#graph);
    if (layout.rewards > 0) {
      if (values[0]! > 0) this.#reward(false);
      if (values[1]! > 0) this.#reward(true);
    }
    if (this.#graph.reset === "sample") {
      this.#restart();
      this.noise = seedNoise(this.#graph.seed);
      this.#history = [];
    }
    for (const { name, offset, size } of layout.begin) {
      const own = [...values.subarray(offset, offset + size)];
      if (this.states[name]) this.states[name] = own.map((j) => ({ ...blank(), j }));
      else this.#currents[name] = eventsOf(own);
    }
    for (let t = 0; t < this.#graph.steps; t++) {
      const at = layout.firstStep + t * layout.stepSize;
      const given = layout.step.map(({ name, offset, size }) => {
        const own = values.subarray(at + offset, at + offset + size);
        return [name, eventsOf([...own])] as const;
      });
      this.#step(Object.fromEntries(given));
      onStep();
    }
  }

  #restart(): void {
    for (const { name, shape } of this.#graph.populations)
      this.states[name] = Array.from({ length: neuronCount(shape) }, blank);
  }

  #step(given: Record<string, Events>): void {
    this.#history.unshift({ ...given, ...this.#currents });
    for (const population of this.#graph.populations) {
      const { name, dynamics, winnerTakeAll } = population;
      const states = this.states[name]!;
      states.forEach((state, j) => void integrate(state, this.#sum(name, j), neuronOf(population, j), dynamics));
      const spikes = new Map<number, number>();
      if (winnerTakeAll) {
        const margins = states.map((state, j) => margin(state, neuronOf(population, j), dynamics));
        const best = Math.max(...margins);
        const winner = best >= 0 ? margins.indexOf(best) : -1;
        for (const [j, state] of states.entries()) {
          settle(state, j === winner ? 1 : 0, neuronOf(population, j), dynamics);
          if (winner >= 0 && j !== winner) inhibit(state, winnerTakeAll.inhibition, winnerTakeAll.block);
        }
        if (winner >= 0) spikes.set(winner, 1);
      } else
        for (const [j, state] of states.entries()) {
          const own = neuronOf(population, j);
          const asked = fires(state, own, dynamics, this.noise);
          this.noise = asked.noise;
          settle(state, asked.fires, own, dynamics);
          if (asked.fires === 1) spikes.set(j, 1);
        }
      this.#history[0]![name] = spikes;
    }
    for (const projection of this.#graph.projections) if (projection.plasticity) this.#learn(projection);
  }

  /** Events of a source so many steps ago. */
  #eventsOf({ source }: DynamicsProjection, ago: number): Events {
    return this.#history[ago]?.[source] ?? new Map();
  }

  #sum(target: string, j: number): number {
    let sum = 0;
    for (const projection of this.#graph.projections) {
      if (projection.target !== target) continue;
      for (let ago = 0; ago <= 15; ago++)
        for (const [i, payload] of this.#eventsOf(projection, ago)) {
          const place = this.#place(projection, i, j);
          if (place >= 0 && delayOf(projection, i, place) === ago)
            sum += payload * this.weights[projection.name]![place]!;
        }
    }
    return sum;
  }

  /** Place of the weight of two neurons, -1 if there is none. */
  #place({ source, target, synapses }: DynamicsProjection, i: number, j: number): number {
    const [from, to] = [this.#shape(source), this.#shape(target)];
    switch (synapses.kind) {
      case "dense":
        return i * neuronCount(to) + j;
      case "one-to-one":
        return i !== j ? -1 : synapses.weights.length === 1 ? 0 : i;
      case "sparse":
        return synapses.sources.findIndex((s, k) => s === i && synapses.targets[k] === j);
      case "convolution": {
        const place = (n: number, [, width, channels]: Shape3) =>
          [Math.floor(n / channels / width), Math.floor(n / channels) % width, n % channels] as const;
        const [sy, sx, c] = place(i, from);
        const [ty, tx, o] = place(j, to);
        const ky = sy - ty * synapses.stride[0] + synapses.padding[0];
        const kx = sx - tx * synapses.stride[1] + synapses.padding[1];
        const [kh, kw] = synapses.kernel;
        return ky < 0 || kx < 0 || ky >= kh || kx >= kw ? -1 : ((ky * kw + kx) * from[2] + c) * to[2] + o;
      }
    }
  }

  #learn(projection: DynamicsProjection): void {
    for (let ago = 0; ago <= 15; ago++) if (this.#learnsAt(projection, ago)) this.#learnOf(projection, ago);
  }

  #learnsAt(projection: DynamicsProjection, ago: number): boolean {
    const { source, target, plasticity } = projection;
    return this.states[target]!.some((_, j) =>
      Array.from({ length: neuronCount(this.#shape(source)) }, (__, i) => {
        const place = this.#place(projection, i, j);
        return place >= 0 && delayOf(projection, i, place) === ago && plasticity!.enabled?.[place] !== 0;
      }).includes(true),
    );
  }

  #learnOf(projection: DynamicsProjection, ago: number): void {
    const { name, source, target, plasticity } = projection;
    const { rule, eligibility, enabled } = plasticity!;
    const { min, max } = eligibility ?? rule;
    const matrix = (eligibility ? this.eligibilities : this.weights)[name]!;
    const after = this.states[target]!;
    for (let first = 0; first < after.length; first += this.#lanes) {
      const group = after.slice(first, first + this.#lanes);
      const changes = group.map(({ v, postTrace }) => {
        const { change, noise } = preChange(rule.pre, v, postTrace, this.noise);
        this.noise = noise;
        return change;
      });
      const change = (i: number, l: number, by: number) => {
        const at = this.#place(projection, i, first + l);
        if (at < 0 || delayOf(projection, i, at) !== ago || enabled?.[at] === 0) return;
        matrix[at] = changeWeight(matrix[at]!, by, min, max);
      };
      for (const i of this.#eventsOf(projection, ago).keys()) for (const [l, by] of changes.entries()) change(i, l, by);
      if (rule.post.kind === "none" || group.every(({ fired }) => fired === 0)) continue;
      for (const [i, { preTrace }] of this.states[source]!.entries()) {
        const { change: by, noise } = postChange(rule.post, preTrace, this.noise);
        this.noise = noise;
        for (const [l, { fired }] of group.entries()) if (fired === 1) change(i, l, by);
      }
    }
  }

  #reward(negative: boolean): void {
    for (const { name, plasticity } of this.#graph.projections) {
      if (!plasticity?.eligibility) continue;
      const { rule, eligibility } = plasticity;
      for (const [k, weight] of this.weights[name]!.entries()) {
        const before = this.eligibilities[name]![k]!;
        const after = rewardWeight(weight, before, { negative, ...eligibility }, rule.min, rule.max);
        this.weights[name]![k] = after.weight;
        this.eligibilities[name]![k] = after.eligibility;
      }
    }
  }

  #shape(name: string): Shape3 {
    return [...this.#graph.inputs, ...this.#graph.populations].find((part) => part.name === name)!.shape;
  }
}

function blank(): DynamicsState {
  return { v: 0, j: 0, adaptation: 0, refractory: 0, fired: 0, preTrace: 0, postTrace: 0 };
}

function eventsOf(values: readonly number[]): Events {
  return new Map([...values.entries()].filter(([, value]) => value !== 0));
}

function delayOf({ delay, delays }: DynamicsProjection, source: number, place: number): number {
  if (!delays) return delay;
  return delay + delays.steps[delays.of === "source" ? source : place]!;
}
