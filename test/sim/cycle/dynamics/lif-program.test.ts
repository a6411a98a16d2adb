import { expect, it } from "vitest";
import { CycleDevice } from "../../../../src/sim/cycle/device.js";
import { lifLevels, lifProgram } from "./lif-program.js";
import { smallCores } from "./small-cores.js";

it("samples of the small network spike, learn, and tell the state of its populations", () => {
  const config = smallCores[1]!;
  const device = new CycleDevice(config);
  const program = lifProgram(config, 1);
  device.loadNow(program);
  const before = device.core.memories.kernel.weights.slice();
  const results = [1, 2, 3].map((seed) => device.runNow(lifLevels(seed), { watch: true }));
  expect(device.core.memories.kernel.weights).not.toEqual(before);
  for (const { spikes, cycles, potentials, populations } of results) {
    expect(spikes).toBeGreaterThan(3);
    expect(cycles).toBeLessThanOrEqual(program.worstCaseCycles);
    expect(populations!.get("out")!.potentials).toEqual(potentials);
    expect(populations!.get("hidden")!.potentials).toHaveLength(10);
  }
});
