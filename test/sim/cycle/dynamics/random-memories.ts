import type { CoreConfig } from "../../../../src/arch/core-config.js";
import { synapseRowHalves } from "../../../../src/arch/dynamics/scatter.js";
import { parameterWord, stateWord } from "../../../../src/arch/dynamics/words.js";
import { writeRowHalves } from "../../../../src/program/pass/synapse-lists.js";
import { seededRandom } from "../../../../src/support/random.js";
import type { CoreRun } from "./core-run.js";

/** Where a population's spike list lies: list and pointers are shared out between three of them. */
export interface Region {
  readonly list: number;
  readonly listWords: number;
  readonly pointer: number;
  readonly pointerWords: number;
  pixels: number;
}

/** The three regions of a core, not filled yet. */
export function regionsOf(config: CoreConfig): readonly Region[] {
  const listWords = Math.floor(config.listDepth / 3);
  const pointerWords = Math.floor(config.pointerDepth / 3);
  return [0, 1, 2].map((i) => ({
    list: i * listWords,
    listWords,
    pointer: i * pointerWords,
    pointerWords,
    pixels: 0,
  }));
}

/** Random contents of every memory but the program; fills the regions with spike lists. */
export function randomMemories(
  config: CoreConfig,
  seed: number,
  regions: readonly Region[],
): Omit<CoreRun, "words" | "levels" | "config"> {
  const random = seededRandom(seed);
  const integer = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const rarely = () => integer(0, 7) === 0;
  const potential = () => (rarely() ? integer(-32768, 32767) : rarely() ? integer(-1, 1) : integer(-200, 200));
  const half = 2 ** (config.weightBits - 1);
  const busy = integer(0, 1) === 0;
  const wild = rarely();
  const bits = () => integer(0, 2 ** 32 - 1);
  const parameters = Array.from({ length: config.parameterDepth }, () =>
    wild
      ? ([bits(), bits()] as const)
      : parameterWord({
          vThreshold: rarely() ? integer(0, 65535) : integer(0, 60),
          bias: rarely() ? integer(-32768, 32767) : integer(-30, 30),
          vReset: potential(),
          leak: rarely() ? integer(0, 4095) : [0, 256, 512, 1024, 2048][integer(0, 4)]!,
          refractory: rarely() ? integer(0, 15) : integer(0, 2),
        }),
  );
  const state = Array.from({ length: config.stateDepth }, () =>
    wild
      ? ([bits(), bits()] as const)
      : stateWord({
          v: potential(),
          j: potential(),
          adaptation: rarely() ? integer(0, 2047) : integer(0, 20),
          refractory: rarely() ? integer(0, 15) : Math.max(0, integer(-3, 2)),
          fired: integer(0, 1),
          preTrace: busy ? integer(0, 255) : integer(0, 2),
          postTrace: busy ? integer(0, 255) : integer(0, 2),
        }),
  );
  const weights = Array.from({ length: config.weightDepth * config.lanes }, () =>
    rarely() ? -half : integer(-half, half - 1),
  );
  if (config.scatter) scatterRows(config, weights, integer);
  const list = Array.from({ length: config.listDepth }, () => [0, 0] as readonly [number, number]);
  const pointers = new Array<number>(config.pointerDepth).fill(0);
  for (const region of regions) {
    region.pixels = integer(1, region.pointerWords - 1);
    const channels = integer(1, Math.max(1, Math.floor(region.listWords / region.pixels)));
    const density = integer(0, 100);
    let at = region.list;
    for (let pixel = 0; pixel < region.pixels; pixel++) {
      pointers[region.pointer + pixel] = at;
      for (let c = 0; c < channels && at < region.list + region.listWords; c++) {
        if (integer(0, 99) >= density) continue;
        list[at++] = [integer(0, 2) === 0 ? integer(1, 255) : 1, (pixel * channels + c) % 2 ** config.indexBits];
      }
    }
    pointers[region.pointer + region.pixels] = at;
  }
  return { parameters, state, weights, list, pointers };
}

/** Makes every row the beginning of a list: some of them end at once, the others go on in a row further down. */
function scatterRows(config: CoreConfig, weights: number[], integer: (low: number, high: number) => number): void {
  const rows = { weights: Int8Array.from(weights), stride: config.lanes, config };
  const few = integer(0, 1) === 0;
  const { weightDepth } = config;
  const reached = new Set<number>();
  for (let row = 0; row < weightDepth; row++) {
    const goesOn = row + 1 < weightDepth && integer(0, 2) > 0;
    const synapses = Array.from({ length: goesOn ? 2 : integer(reached.has(row) ? 1 : 0, 2) }, () => ({
      target: few ? integer(0, 3) : integer(0, 65535),
      weight: integer(0, 7) ? integer(-20, 20) : integer(-128, 127),
    }));
    const next = integer(row + 1, Math.min(row + 40, weightDepth - 1));
    if (goesOn) reached.add(next);
    writeRowHalves(rows, row, synapseRowHalves(goesOn ? { synapses, next } : { synapses }));
  }
  weights.splice(0, weights.length, ...rows.weights);
}
