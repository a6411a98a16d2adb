import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** What each folder of `src` may import from, besides itself. The order is the data flow. */
const mayImport: Record<string, readonly string[]> = {
  support: [],
  arch: ["support"],
  board: ["support", "arch"],
  program: ["support", "arch"],
  ann: ["support", "arch"],
  frontend: ["support", "ann"],
  quantize: ["support", "arch", "ann"],
  snn: ["support", "arch", "quantize"],
  map: ["support", "arch", "board", "snn", "program"],
  emit: ["support", "arch", "board", "program"],
  toolchain: ["support", "board", "emit"],
  sim: ["support", "arch", "snn", "program", "toolchain"],
  runtime: ["support", "arch", "board", "program"],
  learn: ["support", "arch", "ann", "quantize", "snn"],
  verbs: [
    "support",
    "arch",
    "board",
    "program",
    "ann",
    "frontend",
    "quantize",
    "snn",
    "map",
    "emit",
    "toolchain",
    "sim",
    "runtime",
    "learn",
    "report",
  ],
  report: ["support", "arch", "board", "ann", "quantize", "snn", "program", "map", "emit", "toolchain"],
};

const importLine = /(?:from|import\()\s*"(\.[^"]+)\.js"/g;

/** Every forbidden import among `files`, as `from -> to` lines. */
function forbiddenImports(files: readonly string[], importsOf: (file: string) => readonly string[]): string[] {
  const layerOf = (file: string): string => file.split(sep)[1]!;
  return files.flatMap((from) =>
    importsOf(from)
      .filter((to) => layerOf(to) !== layerOf(from))
      .filter(
        (to) =>
          layerOf(to) === "cli" || (layerOf(from) in mayImport && !mayImport[layerOf(from)]!.includes(layerOf(to))),
      )
      .filter((_to) => layerOf(from) !== "cli")
      .map((to) => `${from} -> ${to}`),
  );
}

/** The first import cycle among `files`, or undefined. */
function importCycle(files: readonly string[], importsOf: (file: string) => readonly string[]): string | undefined {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path, file].join(" -> ");
    if (done.has(file)) return undefined;
    for (const next of importsOf(file)) {
      const cycle = walk(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((f) => f.endsWith(".ts"))
  .map((f) => join("src", f));
const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(importLine)].map((m) => `${normalize(join(dirname(file), m[1]!))}.ts`);

describe("architecture", () => {
  it("imports follow the layer table", () => {
    expect(forbiddenImports(sources, importsOf)).toEqual([]);
  });

  it("has no import cycle", () => {
    expect(importCycle(sources, importsOf)).toBeUndefined();
  });

  it("every folder of src is in the table", () => {
    const folders = new Set(
      sources
        .map((f) => f.split(sep))
        .filter((p) => p.length > 2)
        .map((p) => p[1]!),
    );
    expect([...folders].filter((f) => f !== "cli" && !(f in mayImport))).toEqual([]);
  });

  it("sees a forbidden import and a cycle", () => {
    const graph: Record<string, string[]> = {
      [join("src", "sim", "a.ts")]: [join("src", "frontend", "z.ts")],
      [join("src", "frontend", "z.ts")]: [join("src", "sim", "a.ts")],
    };
    const of = (f: string) => graph[f] ?? [];
    expect(forbiddenImports(Object.keys(graph), of)).toHaveLength(2);
    expect(importCycle(Object.keys(graph), of)).toContain("z.ts");
  });
});
