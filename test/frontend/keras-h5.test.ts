import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kernelFlipUncertain, loadModel } from "../../src/frontend/load.js";

const keras = "../shared/material/keras";
const hasMaterial = existsSync(keras);
if (!hasMaterial) console.warn(`skipped: ${keras} is missing`);

describe.runIf(hasMaterial)("Keras files of several versions", () => {
  it("reads a Keras 2 whole model written under Theano", async () => {
    const graph = await loadModel(`${keras}/snn_toolbox/lenet5_98.96.h5`);
    expect(graph.source).toMatchObject({ format: "keras-h5", producer: "keras 2.0.4 (theano)" });
    expect(graph.nodes.map((node) => `${node.name}:${node.op}`)).toMatchInlineSnapshot(`
      [
        "conv2d_1_input/channels-last:transpose",
        "conv2d_1:conv",
        "conv2d_1/relu:activation",
        "max_pooling2d_1:pool",
        "conv2d_2:conv",
        "conv2d_2/relu:activation",
        "max_pooling2d_2:pool",
        "dropout_1:identity",
        "conv2d_3:conv",
        "conv2d_3/relu:activation",
        "conv2d_3/relu/channels-first:transpose",
        "flatten_1:reshape",
        "dense_1:dense",
        "dense_1/relu:activation",
        "dense_2:dense",
        "dense_2/softmax:softmax",
      ]
    `);
    expect(kernelFlipUncertain(graph)).toBe(false);
  });

  it("reads Keras 1 weights with their topology", async () => {
    const graph = await loadModel(`${keras}/snn_toolbox/cnn_99.16.h5`, {
      topology: `${keras}/snn_toolbox/cnn_99.16.json`,
    });
    expect(graph.nodes.map((node) => `${node.name}:${node.op}`)).toMatchInlineSnapshot(`
      [
        "convolution2d_1_input/channels-last:transpose",
        "convolution2d_1:conv",
        "activation_1:activation",
        "convolution2d_2:conv",
        "activation_2:activation",
        "maxpooling2d_1:pool",
        "dropout_1:identity",
        "dropout_1/channels-first:transpose",
        "flatten_1:reshape",
        "dense_1:dense",
        "activation_3:activation",
        "dropout_2:identity",
        "dense_2:dense",
        "activation_4:softmax",
      ]
    `);
    expect(kernelFlipUncertain(graph)).toBe(true);
  });
});
