import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { availableBackends } from "../../../../src/sim/rtl/open.js";
import { arbitraryRun } from "./arbitrary-run.js";
import { differences, runCycleCore } from "./core-run.js";
import { smallCores } from "./small-cores.js";
import { VerilogCore } from "./verilog-core.js";

const backends = await availableBackends();
if (!backends.includes("verilator"))
  console.warn("left out: co-simulation of cores with dynamics, because Verilator is missing");

describe.runIf(backends.includes("verilator")).each(smallCores)(
  "the cycle simulator and the Verilog of $name",
  (config) => {
    it("agree on every memory, register and neuron of random programs", async () => {
      const verilog = await VerilogCore.open(config);
      await fc.assert(
        fc.asyncProperty(arbitraryRun(config), async (run) => {
          expect(differences(runCycleCore(run), await verilog.run(run))).toEqual([]);
        }),
        { seed: 2, numRuns: 200 },
      );
      await verilog.close();
    });
  },
);
