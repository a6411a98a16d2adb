import { stat } from "node:fs/promises";
import { type CoreConfig, coreConfigs } from "../../arch/core-config.js";
import type { Device } from "../../board/board.js";
import { findBoard } from "../../board/find.js";
import { type BoardCatalog, loadBoards } from "../../board/load.js";
import { readStart } from "../../frontend/bytes/file.js";
import type { ResourceUse } from "../../map/budget.js";
import { tryDynamicsMapping } from "../../map/dynamics/map.js";
import { tryMapping } from "../../map/map.js";
import { isNetworkFile } from "../../snn/file.js";
import type { Schedule } from "../../snn/graph.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import { coreConfigNamed } from "../core-config-named.js";
import { type AnyNetwork, isDynamics, openAnyNetwork } from "../network/any-network.js";
import { dynamicsCores, isBuildable, nearest } from "../network/dynamics-core-choice.js";
import { type Blocker, blockerOf, type CheckResult, type CoreFit } from "./check-result.js";

interface Options {
  readonly board?: string;
  readonly core?: string;
  readonly schedule?: Schedule;
}

/** Says what a network file needs of every core; undefined when the file is no network. */
export async function checkNetwork(path: string, options: Options): Promise<CheckResult | undefined> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry?.isFile() || !isNetworkFile((await readStart(path)).bytes)) return undefined;
  const network = await openAnyNetwork(path);
  const catalog = loadBoards();
  const wanted = options.board === undefined ? undefined : findBoard(catalog, options.board).board.id;
  const configs = options.core === undefined ? candidates(network) : [coreConfigNamed(options.core)];
  const tried = configs
    .map((config) => ({ config, boards: boardsOf(config, catalog), ...attempt(network, config, options.schedule) }))
    .filter(({ boards }) => wanted === undefined || boards.includes(wanted));
  const ops = new Map<string, string>();
  const fits: Record<string, boolean> = {};
  const resources: Record<string, readonly ResourceUse[]> = {};
  const reasons: Record<string, readonly Blocker[]> = {};
  for (const id of wanted === undefined ? catalog.boards.keys() : [wanted]) {
    const own = tried.filter(({ boards }) => boards.includes(id));
    const best = own.find(({ faults }) => faults.length === 0) ?? (own.length > 0 ? nearest(own) : undefined);
    const faults = best?.faults ?? [withoutCore(id, catalog, options.core)];
    fits[id] = faults.length === 0;
    resources[id] = best?.resources ?? [];
    reasons[id] = faults.map((fault) => blockerOf(fault, ops));
  }
  const cores = Object.fromEntries(
    tried.map(({ config, boards, faults, resources: uses }): [string, CoreFit] => [
      config.name,
      { fits: faults.length === 0, boards, resources: uses, reasons: faults.map((fault) => blockerOf(fault, ops)) },
    ]),
  );
  const asked =
    wanted !== undefined ? reasons[wanted]! : options.core !== undefined ? (cores[options.core]?.reasons ?? []) : [];
  return { convertible: true, blockers: asked, fits, resources, reasons, cores };
}

function candidates(network: AnyNetwork): readonly CoreConfig[] {
  return isDynamics(network) ? dynamicsCores : coreConfigs.filter(({ dynamics }) => dynamics === 0);
}

function attempt(network: AnyNetwork, config: CoreConfig, schedule: Schedule | undefined) {
  if (isDynamics(network)) return tryDynamicsMapping(network.graph, config);
  return tryMapping(network.snn, config, { schedule: schedule ?? network.schedule });
}

/** Boards whose device can have a core. */
function boardsOf(config: CoreConfig, { boards, devices }: BoardCatalog): readonly string[] {
  const canHave = ({ coreConfig }: Device) => coreConfig !== null && isBuildable(config, coreConfigNamed(coreConfig));
  return [...boards.values()].filter(({ device }) => canHave(devices.get(device)!)).map(({ id }) => id);
}

function withoutCore(id: string, { boards, devices }: BoardCatalog, core: string | undefined): Diagnostic {
  const board = boards.get(id)!;
  const device = devices.get(board.device)!;
  const what = core === undefined ? "no core configuration for this network" : `no core ${core}`;
  return {
    code: "board-too-small",
    severity: "error",
    message: `Cannot use ${board.name}: its ${device.id} has ${what}`,
    found: device.id,
    hint: `Choose another board than ${id} (spikewright boards)`,
  };
}
