import { planSchedule } from "../../snn/schedule.js";
import { sourcesOf, type Unit } from "../shape/network.js";
import { integrateInto } from "./deliver.js";
import type { ListPlan, Operation, PassPlan } from "./plan.js";
import { listOf, planesOf, silentPass, tilesOf, type Workshop } from "./workshop.js";

/** When the steps of the pipelined schedule end. */
export type Stop = "bound" | "quiet";

/**
 * Plans the pipelined schedule: every unit in every step, with spikes of both signs. The first step takes in the input
 * and stands by itself; the others are a loop up to the proven number of steps, or until a step is silent.
 */
export function planPipelined(workshop: Workshop, stop: Stop): Operation[] {
  const { network } = workshop;
  const input = listOf(workshop, network.graph.input.name, false);
  const steps = planSchedule(network.graph, "pipelined").steps;
  const operations: Operation[] = [{ kind: "input", list: input }, ...planStep(workshop, input)];
  if (steps > 1)
    operations.push({ kind: "loop", times: steps - 1, untilQuiet: stop === "quiet", body: planStep(workshop) });
  const readout = network.units.find((unit) => unit.name === network.graph.readout.population)!;
  operations.push({ ...silentPass(workshop, readout, "decide"), argmax: true });
  return operations;
}

/** The passes of one step; `input` is there in the first one only. */
function planStep(workshop: Workshop, input?: ListPlan): PassPlan[] {
  const lists = new Map<string, ListPlan>(input ? [[input.source, input]] : []);
  const passes: PassPlan[] = [];
  for (const unit of workshop.network.units) {
    const arrivals = sourcesOf(unit).flatMap((source) => {
      const list = lists.get(source);
      return list ? integrateInto(workshop, list, unit) : [];
    });
    const last = arrivals.pop();
    passes.push(...arrivals);
    if (unit.neurons?.preset === "li") {
      if (last) passes.push(last);
      else if (input) passes.push(silentPass(workshop, unit, "begin"));
    } else if (unit.neurons) {
      passes.push(...fireTiles(workshop, unit, last ?? silentPass(workshop, unit, "step"), lists));
    } else if (last) {
      const graded = input !== undefined && lists.get(unit.pool!.source)!.signed === false;
      const list = listOf(workshop, unit.output, !graded);
      const mask = graded ? 2 ** planesOf(workshop.ranges.get(unit.pool!.source)!.max) - 1 : 1;
      passes.push({ ...last, mask, ternary: !graded, emit: list, meaning: `pool ${unit.pool!.source}` });
      lists.set(unit.output, list);
    }
  }
  return passes;
}

/** Fires a unit, tile by tile; the list of the last tile is left to its readers. */
function fireTiles(workshop: Workshop, unit: Unit, pass: PassPlan, lists: Map<string, ListPlan>): PassPlan[] {
  const tiles = tilesOf(workshop, unit);
  return tiles.flatMap((tile, i) => {
    const list = listOf(workshop, unit.output, true, tile);
    const fire: PassPlan = {
      ...pass,
      mask: 1,
      ternary: true,
      emit: list,
      rows: tile.rows,
      groups: tile.groups,
      meaning: "step",
    };
    if (i === tiles.length - 1) {
      lists.set(unit.output, list);
      return [fire];
    }
    const readers = workshop.network.readers.get(unit.output) ?? [];
    return [fire, ...readers.flatMap((reader) => integrateInto(workshop, list, reader))];
  });
}
