import { type FireRule, payload } from "../../arch/neuron.js";
import type { SpikingPopulation } from "../../snn/graph.js";
import { type EventList, emptyEvents } from "./events.js";

/** State of one spiking population. `membranes` receives charge from outside; then `receive` must be called. */
export class SpikingState {
  readonly name: string;
  readonly membranes: Int32Array;
  readonly tracers: Int32Array;
  /** What the population emitted in the latest step in which it could. */
  readonly events: EventList;
  readonly membraneBits: number;
  private readonly initial: Int32Array;
  private readonly thresholds: Int32Array;
  private readonly tracerMin: number;
  private readonly tracerMax: number;
  /** Neurons that could still fire without further input. */
  private readonly restless: Int32Array;
  private restlessCount = 0;
  private touched = true;

  constructor(population: SpikingPopulation) {
    const neurons = population.shape[0] * population.shape[1] * population.shape[2];
    this.name = population.name;
    this.membraneBits = population.membraneBits;
    this.membranes = new Int32Array(neurons);
    this.tracers = new Int32Array(neurons);
    this.events = emptyEvents(population.preset === "li" ? 0 : neurons);
    this.initial = perNeuron(population.vInit, neurons);
    this.thresholds = perNeuron(population.vThreshold, neurons);
    this.tracerMin = population.tracerMin;
    this.tracerMax = population.tracerMax;
    this.restless = new Int32Array(this.events.addresses.length);
  }

  /** Back to the state before a sample. */
  reset(): void {
    this.membranes.set(this.initial);
    this.tracers.fill(0);
    this.events.count = 0;
    this.restlessCount = 0;
    this.touched = true;
  }

  /** Notes that charge was added to the membranes since the latest `fire`. */
  receive(): void {
    this.touched = true;
  }

  /** Lets every neuron fire by `rule` and fills `events`. */
  fire(rule: FireRule): void {
    const { membranes, tracers, thresholds, restless, events, tracerMin, tracerMax } = this;
    const { addresses, payloads } = events;
    const all = this.touched;
    const candidates = all ? membranes.length : this.restlessCount;
    let kept = 0;
    let count = 0;
    for (let i = 0; i < candidates; i++) {
      const n = all ? i : restless[i]!;
      let v = membranes[n]!;
      const theta = thresholds[n]!;
      if (v < theta && v >= 0) continue;
      let tracer = tracers[n]!;
      const emitted = payload(v, tracer, theta, tracerMin, tracerMax, rule);
      if (emitted !== 0) {
        v -= theta * emitted;
        tracer += emitted;
        membranes[n] = v;
        tracers[n] = tracer;
        addresses[count] = n;
        payloads[count++] = emitted;
      }
      if (v < 0 ? tracer > tracerMin : v >= theta && tracer < tracerMax) restless[kept++] = n;
    }
    events.count = count;
    this.restlessCount = kept;
    this.touched = false;
  }
}

function perNeuron(perChannel: Int32Array, neurons: number): Int32Array {
  const values = new Int32Array(neurons);
  for (let n = 0; n < neurons; n++) values[n] = perChannel[n % perChannel.length] ?? 0;
  return values;
}
