import { mapNetwork } from "../../map/map.js";
import { build as runBuild, writeSources } from "../../toolchain/build.js";
import type { CellUse } from "../../toolchain/flow/place-report.js";
import type { ToolchainKind } from "../../toolchain/tool.js";
import type { VerbContext } from "../context.js";
import { isDynamics, openAnyNetwork } from "../network/any-network.js";
import { mapDynamicsToChosenCore } from "../network/dynamics-core-choice.js";
import { planBoardCore } from "./board-core.js";

export interface BuildCoreOptions {
  readonly board: string;
  /** Network file that must fit the core; the build does not depend on it otherwise. */
  readonly network?: string;
  /** Folder that receives Verilog, constraints, bitstream, logs and manifest. */
  readonly output: string;
  /**
   * Core configuration by name; default: the one that the board's device gets, or for a network with dynamics the first of the
   * board that holds it.
   */
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
  const network = options.network === undefined ? undefined : await openAnyNetwork(options.network);
  const core =
    network && isDynamics(network) ? mapDynamicsToChosenCore(network.graph, options).config.name : options.core;
  const { target, config, plan } = planBoardCore({ ...options, ...(core !== undefined && { core }) });
  if (network) {
    if (!isDynamics(network)) mapNetwork(network.snn, config, { schedule: network.schedule });
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
