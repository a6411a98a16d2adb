import type { ResourceUse } from "../../map/budget.js";
import type { Diagnostic } from "../../support/diagnostic.js";

export interface Blocker {
  readonly code: string;
  readonly layer: string | null;
  readonly op: string | null;
  readonly reason: string;
  /** Attribute and value that were found, and what is wanted instead, where the finding is about one. */
  readonly found: string | null;
  readonly wanted: string | null;
  readonly hint: string | null;
}

export interface CheckResult {
  /** Every layer can be converted; a NIR graph can be imported; a network file needs neither. */
  readonly convertible: boolean;
  /** Everything that blocks the conversion, or the board or core that was asked for. */
  readonly blockers: readonly Blocker[];
  /** By board id. */
  readonly fits: Readonly<Record<string, boolean>>;
  /** Words of each memory of a core, by board id; of a network with dynamics, of the core of the board that comes nearest. */
  readonly resources: Readonly<Record<string, readonly ResourceUse[]>>;
  /** Why it does not fit, by board id; empty where it does. */
  readonly reasons: Readonly<Record<string, readonly Blocker[]>>;
  /** Of network files: every core configuration that could be meant, in the order in which one is chosen; of models null. */
  readonly cores: Readonly<Record<string, CoreFit>> | null;
}

/** What a network needs of a core. */
export interface CoreFit {
  readonly fits: boolean;
  /** Ids of the boards that can have the core; none if it is for simulation. */
  readonly boards: readonly string[];
  readonly resources: readonly ResourceUse[];
  readonly reasons: readonly Blocker[];
}

/** @param ops Operator by layer, in the words of the source. */
export function blockerOf(d: Diagnostic, ops: ReadonlyMap<string, string>): Blocker {
  return {
    code: d.code,
    layer: d.place?.item ?? null,
    op: ops.get(d.place?.item ?? "") ?? null,
    reason: d.message,
    found: d.found ?? null,
    wanted: d.wanted ?? null,
    hint: d.hint ?? null,
  };
}
