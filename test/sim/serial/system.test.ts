import { afterAll, describe, expect, it } from "vitest";
import { type CoreConfig, up5kLifW8 } from "../../../src/arch/core-config.js";
import { coreParameters } from "../../../src/emit/parameters.js";
import { mapNetwork } from "../../../src/map/map.js";
import type { Program } from "../../../src/program/program.js";
import { dynamicsSelfTest, scatterSelfTest } from "../../../src/program/self-test.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { availableBackends, openRtl } from "../../../src/sim/rtl/open.js";
import { SerialDevice } from "../../../src/sim/serial/serial-device.js";
import { systemDesign } from "../../../src/sim/serial/system-design.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import { seededRandom } from "../../../src/support/random.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { roomyCore } from "../cycle/mapped-networks.js";

const backends = await availableBackends();
if (!backends.includes("verilator")) console.warn("left out: the system behind its UART, because Verilator is missing");

/** Its words fit the 64 bits of the link. */
const config: CoreConfig = { ...roomyCore, name: "linked", lanes: 8 };
const scattering: CoreConfig = { ...up5kLifW8, technology: "generic" };
const divider = 4;
const open: SerialDevice[] = [];
afterAll(() => Promise.all(open.map((device) => device.close())));

async function start(core = config): Promise<SerialDevice> {
  const parameters = new Map([...coreParameters(core), ["BaudDivider", String(divider)]]);
  const machine = await openRtl(systemDesign(parameters, coreSources("generic", ["core", "link"])));
  const device = new SerialDevice("rtl", core, machine, { rx: "uart_rx_i", tx: "uart_tx_o", divider });
  open.push(device);
  return device;
}

function randomProgram(seed: number): { program: Program; samples: Uint8Array[] } {
  const options = { depth: 1 + (seed % 4), activationBits: 2 + (seed % 3), weightBits: 4, signed: false };
  const graph = randomNetwork(seed, { ...options, spatial: seed % 2 === 0 });
  const random = seededRandom(seed);
  const { program } = mapNetwork(convertToSpiking(graph), config, { schedule: "graded" });
  return { program, samples: Array.from({ length: 3 }, () => randomLevels(graph, random)) };
}

describe.runIf(backends.includes("verilator"))("the system behind its UART", () => {
  it("answers what the cycle simulator computes, for networks loaded one after another", async () => {
    const device = await start();
    const cycle = new CycleDevice(config);
    for (let seed = 300; seed < 312; seed++) {
      const { program, samples } = randomProgram(seed);
      await device.load(program);
      cycle.loadNow(program);
      const expected = samples.map((levels) => cycle.runNow(levels));
      expect(await device.runMany(samples), `seed ${seed}`).toEqual(expected);
    }
  });

  it("answers samples that a program takes in parts", { timeout: 300_000 }, async () => {
    const device = await start(scattering);
    const cycle = new CycleDevice(scattering);
    for (const { program, levels } of [dynamicsSelfTest(scattering), scatterSelfTest(scattering)]) {
      expect(program.input.parts).toBeDefined();
      await device.load(program);
      cycle.loadNow(program);
      const expected = [levels, levels].map((each) => cycle.runNow(each));
      expect(await device.runMany([levels, levels]), program.name).toEqual(expected);
    }
  });

  it("refuses a sample of another size", async () => {
    const device = open[0]!;
    await expect(device.run(new Uint8Array(1))).rejects.toMatchObject({ diagnostics: [{ code: "input-shape" }] });
  });
});
