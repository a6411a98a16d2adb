import { type CoreConfig, coreConfigs, simulatedOnly } from "../../arch/core-config.js";
import { type DynamicsAttempt, type DynamicsMapping, tryDynamicsMapping } from "../../map/dynamics/map.js";
import type { DynamicsGraph } from "../../snn/dynamics/graph.js";
import { SpikewrightError } from "../../support/diagnostic.js";
import { coreConfigNamed } from "../core-config-named.js";
import { type CoreChoice, coreOfBoard } from "./core-choice.js";

/** Cores with dynamics in the order in which they are tried: those with the fewest bits of weights first. */
export const dynamicsCores: readonly CoreConfig[] = coreConfigs
  .filter(({ dynamics }) => dynamics === 1)
  .sort((a, b) => a.weightBits - b.weightBits);

/** Those that a board can have: made for the technology of its own core, and not larger than its device. */
export function isBuildable(config: CoreConfig, own: CoreConfig): boolean {
  return config.technology === own.technology && !simulatedOnly.includes(config.name);
}

/** Findings about memories that are too small, and nothing else. */
const sizes: ReadonlySet<string> = new Set([
  "does-not-fit",
  "source-layout",
  "geometry-too-large",
  "sample-too-long",
  "current-overflow",
]);

/**
 * Maps a network with dynamics to the core that was named; without a name to the first that it fits, of those that the board can
 * have if one was named.
 *
 * @throws SpikewrightError as `mapDynamics`, `coreOfBoard` and `coreConfigNamed`; when it fits none, for the one that lacks the least: a core that could run it if it
 *   were larger comes first.
 */
export function mapDynamicsToChosenCore(
  graph: DynamicsGraph,
  choice: CoreChoice,
): { readonly mapping: DynamicsMapping; readonly config: CoreConfig } {
  const attempts: DynamicsAttempt[] = [];
  for (const config of candidates(choice)) {
    const attempt = tryDynamicsMapping(graph, config);
    if (attempt.mapping) return { mapping: attempt.mapping, config };
    attempts.push(attempt);
  }
  throw new SpikewrightError(nearest(attempts).faults);
}

/** The attempt that only wants larger memories, if there is one; then the one with the fewest findings. */
export function nearest<Attempt extends Pick<DynamicsAttempt, "faults">>(attempts: readonly Attempt[]): Attempt {
  const others = ({ faults }: Attempt) => faults.filter(({ code }) => !sizes.has(code)).length;
  return attempts.reduce((best, one) => {
    const difference = others(one) - others(best) || one.faults.length - best.faults.length;
    return difference < 0 ? one : best;
  });
}

function candidates({ core, board }: CoreChoice): readonly CoreConfig[] {
  if (core !== undefined) return [coreConfigNamed(core)];
  if (board === undefined) return dynamicsCores;
  const own = coreOfBoard(board);
  return dynamicsCores.filter((config) => isBuildable(config, own));
}
