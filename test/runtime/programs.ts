import { type CoreConfig, up5kW4 } from "../../src/arch/core-config.js";
import { mapNetwork } from "../../src/map/map.js";
import { type Program, shapeSize } from "../../src/program/program.js";
import { convertToSpiking } from "../../src/snn/convert.js";
import { seededRandom } from "../../src/support/random.js";
import { randomNetwork } from "../random/quant-network.js";

/** A program of a random network for the UP5K. */
export function randomProgram(seed: number, spatial = false, config: CoreConfig = up5kW4): Program {
  const graph = randomNetwork(seed, { depth: 3, activationBits: 4, weightBits: 4, signed: false, spatial });
  return mapNetwork(convertToSpiking(graph), config, { schedule: "graded" }).program;
}

/** Random input levels of a program. */
export function randomSamples(program: Program, count: number, seed = 1): Uint8Array[] {
  const random = seededRandom(seed);
  const size = shapeSize(program.input.shape);
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: size }, () => Math.floor(random() * (program.input.max + 1))),
  );
}
