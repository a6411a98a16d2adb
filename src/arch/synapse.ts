import { axisTaps } from "./window.js";

/**
 * Synapses of a cross-correlation window, walked from the side of the events: weight times payload is added to the
 * potential of every neuron that the event reaches. A dense map over a whole value has the window of the value's size.
 *
 *   target[y, x, o] += payload * weights[ky, kx, c mod inPerGroup, o]
 *     for every ky, kx, y, x with  source y = y * stride + ky - padding  (the same for x)  and o in the group of c
 *
 * Sums are exact 32-bit integers: the bounds of the network (`src/quantize/bounds.ts`) exclude overflow.
 */
export interface SynapseWindow {
  /** `[height, width, channels]` of the population that emits. */
  readonly source: readonly [height: number, width: number, channels: number];
  /** `[height, width, channels]` of the population that receives. */
  readonly target: readonly [height: number, width: number, channels: number];
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  /** Zero pixels above and left of the source. */
  readonly padding: readonly [top: number, left: number];
  readonly groups: number;
  /** `[kernelHeight, kernelWidth, inChannels / groups, outChannels]`, row-major. */
  readonly weights: Int32Array;
}

export interface Synapses {
  /**
   * Delivers the first `count` events.
   *
   * @param potentials Target neurons, `(y * width + x) * channels + channel`.
   * @param addresses Neuron index of each event in the source population.
   * @param payloads Signed number of spikes of each event.
   * @returns Synaptic operations done: one a weight and event.
   */
  deliver(potentials: Int32Array, addresses: Int32Array, payloads: Int32Array, count: number): number;
}

/** Prepares a window for delivery; keeps a reference to `weights`. */
export function openSynapses(window: SynapseWindow): Synapses {
  const { source, target, kernel } = window;
  const whole =
    window.groups === 1 &&
    target[0] === 1 &&
    target[1] === 1 &&
    kernel[0] === source[0] &&
    kernel[1] === source[1] &&
    window.padding[0] === 0 &&
    window.padding[1] === 0;
  return whole ? denseSynapses(window.weights, target[2]) : windowSynapses(window);
}

function denseSynapses(weights: Int32Array, outputs: number): Synapses {
  return {
    deliver(potentials, addresses, payloads, count) {
      for (let e = 0; e < count; e++) {
        const payload = payloads[e]!;
        let w = addresses[e]! * outputs;
        for (let o = 0; o < outputs; o++) potentials[o]! += payload * weights[w++]!;
      }
      return count * outputs;
    },
  };
}

function windowSynapses(window: SynapseWindow): Synapses {
  const { source, target, kernel, stride, padding, groups, weights } = window;
  const rows = axisTaps(source[0], target[0], kernel[0], stride[0], padding[0]);
  const columns = axisTaps(source[1], target[1], kernel[1], stride[1], padding[1]);
  const width = source[1];
  const inChannels = source[2];
  const inPerGroup = inChannels / groups;
  const outChannels = target[2];
  const outPerGroup = outChannels / groups;
  const kernelWidth = kernel[1];
  const targetWidth = target[1];

  return {
    deliver(potentials, addresses, payloads, count) {
      let taps = 0;
      for (let e = 0; e < count; e++) {
        const address = addresses[e]!;
        const payload = payloads[e]!;
        const pixel = Math.trunc(address / inChannels);
        const channel = address - pixel * inChannels;
        const y = Math.trunc(pixel / width);
        const x = pixel - y * width;
        const group = Math.trunc(channel / inPerGroup);
        const firstOut = group * outPerGroup;
        const inGroup = channel - group * inPerGroup;
        const rowEnd = rows.first[y + 1]!;
        const columnStart = columns.first[x]!;
        const columnEnd = columns.first[x + 1]!;
        for (let r = rows.first[y]!; r < rowEnd; r++) {
          const targetRow = rows.target[r]! * targetWidth;
          const kernelRow = rows.window[r]! * kernelWidth;
          for (let c = columnStart; c < columnEnd; c++) {
            let n = (targetRow + columns.target[c]!) * outChannels + firstOut;
            let w = ((kernelRow + columns.window[c]!) * inPerGroup + inGroup) * outChannels + firstOut;
            for (const end = n + outPerGroup; n < end; ) potentials[n++]! += payload * weights[w++]!;
          }
        }
        taps += (rowEnd - rows.first[y]!) * (columnEnd - columnStart);
      }
      return taps * outPerGroup;
    },
  };
}
