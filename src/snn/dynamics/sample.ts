import { type DynamicsGraph, neuronCount } from "./graph.js";

/** Values of one input or encoder within a sample. */
export interface SamplePart {
  readonly name: string;
  readonly size: number;
  /** Largest value. */
  readonly max: number;
  /** Offset from the beginning of the sample, or of each step's values. */
  readonly offset: number;
}

/**
 * The order of the values of a sample: what a host sends and every engine takes. First the reward for the sample before
 * (one value if positive, one if negative), when the network learns from rewards; then the values of `current` inputs and
 * of encoders; then, step by step, those of `events` inputs. Each is 0..max, neurons by index.
 */
export interface SampleLayout {
  /** Values of the whole sample. */
  readonly size: number;
  /** 2 when the network learns from rewards, else 0. */
  readonly rewards: number;
  readonly begin: readonly SamplePart[];
  readonly step: readonly SamplePart[];
  /** Offset of the values of step 0. */
  readonly firstStep: number;
  /** Values of one step. */
  readonly stepSize: number;
}

export function sampleLayout(graph: DynamicsGraph): SampleLayout {
  const rewards = graph.projections.some((p) => p.plasticity?.eligibility) ? 2 : 0;
  const currents = graph.inputs.filter(({ kind }) => kind === "current");
  const encoders = graph.populations.flatMap(({ name, shape, values }) => (values ? [{ name, shape, ...values }] : []));
  const events = graph.inputs.filter(({ kind }) => kind === "events");
  const begin = lay([...currents, ...encoders], rewards);
  const step = lay(events, 0);
  const firstStep = endOf(begin, rewards);
  const stepSize = endOf(step, 0);
  return { size: firstStep + graph.steps * stepSize, rewards, begin, step, firstStep, stepSize };
}

type Source = Pick<DynamicsGraph["inputs"][number], "name" | "shape" | "max">;

function lay(sources: readonly Source[], first: number): readonly SamplePart[] {
  let offset = first;
  return sources.map(({ name, shape, max }) => {
    const part = { name, size: neuronCount(shape), max, offset };
    offset += part.size;
    return part;
  });
}

function endOf(parts: readonly SamplePart[], otherwise: number): number {
  const last = parts.at(-1);
  return last ? last.offset + last.size : otherwise;
}
