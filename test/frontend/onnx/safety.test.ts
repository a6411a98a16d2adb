import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { varintAt, WireReader } from "../../../src/frontend/onnx/proto/wire.js";
import { importOnnx, readOnnx } from "../../../src/frontend/onnx/read.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { field, integer, type TensorSpec, writeModel } from "./model-writer.js";

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics[0]!.code;
    throw error;
  }
  return "no error";
}

function dense(weights: Omit<TensorSpec, "name">): Uint8Array {
  return writeModel({
    inputs: [{ name: "x", shape: ["N", weights.shape[0]!] }],
    outputs: [{ name: "y" }],
    initializers: [{ name: "w", ...weights }],
    nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
  });
}

describe("weights in other files", () => {
  let root = "";
  let folder = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "onnx-"));
    folder = join(root, "model");
    mkdirSync(join(folder, "below"), { recursive: true });
    const bytes = new Uint8Array(Float32Array.of(9, 1, 2, 3, 4, 5, 6).buffer);
    writeFileSync(join(folder, "weights.bin"), bytes);
    writeFileSync(join(folder, "below", "weights.bin"), bytes);
    writeFileSync(join(root, "secret.bin"), bytes);
    symlinkSync(join(root, "secret.bin"), join(folder, "link.bin"));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const read = (external: Record<string, string>, place: { folder?: string } = { folder }) =>
    readOnnx(dense({ shape: [2, 3], external }), place);

  it("are read from the folder of the model and below", () => {
    for (const location of ["weights.bin", "below/weights.bin", "./weights.bin"]) {
      const [node] = read({ location, offset: "4", length: "24" }).nodes;
      expect(node).toMatchObject({ op: "dense", kernel: { data: Float32Array.of(1, 2, 3, 4, 5, 6) } });
    }
  });

  it.each(["../secret.bin", "below/../../secret.bin", "/etc/passwd", "link.bin", "", "..\\secret.bin", "C:secret"])(
    "are not read from %j",
    (location) => {
      expect(codeOf(() => read({ location }))).toBe("path-outside-model");
    },
  );

  it.each([
    [{ location: "weights.bin", offset: "8" }, "external-data-size"],
    [{ location: "weights.bin", length: "23" }, "external-data-size"],
    [{ location: "weights.bin", offset: "-4" }, "external-data-size"],
    [{ location: "weights.bin", offset: "99999999999999999999" }, "external-data-size"],
    [{ location: "below" }, "external-data-size"],
    [{ location: "absent.bin" }, "external-data-missing"],
  ])("are refused for %j", (external, code) => {
    expect(codeOf(() => read(external as Record<string, string>))).toBe(code);
  });

  it("need the folder", () => {
    expect(codeOf(() => read({ location: "weights.bin" }, {}))).toBe("external-data-missing");
  });
});

describe("wire format", () => {
  it("reads integers of 64 bits", () => {
    for (const value of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -1, -128, -(2 ** 40)]) {
      const bytes = integer(1, value).subarray(1);
      expect(varintAt(bytes, 0, bytes.length)).toBe(value);
    }
  });

  it.each([
    ["an integer without end", Uint8Array.from({ length: 12 }, () => 0xff)],
    ["field number 0", Uint8Array.of(0, 1)],
    ["a group", Uint8Array.of(0x0b)],
    ["a length beyond the end", Uint8Array.of(0x0a, 5, 1)],
    ["a length of 2^60", Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)],
  ])("refuses %s", (_, bytes) => {
    const drain = () => {
      const reader = new WireReader(bytes);
      while (reader.next()) reader.skip();
    };
    expect(codeOf(drain)).toBe("damaged-file");
  });
});

describe("hostile models", () => {
  it("a constant larger than the model allows is refused, not made", () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 1] }],
      outputs: [{ name: "y" }],
      initializers: [{ name: "shape", shape: [2], type: 7, data: [30000, 30000] }],
      nodes: [
        { op: "ConstantOfShape", inputs: ["shape"], outputs: ["c"] },
        { op: "Add", inputs: ["x", "c"], outputs: ["y"] },
      ],
    });
    expect(importOnnx(bytes).refused[0]).toMatchObject({ code: "constant-too-large" });
  });

  it("a chain of growing constants ends", () => {
    const nodes = Array.from({ length: 40 }, (_, k) => ({
      op: "Concat",
      inputs: [`c${k}`, `c${k}`],
      outputs: [`c${k + 1}`],
      attributes: { axis: 0 },
    }));
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 1] }],
      outputs: [{ name: "c40" }],
      initializers: [{ name: "c0", shape: [1000], data: new Float32Array(1000) }],
      nodes,
    });
    expect(importOnnx(bytes).refused[0]).toMatchObject({ code: "constant-too-large" });
  });

  it("functions that call themselves are refused", () => {
    const call = { op: "F", domain: "local", inputs: ["a"], outputs: ["b"] };
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 1] }],
      outputs: [{ name: "y" }],
      nodes: [{ ...call, inputs: ["x"], outputs: ["y"] }],
      functions: [{ name: "F", domain: "local", inputs: ["a"], outputs: ["b"], nodes: [call, call] }],
    });
    expect(codeOf(() => readOnnx(bytes))).toBe("functions-too-deep");
  });

  const node = (inputs: string[], outputs: string[]) => ({ op: "Relu", inputs, outputs });
  it.each([
    ["a cycle", [node(["b"], ["a"]), node(["a"], ["b"])]],
    ["a value made twice", [node(["x"], ["a"]), node(["x"], ["a"])]],
    ["an input that nothing makes", [node(["nothing"], ["a"])]],
    ["a node that reads itself", [node(["a"], ["a"])]],
  ])("%s is refused", (_, nodes) => {
    const bytes = writeModel({ inputs: [{ name: "x", shape: [1, 1] }], outputs: [{ name: "a" }], nodes });
    expect(codeOf(() => readOnnx(bytes))).toBe("damaged-file");
  });

  it("a tensor whose data does not match its shape is refused", () => {
    expect(codeOf(() => readOnnx(dense({ shape: [2, 3], data: [1, 2, 3] })))).toBe("damaged-file");
    expect(codeOf(() => readOnnx(dense({ shape: [2, 3], type: 7, data: [1, 2, 3] })))).toBe("damaged-file");
  });

  it("old operator sets and files without a graph are refused", () => {
    const bytes = writeModel({ opset: 6, inputs: [], outputs: [], nodes: [] });
    expect(codeOf(() => readOnnx(bytes))).toBe("opset-not-supported");
    expect(codeOf(() => readOnnx(field(2, "producer")))).toBe("damaged-file");
    expect(codeOf(() => readOnnx(new Uint8Array()))).toBe("damaged-file");
  });
});

describe("large models", () => {
  it("50 MB of weights are read in 2 seconds of processor time", () => {
    const bytes = dense({ shape: [5000, 2500], raw: new Uint8Array(50_000_000) });
    const start = process.cpuUsage();
    const [node] = readOnnx(bytes).nodes;
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(2);
    expect(node).toMatchObject({ op: "dense" });
  });

  it("aligned weights are a view of the file", () => {
    for (let shift = 0; shift < 4; shift++) {
      const written = dense({ shape: [64, 64], raw: new Uint8Array(64 * 64 * 4) });
      const bytes = new Uint8Array(written.length + shift).subarray(shift);
      bytes.set(written);
      const node = readOnnx(bytes).nodes[0] as { readonly kernel: { readonly data: Float32Array } };
      if (node.kernel.data.buffer === bytes.buffer) return;
    }
    expect.fail("no alignment gave a view");
  });
});
