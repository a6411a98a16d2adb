import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isHdf5, readHdf5 } from "../../src/frontend/hdf5/read.js";
import { datasetAt, groupAt, stringsOf } from "../../src/frontend/hdf5/tree.js";

const material = "../shared/material";
const lenet = `${material}/keras/snn_toolbox/lenet5_98.96.h5`;
if (!existsSync(lenet)) console.warn(`skipped: ${lenet} is missing`);

describe.runIf(existsSync(lenet))("readHdf5 on a real file", () => {
  it("gives groups, attributes and datasets", async () => {
    const bytes = readFileSync(lenet);
    expect(isHdf5(bytes)).toBe(true);
    const root = await readHdf5(bytes, { file: lenet });
    expect(stringsOf(root.attributes.get("backend"))).toEqual(["theano"]);
    expect(stringsOf(groupAt(root, "model_weights")?.attributes.get("layer_names"))).toContain("conv2d_3");
    const kernel = datasetAt(root, "model_weights/conv2d_2/conv2d_2/kernel");
    expect(kernel).toMatchObject({ type: "number", shape: [5, 5, 6, 16], format: { class: "float", size: 4 } });
  });
});
