import { type CoreConfig, coreConfigs } from "../../arch/core-config.js";
import { type ResolvedBoard, resolveBoard } from "../../board/find.js";
import type { BoardCatalog } from "../../board/load.js";
import { coreFrequency, planClocking } from "../../emit/clocking.js";
import type { CoreClock } from "../result.js";

/**
 * The clock of a core on each board that can have it, boards with the same clock together, fastest first. It is the
 * clock that a build asks for unless told otherwise.
 *
 * @param board Only this one.
 */
export function coreClocks(catalog: BoardCatalog, config: CoreConfig, board?: ResolvedBoard): readonly CoreClock[] {
  const all = [...catalog.boards.values()].map((b) => resolveBoard(catalog, b));
  const able = board ? [board] : all.filter((target) => canHold(target, config));
  const byClock = new Map<number, string[]>();
  for (const { board: b, device } of able) {
    const { frequencyHz } = planClocking(b.clock.frequencyHz, coreFrequency(device, config), b.uart.baud);
    byClock.set(frequencyHz, [...(byClock.get(frequencyHz) ?? []), b.id]);
  }
  return [...byClock].sort(([a], [b]) => b - a).map(([coreHz, boards]) => ({ coreHz, boards }));
}

/** Whether the core of the board's device is built in the same technology. */
function canHold({ device }: ResolvedBoard, { technology }: CoreConfig): boolean {
  return coreConfigs.some((core) => core.name === device.coreConfig && core.technology === technology);
}
