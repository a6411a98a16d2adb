import { readdir, stat } from "node:fs/promises";
import { readStart } from "../../frontend/bytes/file.js";
import type { EventRecording, EventSamples } from "../../frontend/data/event/events.js";
import { loadEvents } from "../../frontend/data/event/load-events.js";
import { loadSamples } from "../../frontend/data/load.js";
import type { SampleOptions } from "../../frontend/data/samples.js";
import { isHdf5 } from "../../frontend/hdf5/read.js";
import { failure, type SpikewrightError } from "../../support/diagnostic.js";

/** Input of a network in time: one array of values a step. */
export type Steps = readonly Float64Array[];

/** Samples or recordings to run one by one. */
export interface StepSource {
  readonly count: number;
  /** Class of each, where the data say so. */
  readonly labels?: Int32Array;
  /** @throws `sample-missing` beyond `count`, `data-too-large`. */
  readonly stepsOf: (index: number) => Steps;
}

/** `limit`: samples or recordings that are read at most. */
export interface StepOptions extends SampleOptions {
  /** Number of steps: events are spread over them, one sample is held for them. */
  readonly steps?: number;
  /** Rows of the data are the steps of one sample. */
  readonly isSequence: boolean;
  readonly inputScale: number;
  readonly inputOffset: number;
  /** Duration of a step; with events, seconds unless it is at least 1. */
  readonly dt: number;
}

/** Most steps of a simulation. */
const mostSteps = 2 ** 22;
/** Most values of all steps together. */
const mostValues = 2 ** 28;

/**
 * Opens what a network with `size` inputs sees in time.
 *
 * Events: `polarity, row, column`, counted in each step. A sample of `size` values is held; one of `steps * size` gives
 * them in turn.
 *
 * @throws `steps-missing`, `samples-do-not-fit`, and the codes of the readers.
 */
export async function openSteps(path: string, size: number, options: StepOptions): Promise<StepSource> {
  return (await holdsEvents(path)) ? await eventSteps(path, size, options) : await sampleSteps(path, size, options);
}

async function holdsEvents(path: string): Promise<boolean> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) return (await readdir(path, { recursive: true })).some(isRecording);
  return isRecording(path) || isHdf5((await readStart(path)).bytes);
}

function isRecording(name: string): boolean {
  return /\.bin$/i.test(name);
}

async function eventSteps(path: string, size: number, options: StepOptions): Promise<StepSource> {
  const events = await loadEvents(path, options.limit === undefined ? {} : { limit: options.limit });
  const perStep = events.polarities * events.height * events.width;
  if (perStep !== size) throw misfit(`${events.polarities}x${events.height}x${events.width} events`, size);
  if (options.steps === undefined && options.dt >= 1) throw stepsMissing("the step of the network has no unit of time");
  return {
    count: events.count,
    ...(events.labels ? { labels: events.labels } : {}),
    stepsOf: (index) => {
      const recording = events.recordings[index];
      if (recording === undefined) throw missing(index, events.count);
      const last = recording.times.reduce((most, time) => Math.max(most, time), 0);
      const steps = options.steps ?? Math.ceil((last + 1) / 1e6 / options.dt);
      checkSize(steps, size);
      const span = options.steps === undefined ? options.dt * 1e6 : (last + 1) / steps;
      return binned(recording, events, steps, size, span);
    },
  };
}

function binned(recording: EventRecording, events: EventSamples, steps: number, size: number, span: number): Steps {
  const frames = Array.from({ length: steps }, () => new Float64Array(size));
  for (let k = 0; k < recording.times.length; k++) {
    const step = Math.min(steps - 1, Math.floor(recording.times[k]! / span));
    const plane = events.polarities === 2 ? recording.polarity[k]! : 0;
    frames[step]![(plane * events.height + recording.y[k]!) * events.width + recording.x[k]!]! += 1;
  }
  return frames;
}

async function sampleSteps(path: string, size: number, options: StepOptions): Promise<StepSource> {
  const { inputScale, inputOffset, isSequence, limit, labelColumn, array } = options;
  const samples = await loadSamples(path, {
    ...(isSequence || limit === undefined ? {} : { limit }),
    ...(labelColumn === undefined ? {} : { labelColumn }),
    ...(array === undefined ? {} : { array }),
  });
  const perSample = samples.shape.reduce((product, extent) => product * extent, 1);
  if (isSequence && perSample !== size) throw misfit(`${perSample} values a row`, size);
  const length = isSequence ? samples.data.length : perSample;
  if (length === 0 || length % size !== 0) throw misfit(`[${samples.shape.join(", ")}]`, size);
  const isHeld = length === size && !isSequence;
  if (isHeld && options.steps === undefined) throw stepsMissing("one sample is held for all steps");
  if (isHeld) checkSize(options.steps!, 1);
  const count = isSequence ? 1 : samples.count;
  return {
    count,
    ...(samples.labels && !isSequence ? { labels: samples.labels } : {}),
    stepsOf: (index) => {
      if (index >= count && !isSequence) throw missing(index, count);
      const own = isSequence ? samples.data : samples.data.subarray(index * length, (index + 1) * length);
      const values = Float64Array.from(own, (value) => value * inputScale + inputOffset);
      if (isHeld) return new Array<Float64Array>(options.steps!).fill(values);
      const steps = Math.min(length / size, options.steps ?? Number.POSITIVE_INFINITY);
      return Array.from({ length: steps }, (_, k) => values.subarray(k * size, (k + 1) * size));
    },
  };
}

function checkSize(steps: number, size: number): void {
  if (steps <= mostSteps && steps * size <= mostValues) return;
  throw failure({
    code: "data-too-large",
    message: `Cannot simulate ${steps} steps of ${size} inputs, wanted at most ${mostValues} values`,
    place: { item: "--steps" },
    found: `${steps} steps`,
    hint: "Give fewer steps with --steps, or a longer --dt",
  });
}

function stepsMissing(why: string): SpikewrightError {
  return failure({
    code: "steps-missing",
    message: `Cannot tell how many steps to simulate: ${why}, wanted --steps`,
    place: { item: "--steps" },
    hint: "Give the number of steps with --steps",
  });
}

function missing(index: number, count: number): SpikewrightError {
  return failure({
    code: "sample-missing",
    message: `Cannot simulate sample ${index}: the data have ${count} samples`,
    place: { item: "--index" },
    found: String(index),
    wanted: `0..${count - 1}`,
    hint: "Give an index within the data",
  });
}

function misfit(found: string, size: number): SpikewrightError {
  return failure({
    code: "samples-do-not-fit",
    message: `Cannot feed samples of ${found} to a network of ${size} inputs`,
    found,
    wanted: `${size} values a step`,
    hint: "Give data of the shape the network was trained on",
  });
}
