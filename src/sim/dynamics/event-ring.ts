/** Events of one step: neurons by index, with payloads. */
export interface EventList {
  readonly indices: Int32Array;
  readonly payloads: Int32Array;
  count: number;
}

/** The events of a source in its latest steps. */
export class EventRing {
  readonly #slots: readonly EventList[];

  /**
   * @param size Neurons of the source.
   * @param memory Steps that are remembered besides the one under way.
   */
  constructor(size: number, memory: number) {
    this.#slots = Array.from({ length: memory + 1 }, () => ({
      indices: new Int32Array(size),
      payloads: new Int32Array(size).fill(1),
      count: 0,
    }));
  }

  /** Events of the step `delay` steps before step `step`. */
  at(step: number, delay: number): EventList {
    const slots = this.#slots.length;
    return this.#slots[(((step - delay) % slots) + slots) % slots]!;
  }

  clear(): void {
    for (const slot of this.#slots) slot.count = 0;
  }
}

/** Makes `list` the nonzero ones of `values`. */
export function fillEvents(list: EventList, values: ArrayLike<number>): void {
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === 0) continue;
    list.indices[count] = i;
    list.payloads[count++] = value;
  }
  list.count = count;
}
