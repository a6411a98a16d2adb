/** A block of memory that is needed from step `from` to step `to`, both included. */
export interface Need {
  readonly words: number;
  readonly from: number;
  readonly to: number;
}

/** Where each need was placed. */
export interface Allocation<T> {
  readonly addresses: ReadonlyMap<T, number>;
  /** Words from address 0 to the end of the highest block. */
  readonly used: number;
}

/**
 * Places blocks so that those alive at the same time do not overlap: largest first, each at the lowest address that is
 * free during its whole life.
 */
export function allocate<T>(needs: ReadonlyMap<T, Need>): Allocation<T> {
  const placed: { need: Need; address: number }[] = [];
  const addresses = new Map<T, number>();
  let used = 0;
  for (const [key, need] of [...needs].sort(([, a], [, b]) => b.words - a.words || a.from - b.from)) {
    const rivals = placed
      .filter(({ need: other }) => other.from <= need.to && need.from <= other.to)
      .sort((a, b) => a.address - b.address);
    let address = 0;
    for (const rival of rivals) {
      if (address + need.words <= rival.address) break;
      address = Math.max(address, rival.address + rival.need.words);
    }
    placed.push({ need, address });
    addresses.set(key, address);
    used = Math.max(used, address + need.words);
  }
  return { addresses, used };
}
