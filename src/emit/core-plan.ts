import type { CoreConfig } from "../arch/core-config.js";
import type { ResolvedBoard } from "../board/find.js";
import { failure } from "../support/diagnostic.js";
import { type Clocking, coreFrequency, planClocking } from "./clocking.js";
import { pinConstraints } from "./constraints.js";
import { coreParameters } from "./parameters.js";
import { type BuildPlan, planBuild } from "./plan.js";
import { boardTop, boardTopModule } from "./top.js";

/**
 * Place and route tries for this much more than the clock of the core. Its timing is that of the worst device, voltage and
 * temperature already; the rest is room for what the models do not know.
 */
const timingMargin = 10 / 9;

/** What the user may choose about the core of a board; everything else follows from the board. */
export interface CoreBuildOptions {
  /** Wanted core clock, Hz; the nearest that the PLL makes is taken. Default: of the device. */
  readonly frequencyHz?: number;
  /** UART rate. Default: of the board. */
  readonly baud?: number;
  /** Seeds that place and route may try. Default 4. */
  readonly seeds?: number;
}

/** A planned core build, with what the host needs to know about the link. */
export interface CoreBuildPlan extends BuildPlan {
  readonly clocking: Clocking;
}

/**
 * Plan the bitstream of a core on a board.
 *
 * @param verilog Sources of the core by relative path, in reading order.
 * @throws SpikewrightError `board-too-small`, `core-technology`, and those of `planClocking` and `planBuild`.
 */
export function planCore(
  target: ResolvedBoard,
  config: CoreConfig,
  verilog: ReadonlyMap<string, string>,
  options: CoreBuildOptions = {},
): CoreBuildPlan {
  const { board, device } = target;
  checkFit(target, config);
  const clocking = planClocking(
    board.clock.frequencyHz,
    options.frequencyHz ?? coreFrequency(device, config),
    options.baud ?? board.uart.baud,
  );
  const parameters = new Map([
    ...coreParameters(config),
    ["BaudDivider", String(clocking.baudDivider)],
    ["BaudFraction", String(clocking.baudFraction)],
  ]);
  const plan = planBuild({
    name: config.name,
    board: board.id,
    top: boardTopModule,
    verilog: new Map([...verilog, [`${boardTopModule}.v`, boardTop(board, clocking, parameters)]]),
    constraints: pinConstraints(board),
    device,
    targetHz: clocking.frequencyHz,
    aimHz: clocking.frequencyHz * timingMargin,
    seeds: options.seeds ?? 4,
  });
  return { ...plan, clocking };
}

function checkFit({ board, device }: ResolvedBoard, config: CoreConfig): void {
  if (device.coreConfig === null && device.family === "ice40") {
    const cells = device.resources["ICESTORM_LC"] ?? 0;
    throw failure({
      code: "board-too-small",
      message: `Cannot build the core for ${board.name}: ${device.part} has ${cells} logic cells, wanted 3,600 or more`,
      place: { item: board.id },
      found: `${cells} logic cells`,
      wanted: "3,600 logic cells",
      hint: "Choose a board with a UP5K or HX8K; list them with: spikewright boards",
    });
  }
  const spram = (device.resources["ICESTORM_SPRAM"] ?? 0) > 0;
  if (config.technology === "ice40up" && !spram) {
    throw failure({
      code: "core-technology",
      message: `Cannot build configuration "${config.name}" for ${board.name}: ${device.part} has no SPRAM, wanted a configuration for it`,
      place: { item: config.name },
      found: config.technology,
      ...(device.coreConfig === null ? {} : { wanted: device.coreConfig }),
      hint: `Use configuration ${device.coreConfig ?? "of another technology"}`,
    });
  }
}
