import type { CoreConfig } from "../../arch/core-config.js";
import type { Schedule } from "../../snn/graph.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import { type Layout, layOut } from "../shape/layout.js";
import { type ListView, possibleViews } from "../shape/list-view.js";
import type { Network, Unit } from "../shape/network.js";
import { memberSynapses, projectionSynapses, type Synapses } from "../shape/synapses.js";
import { cutWindow, type PayloadRange, viewWindow, type WindowPart, windowWeights } from "../shape/walk.js";
import type { ListPlan, PassPlan, WeightPlan } from "./plan.js";
import { cutTiles, type Tile } from "./tile.js";

/** How a unit emits in its schedule: range of payloads of one emission. */
export type PayloadRanges = ReadonlyMap<string, PayloadRange>;

/** The synapses from a source into a unit, cut into walks that fit the accumulators. */
export interface Delivery {
  readonly unit: Unit;
  readonly weights: WeightPlan;
  readonly parts: readonly WindowPart[];
}

/** Into how many tiles the emission of a unit is cut, by its name; 1 when missing. */
export type Tiling = ReadonlyMap<string, number>;

/** Everything about a network and a core that plans of all schedules need. */
export interface Workshop {
  readonly network: Network;
  readonly config: CoreConfig;
  readonly schedule: Schedule;
  readonly ranges: PayloadRanges;
  readonly layouts: ReadonlyMap<Unit, Layout>;
  /** Deliveries from each source, in the order of the readers. */
  readonly deliveries: ReadonlyMap<string, readonly Delivery[]>;
  readonly views: ReadonlyMap<string, ListView>;
  readonly tiling: Tiling;
}

/** Deliveries that were made for a source seen in pixels of some size; undefined where a sum does not fit. */
export type DeliveryCache = Map<string, readonly Delivery[] | undefined>;

/** Lays out a network, chooses how its lists are cut into pixels, and makes the weights. Findings go to `faults`. */
export function openWorkshop(
  network: Network,
  config: CoreConfig,
  schedule: Schedule,
  tiling: Tiling,
  faults: Diagnostic[],
  cache: DeliveryCache,
): Workshop {
  const layouts = new Map(network.units.map((unit) => [unit, layOut(unit, config.lanes)]));
  const ranges = payloadRanges(network, schedule);
  const deliveries = new Map<string, readonly Delivery[]>();
  const views = new Map<string, ListView>();
  for (const [source, shape] of network.shapes) {
    const readers = (network.readers.get(source) ?? []).flatMap((unit) =>
      synapsesInto(unit, source, layouts.get(unit)!, network).map((synapses) => ({ unit, synapses })),
    );
    const unit = network.units.find((u) => u.output === source);
    const borders = unit ? tilesOf({ layouts, tiling }, unit).map((tile) => tile.first) : [];
    const all = readers.map((reader) => reader.synapses);
    const range = ranges.get(source)!;
    let found: readonly Delivery[] | undefined;
    for (const view of possibleViews(shape, all, borders)) {
      const key = `${view.channels} ${source}`;
      if (!cache.has(key)) cache.set(key, deliver(readers, view, layouts, config, range));
      found = cache.get(key);
      views.set(source, view);
      if (found) break;
    }
    if (!found) faults.push(accumulatorFault(source, config));
    deliveries.set(source, found ?? []);
  }
  return { network, config, schedule, ranges, layouts, deliveries, views, tiling };
}

function synapsesInto(unit: Unit, source: string, layout: Layout, network: Network): readonly Synapses[] {
  const shape = network.shapes.get(source)!;
  if (unit.neurons === undefined) return [memberSynapses(unit.pool!, layout, shape)];
  return unit.projections.filter((p) => p.source === source).map((p) => projectionSynapses(p, unit, layout, shape));
}

function deliver(
  readers: readonly { unit: Unit; synapses: Synapses }[],
  view: ListView,
  layouts: ReadonlyMap<Unit, Layout>,
  config: CoreConfig,
  range: PayloadRange,
): readonly Delivery[] | undefined {
  const found: Delivery[] = [];
  for (const { unit, synapses } of readers) {
    const layout = layouts.get(unit)!;
    const window = viewWindow(synapses, view);
    const weights = windowWeights(synapses, window, layout, config.lanes);
    const parts = cutWindow(window, weights, config.lanes, range, config.accumulatorBits);
    if (!parts) return undefined;
    found.push({ unit, weights: { synapses, window, weights }, parts });
  }
  return found;
}

/** Range of payloads in one emission of each source. */
function payloadRanges(network: Network, schedule: Schedule): PayloadRanges {
  const { input } = network.graph;
  const ranges = new Map<string, PayloadRange>([[input.name, { min: 0, max: input.max }]]);
  for (const unit of network.units) {
    const own = unit.neurons ? emission(unit.neurons.tracerMax, schedule) : ranges.get(unit.pool!.source)!;
    const cells = unit.pool?.op === "sum" ? unit.pool.window[0] * unit.pool.window[1] : 1;
    ranges.set(unit.output, { min: own.min * cells, max: own.max * cells });
  }
  return ranges;
}

function emission(tracerMax: number, schedule: Schedule): PayloadRange {
  if (schedule === "graded") return { min: 0, max: tracerMax };
  if (schedule === "radix") return { min: 0, max: 2 ** (planesOf(tracerMax) - 1) };
  return { min: schedule === "pipelined" ? -1 : 0, max: 1 };
}

/** Bits of a count `0..max`. */
export function planesOf(max: number): number {
  return 32 - Math.clz32(Math.max(1, max));
}

/** The list of a source, or of one tile of it. */
export function listOf(workshop: Workshop, source: string, signed: boolean, tile?: Tile): ListPlan {
  const [height, width, channels] = workshop.network.shapes.get(source)!;
  const { first, entries } = tile ?? { first: 0, entries: height * width * channels };
  return { source, first, entries, channels: workshop.views.get(source)!.channels, signed };
}

/** Parts of a delivery that lie in a list: all, or for a tile of a source that is walked whole, those inside. */
export function partsIn(delivery: Delivery, list: ListPlan): readonly WindowPart[] {
  const { window, synapses } = delivery.weights;
  if (!synapses.whole) return delivery.parts;
  const first = list.first / window.channels;
  const end = first + list.entries / window.channels;
  return delivery.parts.flatMap((part) => {
    const column = Math.max(part.column, first);
    const columns = Math.min(part.column + part.columns, end) - column;
    return columns > 0 ? [{ ...part, column, columns }] : [];
  });
}

/** Defaults of a pass over all visits of a unit that only integrates. */
export function silentPass(workshop: Workshop, unit: Unit, meaning: string): PassPlan {
  const layout = workshop.layouts.get(unit)!;
  return {
    kind: "pass",
    unit,
    layout,
    rows: { first: 0, count: layout.visit.rows },
    groups: { first: 0, count: layout.visit.groups },
    fresh: false,
    store: true,
    argmax: false,
    ternary: false,
    mask: 0,
    meaning,
  };
}

/** The tiles of a unit's emission. */
export function tilesOf({ layouts, tiling }: Pick<Workshop, "layouts" | "tiling">, unit: Unit): readonly Tile[] {
  return cutTiles(unit, layouts.get(unit)!, tiling.get(unit.name) ?? 1);
}

function accumulatorFault(source: string, config: CoreConfig): Diagnostic {
  return {
    code: "accumulator-overflow",
    severity: "error",
    message: `Cannot add up the input from "${source}": a single neuron of it may exceed ${config.accumulatorBits} bits`,
    place: { item: source },
    wanted: `sums within ${config.accumulatorBits} bits`,
    hint: "Use fewer bits for weights or activations, or a core with wider accumulators",
  };
}
