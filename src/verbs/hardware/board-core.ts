import type { CoreConfig } from "../../arch/core-config.js";
import { findBoard, type ResolvedBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { type CoreBuildPlan, planCore } from "../../emit/core-plan.js";
import { failure } from "../../support/diagnostic.js";
import { coreConfigNamed } from "../core-config-named.js";
import { coreSources } from "./core-sources.js";

export interface BoardCoreOptions {
  readonly board: string;
  readonly core?: string;
  readonly frequencyHz?: number;
  readonly baud?: number;
  readonly seeds?: number;
}

/** The build plan of a board's core. @throws `board-unknown`, `board-too-small`, `core-unknown`, those of `planCore` */
export function planBoardCore(options: BoardCoreOptions): {
  readonly target: ResolvedBoard;
  readonly config: CoreConfig;
  readonly plan: CoreBuildPlan;
} {
  const target = findBoard(loadBoards(), options.board);
  const name = options.core ?? target.device.coreConfig;
  const config = name === null ? undefined : coreConfigNamed(name);
  if (!config) {
    throw failure({
      code: "board-too-small",
      message: `Cannot build a core for ${target.board.name}: its ${target.device.id} is too small for any core configuration`,
      place: { item: target.board.id },
      found: target.device.id,
      wanted: "a device with a core configuration, e.g. ice40up5k",
      hint: "Choose a board with an iCE40 UP5K or HX8K (spikewright boards)",
    });
  }
  const plan = planCore(target, config, coreSources(config.technology, ["core", "link"]), {
    ...(options.frequencyHz === undefined ? {} : { frequencyHz: options.frequencyHz }),
    ...(options.baud === undefined ? {} : { baud: options.baud }),
    ...(options.seeds === undefined ? {} : { seeds: options.seeds }),
  });
  return { target, config, plan };
}
