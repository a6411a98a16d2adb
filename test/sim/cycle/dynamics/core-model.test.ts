import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryRun } from "./arbitrary-run.js";
import { CoreModel } from "./core-model.js";
import { differences, runCycleCore } from "./core-run.js";
import { smallCores } from "./small-cores.js";

describe.each(smallCores)("the cycle simulator of $name", (config) => {
  it("does what the definition of dynamics and learning says", () => {
    fc.assert(
      fc.property(arbitraryRun(config), (run) => {
        const model = new CoreModel(run);
        model.run(run.levels);
        expect(differences(runCycleCore(run), model.view(run))).toEqual([]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
