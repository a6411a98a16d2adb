import { type CoreConfig, coreConfigs } from "../../arch/core-config.js";
import { findBoard, type ResolvedBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { type CoreBuildPlan, planCore } from "../../emit/core-plan.js";
import { mapNetwork } from "../../map/map.js";
import { failure } from "../../support/diagnostic.js";
import { build as runBuild, writeSources } from "../../toolchain/build.js";
import type { CellUse } from "../../toolchain/flow/place-report.js";
import type { ToolchainKind } from "../../toolchain/tool.js";
import type { VerbContext } from "../context.js";
import { openNetwork } from "../network/read-network.js";
import { coreSources } from "./core-sources.js";

export interface BuildCoreOptions {
  readonly board: string;
  /** Network file that must fit the core; the build does not depend on it otherwise. */
  readonly network?: string;
  /** Folder that receives Verilog, constraints, bitstream, logs and manifest. */
  readonly output: string;
  /** Core configuration by name; default: the one that the board's device gets. */
  readonly core?: string;
  readonly toolchain?: ToolchainKind;
  /** Wanted core clock, Hz. */
  readonly frequencyHz?: number;
  readonly baud?: number;
  /** Seeds that place and route may try. */
  readonly seeds?: number;
  /** What one run of a tool may take, seconds; a seed that takes longer is given up. Default 1800. */
  readonly timeLimitSeconds?: number;
  readonly until?: "verilog" | "bitstream";
}

export interface BuildCoreResult {
  readonly board: string;
  readonly core: string;
  /** Path of the bitstream, or null with `until: "verilog"`. */
  readonly bitstream: string | null;
  readonly toolchain: Readonly<Record<string, { readonly kind: string; readonly version: string }>>;
  readonly resources: Readonly<Record<string, CellUse>>;
  readonly fmaxHz: number | null;
  readonly targetHz: number;
  readonly seconds: number;
  readonly manifest: string | null;
  /** The folder held this very build already. */
  readonly unchanged: boolean;
  readonly files: readonly string[];
}

/**
 * Builds the core of a board. The core does not depend on the network: one bitstream runs every network that fits.
 *
 * @throws `board-unknown`, `board-too-small`, `core-unknown`, those of `openNetwork` and `mapNetwork` for a network that
 * does not fit, and the codes of the tools.
 */
export async function buildCore(options: BuildCoreOptions, context: VerbContext = {}): Promise<BuildCoreResult> {
  const { target, config, plan } = planBoardCore(options);
  if (options.network !== undefined) {
    const { snn, schedule } = await openNetwork(options.network);
    mapNetwork(snn, config, { schedule });
    context.note?.(`"${options.network}" fits core ${config.name}; load it once the board is configured`);
  }
  const common = { board: target.board.id, core: config.name, targetHz: plan.targetHz };
  if (options.until === "verilog") {
    const start = Date.now();
    const files = await writeSources(plan, options.output);
    const nothing = { bitstream: null, toolchain: {}, resources: {}, fmaxHz: null, manifest: null, unchanged: false };
    return { ...common, ...nothing, seconds: (Date.now() - start) / 1000, files };
  }
  const result = await runBuild(plan, options.output, {
    kind: options.toolchain ?? "auto",
    ...(options.timeLimitSeconds === undefined ? {} : { timeLimitMs: 1000 * options.timeLimitSeconds }),
    ...(context.progress ? { onProgress: context.progress } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
  });
  const { bitstream, toolchain, resources, fmaxHz, seconds, manifest, unchanged } = result;
  return {
    ...common,
    bitstream,
    toolchain,
    resources,
    fmaxHz,
    seconds,
    manifest,
    unchanged,
    files: [...plan.files.keys()],
  };
}

/** The build plan of a board's core. @throws `board-unknown`, `board-too-small`, `core-unknown`, those of `planCore` */
export function planBoardCore(options: Omit<BuildCoreOptions, "output">): {
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

/** @throws code `core-unknown` */
export function coreConfigNamed(name: string): CoreConfig {
  const config = coreConfigs.find((c) => c.name === name);
  if (config) return config;
  const names = coreConfigs.map((c) => c.name).join(", ");
  throw failure({
    code: "core-unknown",
    message: `Cannot find core configuration "${name}": wanted one of ${names}`,
    found: name,
    wanted: names,
    hint: `Choose one of ${names}`,
  });
}
