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
