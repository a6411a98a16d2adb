/** What became of one operator of the source model. */
export interface LedgerLine {
  /** Layer name of the source model. */
  readonly layer: string;
  /** Operator name in the source format. */
  readonly op: string;
  readonly outcome: LedgerOutcome;
  /** How, and with which error where there is one. */
  readonly note: string;
}

/**
 * `converted`: neurons or a pool of its own. `folded`: exact, became part of another layer. `approximated`: changes
 * results beyond the rounding of weights and activations; the note has the bound. `host-side`: left to whoever reads the
 * result. `rejected`: blocks the conversion.
 */
export type LedgerOutcome = "converted" | "folded" | "approximated" | "host-side" | "rejected";

/** Layers of `nodes` without a line in `ledger`; a conversion must leave none. */
export function unaccounted(
  nodes: readonly { readonly name: string }[],
  ledger: readonly LedgerLine[],
): readonly string[] {
  const accounted = new Set(ledger.map((line) => line.layer));
  return nodes.map((node) => node.name).filter((name) => !accounted.has(name));
}
