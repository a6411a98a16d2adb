import type { LedgerLine, LedgerOutcome } from "../ledger.js";
import type { FoldedLayer, FoldedPool, Staircase, TrainedInput } from "./folded.js";
import type { Core, LayerCore, PendingCore, Value } from "./value.js";
import { withCores } from "./value.js";

/** Every real number: a layer without activation, whose values may have either sign. */
export const open: Staircase = { kind: "clip", min: -Infinity, max: Infinity };

/** Collects the layers and ledger lines of one conversion. */
export class Builder {
  readonly layers: FoldedLayer[] = [];
  /** Set once a quantiser became that of the input. */
  trainedInput: TrainedInput | undefined;
  /** Levels of trained quantisers are counted from 0 where they go below it. */
  readonly liftsLevels: boolean;
  private readonly lines = new Map<string, LedgerLine>();
  private readonly names = new Set<string>();
  private readonly made = new Map<PendingCore, Map<string, LayerCore>>();

  constructor(inputName: string, liftsLevels: boolean) {
    this.liftsLevels = liftsLevels;
    this.names.add(inputName);
  }

  /** Writes or replaces the ledger line of a source layer. */
  note(node: { readonly name: string; readonly sourceOp: string }, outcome: LedgerOutcome, note: string): void {
    this.lines.set(node.name, { layer: node.name, op: node.sourceOp, outcome, note });
  }

  get ledger(): readonly LedgerLine[] {
    return [...this.lines.values()];
  }

  /** `name`, or with a number behind it when a layer has that name already. */
  private uniqueName(name: string): string {
    let unique = name;
    for (let i = 2; this.names.has(unique); i++) unique = `${name}:${i}`;
    this.names.add(unique);
    return unique;
  }

  emitPool(layer: FoldedPool, nonNegative: boolean): LayerCore {
    const name = this.uniqueName(layer.name);
    this.layers.push({ ...layer, name });
    return { kind: "layer", name, shape: layer.shape, nonNegative };
  }

  /** Gives a sum its staircase: emits the layer, and the maximum pool behind it if there is one. */
  materialise(core: PendingCore, staircase: Staircase): LayerCore {
    const key = keyOf(staircase);
    const known = this.made.get(core) ?? new Map<string, LayerCore>();
    this.made.set(core, known);
    const layer = known.get(key) ?? this.emitNeurons(core, staircase);
    known.set(key, layer);
    return layer;
  }

  private emitNeurons(core: PendingCore, staircase: Staircase): LayerCore {
    if (core.watch === undefined) throw new Error(`sum of "${core.name}" has no value to watch`);
    const name = this.uniqueName(core.name);
    const shape = core.pool?.inner ?? core.shape;
    this.layers.push({
      kind: "neurons",
      name,
      shape,
      terms: core.terms,
      bias: core.bias,
      staircase,
      watch: core.watch,
    });
    const nonNegative =
      (staircase.kind !== "none" && staircase.min >= 0) || isNonNegative(core, this.nonNegativeNames());
    if (staircase === open && !nonNegative) this.noteSigned(core.name);
    const layer: LayerCore = { kind: "layer", name, shape, nonNegative };
    return core.pool === undefined ? layer : this.emitPool({ ...core.pool.layer, from: name, gain: 1 }, nonNegative);
  }

  private noteSigned(layer: string): void {
    const line = this.lines.get(layer);
    if (line === undefined) return;
    const note = "no activation behind it: its values are rounded to signed levels";
    this.lines.set(layer, { ...line, outcome: "approximated", note });
  }

  private nonNegativeNames(): ReadonlySet<string> {
    return new Set(
      this.layers.flatMap((layer) =>
        layer.kind === "neurons" && layer.staircase.kind !== "none" && layer.staircase.min >= 0 ? [layer.name] : [],
      ),
    );
  }

  /** The value with every sum made a layer, except those that are a mere gain and offset of a layer. */
  settle(value: Value): Value {
    return withCores(value, (core) =>
      core.kind === "pending" && core.affine === undefined ? this.materialise(core, open) : core,
    );
  }

  /** The value with every sum made a layer. */
  settleAll(value: Value): Value {
    return withCores(value, (core: Core) => (core.kind === "pending" ? this.materialise(core, open) : core));
  }
}

/** Staircases of one key are the same. */
function keyOf(staircase: Staircase): string {
  if (staircase.kind === "none") return "none";
  const own = staircase.kind === "levels" ? [staircase.unit, ...staircase.thresholds, ...staircase.atEquality] : [];
  return [staircase.kind, staircase.min, staircase.max, ...own].join();
}

function isNonNegative(core: PendingCore, names: ReadonlySet<string>): boolean {
  return (
    core.bias.every((b) => b >= 0) &&
    core.terms.every((term) => names.has(term.from) && term.weights.every((w) => w >= 0))
  );
}
