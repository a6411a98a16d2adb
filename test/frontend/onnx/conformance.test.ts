import { describe, expect, it } from "vitest";
import { runCase, runSuites, tabulate } from "./conformance.js";
import { hasMaterial, material } from "./material.js";

describe.runIf(hasMaterial("onnx-backend-tests"))("ONNX backend tests", () => {
  it("fails none, passes at least 98 % of the relevant ones", async () => {
    const results = await runSuites(`${material}/onnx-backend-tests`);
    console.info(tabulate(results));
    const relevant = results.filter((result) => result.relevant);
    const passed = relevant.filter(({ outcome }) => outcome === "passed");
    const evaluated = passed.filter(({ attempts }) => attempts.some((attempt) => attempt.evaluated));
    expect(
      results.filter(({ outcome }) => outcome === "failed").map(({ name, detail }) => `${name}: ${detail}`),
    ).toEqual([]);
    expect(results.length).toBe(731);
    expect(passed.length / relevant.length).toBeGreaterThanOrEqual(0.98);
    // the rest is folded while reading: shapes, ranges and the like
    const batched = passed.filter(({ attempts }) =>
      attempts.some(({ batchAxis, outcome }) => batchAxis === "first" && outcome === "passed"),
    );
    expect(batched.length).toBeGreaterThanOrEqual(200);
    expect(evaluated.length / passed.length).toBeGreaterThanOrEqual(0.9);
  });

  it("every case that is not supported says why", async () => {
    const result = await runCase(`${material}/onnx-backend-tests/node/test_scan_sum`);
    expect(result.outcome).toBe("unsupported");
    expect(result.detail).toBe("control-flow");
  });
});
