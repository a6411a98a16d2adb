/** Recordings of an event sensor. */
export interface EventSamples {
  readonly kind: "events";
  readonly count: number;
  /** Sensor size; a sensor that is no image has height 1. */
  readonly width: number;
  readonly height: number;
  /** 2 where events are on or off, else 1. */
  readonly polarities: 1 | 2;
  readonly recordings: readonly EventRecording[];
  /** Class index of each recording. */
  readonly labels?: Int32Array;
}

/** Events in the order of the file. */
export interface EventRecording {
  /** Microseconds. */
  readonly times: Float64Array;
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** 0 or 1. */
  readonly polarity: Uint8Array;
}
