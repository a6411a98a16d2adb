import { type CoreConfig, coreConfigs } from "../../arch/core-config.js";
import { findBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { fits, type MapOptions, type Mapping, mapNetwork } from "../../map/map.js";
import { smallestConfig } from "../../map/smallest-config.js";
import type { SnnGraph } from "../../snn/graph.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { coreConfigNamed } from "../core-config-named.js";

export interface CoreChoice {
  /** Board whose core is meant. */
  readonly board?: string;
  /** Core configuration by name; before `board`. */
  readonly core?: string;
}

/** The core configuration that a board's device gets. @throws `board-unknown`, `board-too-small` */
export function coreOfBoard(name: string): CoreConfig {
  const { board, device } = findBoard(loadBoards(), name);
  if (device.coreConfig !== null) return coreConfigNamed(device.coreConfig);
  throw failure({
    code: "board-too-small",
    message: `Cannot use ${board.name}: its ${device.id} has no core configuration`,
    place: { item: board.id },
    found: device.id,
    wanted: "a device with a core configuration",
    hint: "Choose another board (spikewright boards)",
  });
}

/**
 * Maps a network to the core that was named; without a name to the first real one that it fits, else to a virtual one
 * that is just large enough (and says so).
 */
export function mapToChosenCore(
  graph: SnnGraph,
  choice: CoreChoice,
  options: MapOptions,
  context: VerbContext,
): { readonly mapping: Mapping; readonly config: CoreConfig } {
  const named = choice.core ? coreConfigNamed(choice.core) : choice.board ? coreOfBoard(choice.board) : undefined;
  if (named) return { mapping: mapNetwork(graph, named, options), config: named };
  const real = coreConfigs.find((config) => config.dynamics === 0 && fits(graph, config, options).length === 0);
  if (real) return { mapping: mapNetwork(graph, real, options), config: real };
  const { config, ...mapping } = smallestConfig(graph, options);
  context.note?.(
    `no real core holds "${graph.name}" with schedule ${options.schedule ?? "graded"}: taking a virtual core with ${describe(config)}`,
  );
  return { mapping, config };
}

function describe(config: CoreConfig): string {
  return `${config.lanes} lanes of ${config.weightBits} bits, ${config.weightDepth} rows of weights, ${config.stateDepth} state words, ${config.listDepth} list entries`;
}
