import { mapDynamics } from "../../map/dynamics/map.js";
import { mapNetwork } from "../../map/map.js";
import type { Program } from "../../program/program.js";
import type { BoardDevice } from "../../runtime/device.js";
import type { Schedule } from "../../snn/graph.js";
import type { VerbContext } from "../context.js";
import { type AnyNetwork, isDynamics, openAnyNetwork, scheduleOf } from "../network/any-network.js";
import { openBoard, type PortOptions } from "./open-board.js";

export interface LoadOptions extends PortOptions {
  readonly schedule?: Schedule;
  /** Write even if the core holds the network already. */
  readonly force?: boolean;
}

export interface LoadResult {
  readonly port: string;
  /** Core configuration that answered. */
  readonly core: string;
  readonly schedule: Schedule | "step";
  readonly weightRows: number;
  readonly seconds: number;
  readonly linkErrors: number;
  readonly retries: number;
}

/** Maps a network to the core behind a port and loads it; every memory is compared by checksum. */
export async function load(path: string, options: LoadOptions, context: VerbContext = {}): Promise<LoadResult> {
  const network = await openAnyNetwork(path);
  const device = await openBoard(options);
  try {
    const start = performance.now();
    const schedule = scheduleOf(network, options.schedule);
    const program = await loadInto(device, network, schedule, context, options.force === true);
    const { linkErrors, retries } = device.statistics;
    return {
      port: options.port,
      core: device.link.config.name,
      schedule,
      weightRows: program.weights.length / program.needs.lanes,
      seconds: (performance.now() - start) / 1000,
      linkErrors,
      retries,
    };
  } finally {
    await device.close();
  }
}

/** Maps a network to the core that answers and loads it, unless the core holds it already. */
export async function loadInto(
  device: BoardDevice,
  network: AnyNetwork,
  schedule: Schedule | "step",
  context: VerbContext,
  force = false,
): Promise<Program> {
  const { config } = device.link;
  const { program } = isDynamics(network)
    ? mapDynamics(network.graph, config)
    : mapNetwork(network.snn, config, schedule === "step" ? {} : { schedule });
  // what a network with dynamics has learned is not in its hash
  await device.load(program, {
    force: force || isDynamics(network),
    ...(context.progress ? { onProgress: context.progress } : {}),
  });
  return program;
}
