import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../src/frontend/load.js";

const tfjs = "../shared/material/tfjs";
const hasMaterial = existsSync(tfjs);
if (!hasMaterial) console.warn(`skipped: ${tfjs} is missing`);

describe.runIf(hasMaterial)("TensorFlow.js layers models", () => {
  it("reads a model saved by tfjs", async () => {
    const graph = await loadModel(`${tfjs}/abalone/model.json`);
    expect(graph.source).toMatchObject({ format: "tfjs-layers", producer: "tfjs-layers 1.3.2 (tensor_flow.js)" });
    expect(graph.nodes.map((node) => `${node.name}:${node.op}`)).toMatchInlineSnapshot(`
      [
        "dense_Dense1:dense",
        "dense_Dense1/sigmoid:activation",
        "dense_Dense2:dense",
        "dense_Dense2/sigmoid:activation",
        "dense_Dense3:dense",
      ]
    `);
  });
});
