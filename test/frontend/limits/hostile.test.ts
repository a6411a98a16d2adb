import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../../src/frontend/bytes/crc32.js";
import { inflate } from "../../../src/frontend/bytes/inflate.js";
import { parseJson } from "../../../src/frontend/bytes/json.js";
import { ZipArchive } from "../../../src/frontend/bytes/zip.js";
import { loadSamples } from "../../../src/frontend/data/load.js";
import { loadModel } from "../../../src/frontend/load.js";
import { withFile, withFolder, zip } from "../data/files.js";

const mebibyte = 2 ** 20;
const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return "read";
  } catch (error) {
    return (error as { diagnostics?: { code: string }[] }).diagnostics?.[0]?.code ?? String(error);
  }
};

/** A zip archive with one entry that holds `size` zeros. */
function packedZeros(name: string, size: number): Uint8Array {
  const content = new Uint8Array(size);
  const packed = deflateRawSync(content, { level: 9 });
  const bytes = Buffer.from(zip([[name, packed]]));
  const end = bytes.length - 22;
  const directory = bytes.readUInt32LE(end + 16);
  for (const at of [6, directory + 8]) {
    bytes.writeUInt16LE(8, at + 2);
    bytes.writeUInt32LE(crc32(content), at + 8);
    bytes.writeUInt32LE(size, at + 16);
  }
  return bytes;
}

describe("few bytes that hold many", () => {
  const zeros = new Uint8Array(80 * mebibyte);

  it.each([
    ["gzip", gzipSync(zeros, { level: 9 })],
    ["zlib", deflateSync(zeros, { level: 9 })],
    ["raw", deflateRawSync(zeros, { level: 9 })],
  ] as const)("%s", async (wrapping, bytes) => {
    expect(bytes.length).toBeLessThan(mebibyte);
    expect(await codeOf(() => inflate(bytes, wrapping, 2 ** 30, "f"))).toBe("compressed-too-large");
  });

  it("a data file, an entry of an archive", async () => {
    await withFile("a.idx.gz", gzipSync(zeros, { level: 9 }), async (path) => {
      expect(await codeOf(() => loadSamples(path))).toBe("compressed-too-large");
    });
    const archive = new ZipArchive(packedZeros("config.json", 80 * mebibyte), "f");
    expect(await codeOf(() => archive.read("config.json"))).toBe("compressed-too-large");
    expect(new ZipArchive(packedZeros("x", 10 * mebibyte), "f").read("x")).toHaveLength(10 * mebibyte);
  });
});

describe("JSON", () => {
  it.each([
    ["nested without end", `${"[".repeat(1000)}${"]".repeat(1000)}`, "json-too-large"],
    ["of objects without end", `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`, "json-too-large"],
    ["of very many lists", `[${"[],".repeat(1_000_000)}[]]`, "json-too-large"],
    ["with brackets in strings only", JSON.stringify(["[".repeat(2000), '"{'.repeat(2000), "\\"]), "read"],
  ])("%s", async (_, text, code) => {
    expect(await codeOf(() => parseJson(text, "f"))).toBe(code);
  });

  const model = (config: string, path = "w.bin") =>
    `{"format":"layers-model","modelTopology":{"class_name":"Sequential","config":{"name":"s","layers":[{"class_name":"Dense","config":{${config}"name":"d","units":2,"batch_input_shape":[null,3]}}]}},"weightsManifest":[{"paths":[${JSON.stringify(path)}],"weights":[{"name":"d/kernel","shape":[3,2],"dtype":"float32"},{"name":"d/bias","shape":[2],"dtype":"float32"}]}]}`;
  const load = (text: string | Uint8Array) =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, "w.bin"), new Uint8Array(32));
      const path = join(folder, "model.json");
      writeFileSync(path, text);
      return await loadModel(path);
    });

  it("names that objects inherit change nothing", async () => {
    const graph = await load(
      model('"__proto__":{"activation":"relu","polluted":1},"constructor":{"prototype":{"x":1}},'),
    );
    expect(graph.nodes.map(({ op }) => op)).toEqual(["dense"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("a byte order mark is no hindrance", async () => {
    const text = new TextEncoder().encode(model(""));
    expect((await load(Uint8Array.of(0xef, 0xbb, 0xbf, ...text))).nodes).toHaveLength(1);
  });

  it.each(["https://example.com/w.bin", "w.bin\0x", "../w.bin", "/etc/hostname"])("weights at %j", async (path) => {
    expect(await codeOf(() => load(model("", path)))).toBe("path-outside-model");
  });
});
