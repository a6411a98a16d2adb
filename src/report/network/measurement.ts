import type { SampleResult } from "../../arch/device.js";
import type { SnnGraph } from "../../snn/graph.js";
import { histogram } from "../chart/bins.js";
import type { CoreClock, LayerActivity, MeasuredSummary, Spread } from "../result.js";

/** Sums over the samples of one layer. */
interface ActivitySum {
  readonly values: number;
  active: number;
  computed: number;
  count: number;
}

/** Collects what engine `cycle` says about each sample, run with `watch`. */
export class Measurement {
  readonly #cycles: number[] = [];
  readonly #spikes: number[] = [];
  readonly #operations: number[] = [];
  readonly #activity: ReadonlyMap<string, ActivitySum>;
  #labeled = 0;
  #correct = 0;

  constructor(graph: SnnGraph) {
    const firing = graph.populations.filter((p) => p.kind === "pool" || p.preset === "st-bif");
    this.#activity = new Map(
      firing.map(({ name, shape: [h, w, c] }) => [name, { values: h * w * c, active: 0, computed: 0, count: 0 }]),
    );
  }

  add({ decision, cycles, spikes, operations, populations }: SampleResult, label: number | undefined): void {
    if (cycles === undefined || spikes === undefined || operations === undefined || populations === undefined) {
      throw new Error("a report wants cycles, spikes, operations and populations of every sample");
    }
    this.#cycles.push(cycles);
    this.#spikes.push(spikes);
    this.#operations.push(operations);
    if (label !== undefined) {
      this.#labeled++;
      if (decision === label) this.#correct++;
    }
    for (const [name, sum] of this.#activity) {
      const { tracers, computed } = populations.get(name)!;
      for (let n = 0; n < tracers.length; n++) {
        const tracer = tracers[n]!;
        if (computed === undefined || computed[n] === 1) sum.computed++;
        if (tracer === 0) continue;
        sum.active++;
        sum.count += tracer < 0 ? -tracer : tracer;
      }
    }
  }

  /** @param clocks Clocks to tell latencies at. */
  result(clocks: readonly CoreClock[]): MeasuredSummary {
    const samples = this.#cycles.length;
    if (samples === 0) throw new Error("nothing was measured");
    const cyclesPerSample = spread(this.#cycles);
    const synapticOperationsPerSample = spread(this.#operations);
    return {
      engine: "cycle",
      samples,
      accuracy: this.#labeled === samples ? this.#correct / samples : null,
      cyclesPerSample,
      spikesPerSample: spread(this.#spikes),
      synapticOperationsPerSample,
      synapticOperationsPerCycle: synapticOperationsPerSample.mean / cyclesPerSample.mean,
      latencies: clocks.map((clock) => ({
        ...clock,
        meanUs: (1e6 * cyclesPerSample.mean) / clock.coreHz,
        maxUs: (1e6 * cyclesPerSample.max) / clock.coreHz,
      })),
      cyclesHistogram: histogram(this.#cycles),
      activity: [...this.#activity].map(([layer, sum]) => activityOf(layer, sum, samples)),
    };
  }
}

function activityOf(layer: string, { values, active, computed, count }: ActivitySum, samples: number): LayerActivity {
  return {
    layer,
    values,
    activePercent: computed === 0 ? 0 : (100 * active) / computed,
    computedPercent: (100 * computed) / (values * samples),
    countPerSample: count / samples,
  };
}

function spread(values: readonly number[]): Spread {
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { mean: sum / values.length, min, max };
}
