import { readdir, stat } from "node:fs/promises";
import { readStart } from "../../frontend/bytes/file.js";
import type { EventRecording, EventSamples } from "../../frontend/data/event/events.js";
import { loadEvents } from "../../frontend/data/event/load-events.js";
import { loadSamples } from "../../frontend/data/load.js";
import { isHdf5 } from "../../frontend/hdf5/read.js";
import { failure, type SpikewrightError } from "../../support/diagnostic.js";

/** Input of a network in time: one array of values a step. */
export type Steps = readonly Float64Array[];

export interface StepOptions {
  /** Which sample or recording. */
  readonly index: number;
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
 * Reads what a network with `size` inputs sees in time.
 *
 * Events: `polarity, row, column`, counted in each step. A sample of `size` values is held; one of `steps * size` gives
 * them in turn.
 *
 * @throws `steps-missing`, `sample-missing`, `samples-do-not-fit`, `data-too-large`, and the codes of the readers.
 */
export async function readSteps(path: string, size: number, options: StepOptions): Promise<Steps> {
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

async function eventSteps(path: string, size: number, options: StepOptions): Promise<Steps> {
  const events = await loadEvents(path, { limit: options.index + 1 });
  const recording = events.recordings[options.index];
  if (recording === undefined) throw missing(options.index, events.count);
  const perStep = events.polarities * events.height * events.width;
  if (perStep !== size) throw misfit(`${events.polarities}x${events.height}x${events.width} events`, size);
  const last = recording.times.reduce((most, time) => Math.max(most, time), 0);
  const steps = options.steps ?? (options.dt < 1 ? Math.ceil((last + 1) / 1e6 / options.dt) : undefined);
  if (steps === undefined) throw stepsMissing("the step of the network has no unit of time");
  checkSize(steps, size);
  const span = options.steps === undefined ? options.dt * 1e6 : (last + 1) / steps;
  return binned(recording, events, steps, size, span);
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

async function sampleSteps(path: string, size: number, options: StepOptions): Promise<Steps> {
  const { index, inputScale, inputOffset, isSequence } = options;
  const samples = await loadSamples(path, isSequence ? {} : { limit: index + 1 });
  const perSample = samples.shape.reduce((product, extent) => product * extent, 1);
  const own = isSequence ? samples.data : samples.data.subarray(index * perSample, (index + 1) * perSample);
  if (!isSequence && index >= samples.count) throw missing(index, samples.count);
  const values = Float64Array.from(own, (value) => value * inputScale + inputOffset);
  if (isSequence && perSample !== size) throw misfit(`${perSample} values a row`, size);
  if (values.length === 0 || values.length % size !== 0) throw misfit(`[${samples.shape.join(", ")}]`, size);
  if (values.length > size || isSequence) {
    const steps = Math.min(values.length / size, options.steps ?? Number.POSITIVE_INFINITY);
    return Array.from({ length: steps }, (_, k) => values.subarray(k * size, (k + 1) * size));
  }
  if (options.steps === undefined) throw stepsMissing("one sample is held for all steps");
  checkSize(options.steps, 1);
  return new Array<Float64Array>(options.steps).fill(values);
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
