/** Spikes of one population in one step: reused every step. */
export interface EventList {
  readonly addresses: Int32Array;
  readonly payloads: Int32Array;
  count: number;
}

/** An empty list with room for one event a neuron. */
export function emptyEvents(neurons: number): EventList {
  return { addresses: new Int32Array(neurons), payloads: new Int32Array(neurons), count: 0 };
}
