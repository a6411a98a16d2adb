interface Entry<T> {
  readonly values: Int32Array;
  readonly prepared: T;
}

/** Keeps what was prepared for an instruction, by its address and the values of the pass registers that it depends on. */
export class ByRegisters<T> {
  readonly #numbers: Uint8Array;
  readonly #entries = new Map<number, Entry<T>[]>();

  /** @param numbers The registers that count. */
  constructor(numbers: readonly number[]) {
    this.#numbers = Uint8Array.from(numbers);
  }

  clear(): void {
    this.#entries.clear();
  }

  get(address: number, values: Int32Array): T | undefined {
    const entries = this.#entries.get(address);
    if (entries) for (const entry of entries) if (this.#equal(entry.values, values)) return entry.prepared;
    return undefined;
  }

  add(address: number, values: Int32Array, prepared: T): void {
    const entries = this.#entries.get(address) ?? [];
    entries.push({ values: values.slice(), prepared });
    this.#entries.set(address, entries);
  }

  #equal(a: Int32Array, b: Int32Array): boolean {
    const numbers = this.#numbers;
    for (let i = 0; i < numbers.length; i++) if (a[numbers[i]!] !== b[numbers[i]!]) return false;
    return true;
  }
}
