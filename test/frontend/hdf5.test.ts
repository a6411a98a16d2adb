import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeNumbers } from "../../src/frontend/bytes/number-array.js";
import { isHdf5, readHdf5 } from "../../src/frontend/hdf5/read.js";
import { datasetAt, groupAt, type Hdf5Value, stringOf, stringsOf } from "../../src/frontend/hdf5/tree.js";

const material = "../shared/material";
const hasMaterial = existsSync(material);
if (!hasMaterial) console.warn(`skipped: ${material} is missing`);

const numbers = (value: Hdf5Value | undefined): number[] => {
  if (value?.type !== "number") throw new Error("no numbers");
  return [...decodeNumbers(value.bytes, value.format, true)];
};

describe("readHdf5", () => {
  const fixture = readFileSync("test/frontend/fixtures/numbers.h5");

  it.runIf(hasMaterial)("gives groups, attributes and datasets of a real file", async () => {
    const bytes = readFileSync(`${material}/keras/snn_toolbox/lenet5_98.96.h5`);
    expect(isHdf5(bytes)).toBe(true);
    const root = await readHdf5(bytes);
    expect(stringsOf(root.attributes.get("backend"))).toEqual(["theano"]);
    expect(stringsOf(groupAt(root, "model_weights")?.attributes.get("layer_names"))).toContain("conv2d_3");
    const kernel = datasetAt(root, "model_weights/conv2d_2/conv2d_2/kernel");
    expect(kernel).toMatchObject({ type: "number", shape: [5, 5, 6, 16], format: { class: "float", size: 4 } });
  });

  it("refuses a file whose content is larger than memory, and reads the part of it that is asked for", async () => {
    await expect(readHdf5(fixture)).rejects.toMatchObject({ diagnostics: [{ code: "hdf5-too-large" }] });
    const root = await readHdf5(fixture, { rows: 1 });
    expect(numbers(datasetAt(root, "big"))).toEqual([0, 0.25, 0.5]);
    expect(numbers(datasetAt(root, "packed"))).toEqual([0]);
  });

  it("turns byte orders, undoes compression, and follows no link", async () => {
    const root = await readHdf5(fixture, { rows: 100 });
    expect(numbers(datasetAt(root, "big"))).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25]);
    expect(numbers(datasetAt(root, "packed"))).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(numbers(datasetAt(root, "half"))).toEqual([1, -2, 65_504]);
    expect(numbers(datasetAt(root, "truth"))).toEqual([1, 0]);
    expect(stringOf(datasetAt(root, "text"))).toBe("käse");
    expect([...root.children.keys()].sort()).toEqual(["big", "half", "huge", "packed", "text", "truth"]);
  });

  it.runIf(hasMaterial)("stops the library where it does not end, and goes on with the next file", async () => {
    const bytes = readFileSync(`${material}/nir/lif_norse.nir`);
    const damaged = new Uint8Array(bytes);
    // Found by mutation: with these three bytes the C library loops for ever.
    for (const [at, value] of [
      [1932, 0x57],
      [2256, 0x3e],
      [2803, 0x09],
    ] as const)
      damaged[at] = value;
    await expect(readHdf5(damaged, { timeoutMs: 3000 })).rejects.toMatchObject({
      diagnostics: [{ code: "hdf5-timeout" }],
    });
    const root = await readHdf5(bytes);
    expect(stringOf(datasetAt(root, "node/type"))).toBe("NIRGraph");
  });
});
