import { describe, expect, it } from "vitest";
import { loadModel } from "../../../src/frontend/load.js";
import { check } from "../../../src/verbs/model/check.js";
import { inspect } from "../../../src/verbs/model/inspect.js";
import { hasMaterial, material } from "../../frontend/onnx/material.js";

describe.runIf(hasMaterial("nir"))("inspect of NIR files", () => {
  it("shows nodes, shapes and what is known of the dynamics", async () => {
    const result = await inspect(`${material}/nir/cnn_sinabs.nir`);
    expect(result).toMatchObject({ format: "nir", inputs: [{ name: "input", shape: [2, 34, 34] }] });
    expect(result.layers.find(({ layer }) => layer === "4")).toEqual({
      layer: "4",
      op: "SumPool2d",
      kind: "nir",
      shape: [16, 8, 8],
      parameters: 0,
      reason: null,
    });
    expect(result.nir).toMatchObject({ dt: 1, reset: "subtract", findings: [] });
  });

  it("does not stop where the step is unknown", async () => {
    const { nir, layers } = await inspect(`${material}/nir/lif_norse.nir`);
    expect(layers.map(({ op }) => op)).toContain("LIF");
    expect(nir).toMatchObject({ dt: null, findings: [{ code: "nir-dt-unknown" }] });
  });

  it("check lists what is in the way, all of it", async () => {
    const { convertible, blockers } = await check(`${material}/nir/lif_norse.nir`);
    expect(convertible).toBe(false);
    expect(blockers).toMatchObject([
      { code: "nir-dt-unknown", layer: null },
      { code: "nir-dynamics", layer: "1", op: "LIF", found: "a node of type LIF" },
    ]);
    expect((await check(`${material}/nir/cnn_sinabs.nir`)).blockers.map(({ op }) => op)).toEqual(
      new Array(5).fill("IF"),
    );
  });

  it("the verbs of trained models say what a NIR file is", async () => {
    await expect(loadModel(`${material}/nir/lif_norse.nir`)).rejects.toMatchObject({
      diagnostics: [{ code: "nir-not-layers" }],
    });
  });
});
