import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadLabels } from "../../../src/frontend/data/load.js";
import type { Diagnostic } from "../../../src/support/diagnostic.js";
import { evaluate } from "../../../src/verbs/evaluate.js";
import { convert } from "../../../src/verbs/model/convert.js";
import { inspect } from "../../../src/verbs/model/inspect.js";
import { evaluateNetwork } from "../../../src/verbs/network/evaluate-network.js";
import { exportNir } from "../../../src/verbs/nir/export-nir.js";
import { simulateNir } from "../../../src/verbs/nir/simulate-nir.js";
import { hasMaterial, material } from "../../frontend/onnx/material.js";

const mnist = `${material}/mnist`;
const images = `${mnist}/t10k-images-idx3-ubyte.gz`;
const labels = `${mnist}/t10k-labels-idx1-ubyte.gz`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spikewright-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(hasMaterial("mnist") && hasMaterial("keras"))("export as NIR", () => {
  it("an MNIST network decides as the integers do when its rates run", async () => {
    const net = join(folder, "net.spk");
    await convert(`${material}/keras/snn_toolbox/mlp_98.15.h5`, {
      output: net,
      calibrate: `${mnist}/train-images-idx3-ubyte.gz`,
      limit: 500,
    });
    const warnings: Diagnostic[] = [];
    const output = join(folder, "net.nir");
    await exportNir(net, { output }, { warn: (finding) => warnings.push(finding) });
    expect(warnings.map(({ code }) => code)).toEqual(["nir-no-tracer"]);
    const seen = await inspect(output);
    expect(seen.nir).toMatchObject({ dt: 1, reset: "subtract", findings: [] });
    expect(seen.nir!.metadata["generator"]).toMatch(/^spikewright \d/);
    const wanted = await loadLabels(labels, { limit: 40 });
    const golden = await evaluateNetwork(net, { data: images, labels, limit: 40 });
    let right = 0;
    for (let index = 0; index < wanted.length; index++) {
      const { decision } = await simulateNir(output, { data: images, index, steps: 60, inputScale: 1 / 255 });
      if (decision === wanted[index]) right++;
    }
    expect(Math.abs(right / wanted.length - golden.accuracy)).toBeLessThanOrEqual(0.05);
  });

  it("names the layers that NIR has no node for", async () => {
    const net = join(folder, "lenet.spk");
    await convert(`${material}/onnx-models/lenet5_ccoltong/lenet.onnx`, {
      output: net,
      calibrate: `${mnist}/train-images-idx3-ubyte.gz`,
      limit: 20,
    });
    await expect(exportNir(net, { output: join(folder, "lenet.nir") })).rejects.toMatchObject({
      diagnostics: [
        { code: "nir-no-node", place: { item: "MaxPool_2" } },
        { code: "nir-no-node", place: { item: "MaxPool_5" } },
      ],
    });
  });
});

describe.runIf(hasMaterial("nir"))("simulate NIR files", () => {
  it("cnn_sinabs answers 4 on an N-MNIST recording", async () => {
    const data = `${material}/events/nmnist/sample_nmnist.bin`;
    const result = await simulateNir(`${material}/nir/cnn_sinabs.nir`, { data, steps: 300 });
    expect(result).toMatchObject({ decision: 4, steps: 300, dt: 1, reset: "subtract" });
    expect(result.outputs["output"]).toEqual([1, 0, 2, 0, 254, 11, 0, 0, 0, 0]);
  });

  it("takes a folder of recordings", async () => {
    const recordings = join(folder, "recordings");
    for (const digit of ["4", "7"]) {
      mkdirSync(join(recordings, digit), { recursive: true });
      copyFileSync(`${material}/events/nmnist/sample_nmnist.bin`, join(recordings, digit, "a.bin"));
    }
    const path = `${material}/nir/cnn_sinabs.nir`;
    const result = await simulateNir(path, { data: recordings, steps: 30, index: 1 });
    expect(result).toMatchObject({ index: 1, decision: 4 });
    await expect(simulateNir(path, { data: recordings, steps: 30, index: 2 })).rejects.toMatchObject({
      diagnostics: [{ code: "sample-missing" }],
    });
    const nir = { steps: 30 };
    expect(await evaluate(path, { data: recordings, nir })).toMatchObject({
      engine: "float",
      samples: 2,
      accuracy: 0.5,
    });
    expect(await evaluate(path, { data: recordings, nir, limit: 1 })).toMatchObject({ samples: 1, accuracy: 1 });
    const labels = join(folder, "labels.csv");
    writeFileSync(labels, "4\n4\n");
    expect(await evaluate(path, { data: recordings, labels, nir })).toMatchObject({ accuracy: 1 });
    writeFileSync(labels, "4\n");
    await expect(evaluate(path, { data: recordings, labels, nir })).rejects.toMatchObject({
      diagnostics: [{ code: "labels-do-not-match" }],
    });
    const one = `${material}/events/nmnist/sample_nmnist.bin`;
    await expect(evaluate(path, { data: one, nir })).rejects.toMatchObject({
      diagnostics: [{ code: "labels-missing" }],
    });
    await expect(evaluate("examples/digits/model.json", { data: one, nir })).rejects.toMatchObject({
      diagnostics: [{ code: "option-not-for-file" }],
    });
  });

  it("lif_norse writes the trace of Norse: potentials, spikes, drawings", async () => {
    const rows = readFileSync(`${material}/nir/traces_01_lif/lif_norse.csv`, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    const data = join(folder, "input.csv");
    writeFileSync(data, rows.map(([input]) => input).join("\n"));
    const [trace, raster, membrane] = ["trace.csv", "raster.svg", "membrane.svg"].map((name) => join(folder, name));
    const result = await simulateNir(`${material}/nir/lif_norse.nir`, {
      data,
      dt: 1e-4,
      isSequence: true,
      ...{ trace: trace!, raster: raster!, membrane: membrane! },
    });
    expect(result.files).toEqual([raster, membrane, trace]);
    const [head, ...lines] = readFileSync(trace!, "utf8").trim().split("\n");
    expect(head).toBe('step,"1:0 v","1:0 spike"');
    const found = lines.map((line) => line.split(",").map(Number));
    const spikes = found.filter(([, , spike]) => spike === 1).map(([step]) => step!);
    expect(spikes).toEqual([460, 510, 710, 760]);
    const difference = found.slice(0, 460).map(([step, v]) => Math.abs(v! - rows[step!]![1]!));
    expect(Math.max(...difference)).toBeLessThanOrEqual(1e-6);
    expect(readFileSync(raster!, "utf8")).toContain("<svg");
    expect(readFileSync(membrane!, "utf8")).toContain("<svg");
  });

  it("records chosen neurons, and asks for a choice where there are many", async () => {
    const data = `${material}/events/nmnist/sample_nmnist.bin`;
    const trace = join(folder, "chosen.csv");
    const options = { data, steps: 20, trace };
    const path = `${material}/nir/cnn_sinabs.nir`;
    await expect(simulateNir(path, options)).rejects.toMatchObject({ diagnostics: [{ code: "neurons-missing" }] });
    for (const neurons of [["12:10"], ["none:0"], ["12"]]) {
      await expect(simulateNir(path, { ...options, neurons })).rejects.toMatchObject({
        diagnostics: [{ code: "unknown-neuron" }],
      });
    }
    await simulateNir(path, { ...options, neurons: ["12:4", "12:9"] });
    const [head, ...lines] = readFileSync(trace, "utf8").trim().split("\n");
    expect(head).toBe('step,"12:4 v","12:4 spike","12:9 v","12:9 spike"');
    expect(lines).toHaveLength(20);
  });

  it("asks for the step and for the number of steps", async () => {
    const codeOf = async (work: Promise<unknown>) =>
      await work.then(
        () => "",
        (error: { diagnostics: Diagnostic[] }) => error.diagnostics[0]!.code,
      );
    const data = `${material}/events/nmnist/sample_nmnist.bin`;
    expect(await codeOf(simulateNir(`${material}/nir/lif_norse.nir`, { data }))).toBe("nir-dt-unknown");
    expect(await codeOf(simulateNir(`${material}/nir/cnn_sinabs.nir`, { data }))).toBe("steps-missing");
    expect(await codeOf(simulateNir(`${material}/nir/cnn_sinabs.nir`, { data, steps: 2 ** 30 }))).toBe(
      "data-too-large",
    );
    expect(await codeOf(simulateNir(`${material}/nir/lif_norse.nir`, { data, dt: 1e-4 }))).toBe("samples-do-not-fit");
    // Rows of input, potential and spike are no rows of inputs.
    const trace = `${material}/nir/traces_01_lif/lif_norse.csv`;
    expect(
      await codeOf(simulateNir(`${material}/nir/lif_norse.nir`, { data: trace, dt: 1e-4, isSequence: true })),
    ).toBe("samples-do-not-fit");
  });
});
