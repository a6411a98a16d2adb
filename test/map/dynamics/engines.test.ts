import { afterEach, describe, expect, it } from "vitest";
import { genericStdpW8 } from "../../../src/arch/core-config.js";
import { compareSamples } from "../../../src/arch/difference.js";
import { connect } from "../../../src/runtime/connect.js";
import type { BoardDevice } from "../../../src/runtime/device.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { DynamicsDevice } from "../../../src/sim/dynamics/device.js";
import { CycleLinkEngine } from "../../../src/sim/virtual/link-engine.js";
import { virtualTransport } from "../../../src/sim/virtual/virtual-transport.js";
import { randomSample } from "../../random/dynamics-network.js";
import { mappedNetworks } from "./mapped-networks.js";

const config = genericStdpW8;

let board: BoardDevice | undefined;
afterEach(async () => {
  await board?.close();
  board = undefined;
});

describe("engines of networks with dynamics", () => {
  it("give equal results as devices: reference, simulated core, simulated board behind its link", async () => {
    board = await connect(virtualTransport("virtual", new CycleLinkEngine(config)));
    for (const [graph, { program }] of mappedNetworks(0, 12, config)) {
      const reference = new DynamicsDevice({ lanes: config.lanes });
      const core = new CycleDevice(config);
      await reference.load(graph);
      await core.load(program);
      await board.load(program, { force: true });
      const order = graph.populations.map(({ name }) => name);
      for (let sample = 0; sample < 4; sample++) {
        const values = randomSample(graph, sample);
        const wanted = reference.runNow(values, { watch: true });
        const found = core.runNow(values, { watch: true });
        expect(compareSamples(wanted, found, order).first).toBeUndefined();
        expect(compareSamples(wanted, found, order).neuronsCompared).toBeGreaterThan(0);
        const { populations: _, ...results } = found;
        expect(await board.run(values)).toEqual(results);
        expect(results.potentials).toEqual(wanted.potentials);
      }
    }
  });
});
