import type { Layout } from "../shape/layout.js";
import type { Unit } from "../shape/network.js";
import type { Synapses } from "../shape/synapses.js";
import type { WindowPart, WindowView } from "../shape/walk.js";

/** A spike list (or one tile of it) with its pointers: what a pass writes and others read. */
export interface ListPlan {
  /** Name under which its source is read. */
  readonly source: string;
  /** Index of its first value in the whole emission, and number of values: most entries it may have. */
  readonly first: number;
  readonly entries: number;
  /** Values a pixel. */
  readonly channels: number;
  /** Payloads are sign and magnitude. */
  readonly signed: boolean;
}

/** State words of a unit. */
export interface StatePlan {
  readonly unit: Unit;
  readonly words: number;
}

/** Rows of weights that passes share. */
export interface WeightPlan {
  readonly synapses: Synapses;
  readonly window: WindowView;
  readonly weights: Int8Array;
}

/** Which of a unit's visits a pass makes: grid rows, or lane groups when it has a single position. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** One `pass` instruction with everything but addresses. */
export interface PassPlan {
  readonly kind: "pass";
  readonly unit: Unit;
  readonly layout: Layout;
  readonly rows: Range;
  readonly groups: Range;
  /** What is walked; absent for a pass that only fires. */
  readonly walk?: { readonly list: ListPlan; readonly weights: WeightPlan; readonly part: WindowPart };
  fresh: boolean;
  store: boolean;
  argmax: boolean;
  readonly ternary: boolean;
  /** Divider stages enabled. */
  readonly mask: number;
  readonly emit?: ListPlan;
  readonly meaning: string;
}

export interface InputPlan {
  readonly kind: "input";
  readonly list: ListPlan;
}

/** A body that runs `times` times, or until a whole run of it emits nothing. */
export interface LoopPlan {
  readonly kind: "loop";
  readonly times: number;
  readonly untilQuiet: boolean;
  readonly body: readonly PassPlan[];
}

/** What a core does for one sample, in order. */
export type Operation = InputPlan | PassPlan | LoopPlan;

/** The passes of a plan with the operation that each belongs to. */
export function passesOf(operations: readonly Operation[]): { readonly pass: PassPlan; readonly loop?: LoopPlan }[] {
  return operations.flatMap((operation) => {
    if (operation.kind === "pass") return [{ pass: operation }];
    return operation.kind === "loop" ? operation.body.map((pass) => ({ pass, loop: operation })) : [];
  });
}
