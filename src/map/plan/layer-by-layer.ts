import type { Unit } from "../shape/network.js";
import { sourcesOf } from "../shape/network.js";
import { integrateInto } from "./deliver.js";
import type { ListPlan, LoopPlan, Operation, PassPlan } from "./plan.js";
import type { Tile } from "./tile.js";
import { listOf, planesOf, silentPass, tilesOf, type Workshop } from "./workshop.js";

/** One emission of a unit: the divider stages that may fire in it. */
interface Round {
  readonly mask: number;
  readonly meaning: string;
}

/**
 * Plans the schedules that work layer by layer: a unit fires when its whole charge has arrived.
 *
 * graded: one round with all planes, in the same pass as the last integration; its list stays until its readers have
 * their turn. radix, unary: the state is integrated first; then each round fires, and its list is integrated by all
 * readers at once and forgotten. unary rounds are a loop.
 */
export function planLayerByLayer(workshop: Workshop): Operation[] {
  return new LayerPlanner(workshop).plan();
}

class LayerPlanner {
  readonly #workshop: Workshop;
  readonly #operations: Operation[] = [];
  /** Lists that wait for the turn of their readers. */
  readonly #resident = new Map<string, ListPlan>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  plan(): Operation[] {
    const { network } = this.#workshop;
    const input = listOf(this.#workshop, network.graph.input.name, false);
    this.#operations.push({ kind: "input", list: input });
    this.#resident.set(input.source, input);
    for (const unit of network.units) {
      if (unit.neurons?.preset === "li") this.#finishReadout(unit);
      else if (unit.neurons) this.#spiking(unit);
      else if (this.#resident.has(unit.pool!.source))
        this.#resident.set(unit.output, this.#pool(unit, this.#operations));
    }
    return this.#operations;
  }

  /** Passes that integrate the resident lists of a unit's sources. */
  #arrivals(unit: Unit): PassPlan[] {
    return sourcesOf(unit).flatMap((source) => {
      const list = this.#resident.get(source);
      return list ? integrateInto(this.#workshop, list, unit) : [];
    });
  }

  #finishReadout(unit: Unit): void {
    this.#operations.push(...this.#arrivals(unit));
    if (this.#workshop.network.graph.readout.population !== unit.name) return;
    const last = this.#operations.findLast((o) => (o.kind === "pass" ? o.unit === unit : touches(o, unit)));
    if (last?.kind === "pass") last.argmax = true;
    else this.#operations.push({ ...silentPass(this.#workshop, unit, "decide"), argmax: true });
  }

  #spiking(unit: Unit): void {
    if (this.#workshop.schedule === "graded") this.#graded(unit);
    else this.#rounds(unit);
  }

  #graded(unit: Unit): void {
    const round = { mask: 2 ** planesOf(unit.neurons!.tracerMax) - 1, meaning: "graded" };
    const arrivals = this.#arrivals(unit);
    const last = arrivals.pop();
    this.#operations.push(...arrivals);
    const tiles = tilesOf(this.#workshop, unit);
    tiles.forEach((tile, i) => {
      const list = listOf(this.#workshop, unit.output, false, tile);
      const silent = last ?? silentPass(this.#workshop, unit, round.meaning);
      this.#operations.push(firing(silent, round, tile, list));
      if (i === tiles.length - 1) this.#resident.set(unit.output, list);
      else this.#operations.push(...this.#integrateReaders(list));
    });
  }

  #rounds(unit: Unit): void {
    const { tracerMax } = unit.neurons!;
    this.#operations.push(...this.#arrivals(unit));
    if (this.#workshop.schedule === "radix") {
      this.#planes(unit, planesOf(tracerMax));
      return;
    }
    const body = this.#round(unit, { mask: 1, meaning: "spike" });
    for (const reader of new Set(body.map((pass) => pass.unit))) this.#begin(reader);
    const loop: LoopPlan = { kind: "loop", times: tracerMax, untilQuiet: false, body };
    this.#operations.push(loop);
  }

  /** One round a plane, largest first; the first is fired by the last pass that integrates, if the unit is not in tiles. */
  #planes(unit: Unit, planes: number): void {
    const rounds = Array.from({ length: planes }, (_, i): Round => {
      const k = planes - 1 - i;
      return { mask: 2 ** k, meaning: `plane ${k}` };
    });
    const last = this.#operations.findLastIndex((operation) => touches(operation, unit));
    const integration = this.#operations[last];
    const tiles = tilesOf(this.#workshop, unit);
    if (integration?.kind === "pass" && tiles.length === 1) {
      const list = listOf(this.#workshop, unit.output, false);
      this.#operations[last] = firing(integration, rounds.shift()!, tiles[0]!, list);
      this.#operations.push(...this.#integrateReaders(list));
    }
    for (const round of rounds) this.#operations.push(...this.#round(unit, round));
  }

  /** A pass that puts a unit into its initial state, unless an earlier pass has. */
  #begin(unit: Unit): void {
    if (this.#operations.some((operation) => touches(operation, unit))) return;
    this.#operations.push(silentPass(this.#workshop, unit, "begin"));
  }

  /** One round of a unit and everything that follows from it at once. */
  #round(unit: Unit, round: Round): PassPlan[] {
    return tilesOf(this.#workshop, unit).flatMap((tile) => {
      const list = listOf(this.#workshop, unit.output, false, tile);
      const fire = firing(silentPass(this.#workshop, unit, round.meaning), round, tile, list);
      return [fire, ...this.#integrateReaders(list)];
    });
  }

  /** Passes of everything that reads a list: pools pass it on, neurons integrate it. */
  #integrateReaders(list: ListPlan): PassPlan[] {
    const readers = this.#workshop.network.readers.get(list.source) ?? [];
    return readers.flatMap((unit) => {
      if (unit.neurons) return integrateInto(this.#workshop, list, unit);
      const passes: PassPlan[] = [];
      const out = this.#pool(unit, passes, list);
      return [...passes, ...this.#integrateReaders(out)];
    });
  }

  /** Passes of a pool over a list (the resident one of its source by default); returns what it emits. */
  #pool(unit: Unit, into: Operation[], list = this.#resident.get(unit.pool!.source)!): ListPlan {
    const passes = integrateInto(this.#workshop, list, unit);
    const last = passes.pop()!;
    const out = listOf(this.#workshop, unit.output, false);
    const mask = 2 ** planesOf(this.#workshop.ranges.get(list.source)!.max) - 1;
    into.push(...passes, { ...last, mask, emit: out, meaning: `pool ${list.source}` });
    return out;
  }
}

function firing(pass: PassPlan, { mask, meaning }: Round, tile: Tile, emit: ListPlan): PassPlan {
  return { ...pass, mask, meaning, emit, rows: tile.rows, groups: tile.groups };
}

function touches(operation: Operation, unit: Unit): boolean {
  if (operation.kind === "input") return false;
  return operation.kind === "pass" ? operation.unit === unit : operation.body.some((pass) => pass.unit === unit);
}
