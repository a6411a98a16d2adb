import type { CoreConfig } from "../../arch/core-config.js";
import type { Schedule } from "../../snn/graph.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import { type Allocation, allocate } from "../allocate.js";
import type { Network, Unit } from "../shape/network.js";
import { settleState } from "./deliver.js";
import { planLayerByLayer } from "./layer-by-layer.js";
import { type Lifetimes, lifetimesOf } from "./lifetimes.js";
import { planPipelined, type Stop } from "./pipelined.js";
import { type ListPlan, type Operation, passesOf, type WeightPlan } from "./plan.js";
import { mostTiles } from "./tile.js";
import { type DeliveryCache, openWorkshop, type Tiling, type Workshop } from "./workshop.js";

/** A plan with an address for everything it uses. Addresses may lie beyond the memories: that is for the budget to say. */
export interface Blueprint {
  readonly workshop: Workshop;
  readonly operations: readonly Operation[];
  readonly lifetimes: Lifetimes;
  readonly lists: Allocation<ListPlan>;
  readonly pointers: Allocation<ListPlan>;
  readonly states: Allocation<Unit>;
  readonly weights: Allocation<WeightPlan>;
  readonly parameters: Allocation<Unit>;
}

/**
 * Plans a network on a core. While spike lists or pointers do not fit, the largest emission that can be cut is made in
 * more tiles.
 */
export function drawBlueprint(
  network: Network,
  config: CoreConfig,
  schedule: Schedule,
  stop: Stop,
  faults: Diagnostic[],
): Blueprint {
  let tiling: Tiling = new Map();
  const cache: DeliveryCache = new Map();
  for (;;) {
    const found: Diagnostic[] = [];
    const blueprint = draw(network, config, schedule, stop, tiling, found, cache);
    const fits = blueprint.lists.used <= config.listDepth && blueprint.pointers.used <= config.pointerDepth;
    const next = fits ? undefined : cutFurther(blueprint);
    if (next) tiling = next;
    else {
      faults.push(...found);
      return blueprint;
    }
  }
}

function draw(
  network: Network,
  config: CoreConfig,
  schedule: Schedule,
  stop: Stop,
  tiling: Tiling,
  faults: Diagnostic[],
  cache: DeliveryCache,
): Blueprint {
  const workshop = openWorkshop(network, config, schedule, tiling, faults, cache);
  const operations = schedule === "pipelined" ? planPipelined(workshop, stop) : planLayerByLayer(workshop);
  const passes = passesOf(operations);
  for (const unit of network.units) {
    const own = passes.filter(({ pass }) => pass.unit === unit);
    settleState(own, unit.name === network.graph.readout.population);
  }
  const lifetimes = lifetimesOf(operations, network);
  const weights = [...new Set(passes.flatMap(({ pass }) => pass.walk?.weights ?? []))];
  return {
    workshop,
    operations,
    lifetimes,
    lists: allocate(lifetimes.lists),
    pointers: allocate(lifetimes.pointers),
    states: allocate(lifetimes.states),
    weights: inSequence(weights, (plan) => plan.weights.length / config.lanes),
    parameters: inSequence(network.units, (unit) => workshop.layouts.get(unit)!.channels),
  };
}

/** Blocks that live for ever, one after the other. */
function inSequence<T>(blocks: readonly T[], words: (block: T) => number): Allocation<T> {
  const addresses = new Map<T, number>();
  let used = 0;
  for (const block of blocks) {
    addresses.set(block, used);
    used += words(block);
  }
  return { addresses, used };
}

/** Tiling with one more cut, in the largest list among those that can be cut; undefined when none can. */
function cutFurther({ workshop, lists, lifetimes }: Blueprint): Tiling | undefined {
  const { network, layouts, tiling, deliveries } = workshop;
  const sizes = new Map<string, number>();
  for (const list of lists.addresses.keys())
    sizes.set(list.source, Math.max(sizes.get(list.source) ?? 0, lifetimes.lists.get(list)!.words));
  const cuttable = network.units.filter((unit) => {
    const readers = deliveries.get(unit.output) ?? [];
    const ready = unit.neurons?.preset === "st-bif" && readers.every((reader) => reader.unit.neurons);
    const byGroups = unit.shape[0] === 1;
    if (!ready || (byGroups && readers.some((reader) => !reader.weights.synapses.whole))) return false;
    return (tiling.get(unit.name) ?? 1) < mostTiles(unit, layouts.get(unit)!);
  });
  const largest = cuttable.reduce<Unit | undefined>(
    (best, unit) => (best && sizes.get(best.output)! >= (sizes.get(unit.output) ?? 0) ? best : unit),
    undefined,
  );
  return largest && new Map([...tiling, [largest.name, (tiling.get(largest.name) ?? 1) + 1]]);
}
