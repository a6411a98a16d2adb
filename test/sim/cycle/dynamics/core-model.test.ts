import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CycleCore } from "../../../../src/sim/cycle/core.js";
import { arbitraryRun } from "./arbitrary-run.js";
import { CoreModel } from "./core-model.js";
import { loadCycleCore, viewCycleCore } from "./core-run.js";
import { smallCores } from "./small-cores.js";

describe.each(smallCores)("the cycle simulator of $name", (config) => {
  it("does what the definition of dynamics and learning says", () => {
    fc.assert(
      fc.property(arbitraryRun(config), (run) => {
        const core = new CycleCore(config);
        loadCycleCore(core, run);
        core.push(run.levels);
        const model = new CoreModel(run);
        model.run(run.levels);
        expect(viewCycleCore(core)).toEqual(model.view(run));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
