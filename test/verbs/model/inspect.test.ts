import { describe, expect, it } from "vitest";
import { loadModel } from "../../../src/frontend/load.js";
import { writeNir } from "../../../src/frontend/nir/write.js";
import { check } from "../../../src/verbs/model/check.js";
import { inspect } from "../../../src/verbs/model/inspect.js";
import { withFile } from "../../frontend/data/files.js";
import { affine, chain, lif } from "../../frontend/nir/networks.js";
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
    expect(await check(`${material}/nir/lif_norse.nir`)).toMatchObject({
      convertible: false,
      blockers: [{ code: "nir-dt-unknown", layer: null, wanted: "the duration of a step" }],
    });
    expect(await check(`${material}/nir/cnn_sinabs.nir`)).toMatchObject({ convertible: true, blockers: [] });
    expect(await check(`${material}/nir/braille_noDelay_bias_zero.nir`)).toMatchObject({ convertible: true });
  });

  it("check of a NIR graph does not stop at the first finding", async () => {
    const bytes = await writeNir({
      version: "",
      graph: chain([2], [3], affine("wide", [[1, 2, 3]]), lif("lif", 0.02, 1), affine("long", [[1], [2]])),
    });
    await withFile("faulty.nir", bytes, async (path) => {
      const { blockers } = await check(path);
      expect(blockers.map(({ code, layer, op }) => [code, layer, op])).toEqual([
        ["nir-shape", "wide", "Linear"],
        ["nir-shape", "output", "Output"],
        ["nir-dt-unknown", null, null],
      ]);
    });
  });

  it("the verbs of trained models say what a NIR file is", async () => {
    await expect(loadModel(`${material}/nir/lif_norse.nir`)).rejects.toMatchObject({
      diagnostics: [{ code: "nir-not-layers" }],
    });
  });
});
