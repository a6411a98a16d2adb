import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { spikewright } from "./command.js";

const folder = mkdtempSync(join(tmpdir(), "spikewright-bad-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const model = "examples/digits/model.json";
const data = ["--data", "examples/digits/test-images.idx.gz"];

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface BadCall {
  readonly what: string;
  readonly words: () => string[];
  readonly exit: number;
  readonly code: string;
}

const calls: readonly BadCall[] = [
  { what: "a missing file", words: () => ["inspect", join(folder, "none.h5")], exit: 2, code: "file-not-found" },
  { what: "an empty file", words: () => ["inspect", file("empty.h5", "")], exit: 2, code: "model-format-unknown" },
  { what: "a folder", words: () => ["evaluate", folder, ...data], exit: 2, code: "file-is-folder" },
  {
    what: "a truncated HDF5 file",
    words: () => ["inspect", file("cut.h5", Buffer.from("\x89HDF\r\n\x1a\n00000000000000", "latin1"))],
    exit: 2,
    code: "hdf5-damaged",
  },
  {
    what: "weights outside of the model's folder",
    words: () => {
      const json = JSON.parse(readFileSync(model, "utf8"));
      json.weightsManifest[0].paths = ["../../../etc/passwd"];
      return ["inspect", file("outside.json", JSON.stringify(json))];
    },
    exit: 2,
    code: "path-outside-model",
  },
  {
    what: "a model where a network is wanted",
    words: () => ["verify", model, ...data],
    exit: 2,
    code: "network-format-unknown",
  },
  {
    what: "a model on the engine cycle",
    words: () => ["evaluate", model, ...data, "--engine", "cycle"],
    exit: 2,
    code: "engine-not-for-file",
  },
  {
    what: "an unknown board",
    words: () => ["build", "--core", "--board", "icebraker", "-o", join(folder, "b")],
    exit: 2,
    code: "board-unknown",
  },
  {
    what: "a board that is too small",
    words: () => ["build", "--core", "--board", "icestick", "-o", join(folder, "b")],
    exit: 2,
    code: "board-too-small",
  },
  {
    what: "weights of 9 bits",
    words: () => ["convert", model, "-o", join(folder, "x.spk"), "--calibrate", data[1]!, "--weights", "9"],
    exit: 2,
    code: "option-not-integer",
  },
  {
    what: "an unknown schedule",
    words: () => ["convert", model, "-o", join(folder, "x.spk"), "--calibrate", data[1]!, "--schedule", "fast"],
    exit: 2,
    code: "option-unknown-value",
  },
  {
    what: "labels of another number",
    words: () => ["evaluate", model, ...data, "--labels", file("two.csv", "1\n2\n")],
    exit: 2,
    code: "labels-do-not-match",
  },
  {
    what: "data of another shape",
    words: () => ["evaluate", model, "--data", file("d.csv", "1,2\n3,4\n"), "--labels", file("l.csv", "0\n1\n")],
    exit: 2,
    code: "samples-do-not-fit",
  },
  {
    what: "an option of NIR graphs with a network",
    words: () => ["simulate", model, ...data, "--integration", "exact"],
    exit: 2,
    code: "option-not-for-file",
  },
  {
    what: "a missing port",
    words: () => ["load", "x.spk", "--port", "/dev/no-such-port"],
    exit: 2,
    code: "file-not-found",
  },
  {
    what: "a build for a network that does not exist",
    words: () => ["build", "no-such.spk", "--board", "icebreaker", "-o", join(folder, "out")],
    exit: 2,
    code: "file-not-found",
  },
  {
    what: "more damage than there are bytes",
    words: () => ["virtual", "--damage", "2"],
    exit: 2,
    code: "damage-range",
  },
];

describe("bad input", () => {
  it.each(calls)("$what: exit $exit, $code", async ({ words, exit, code }) => {
    const end = await spikewright(...words(), "--json");
    const document = JSON.parse(end.stdout);
    expect(document.error.diagnostics.map((d: { code: string }) => d.code)).toContain(code);
    expect(end.code).toBe(exit);
    for (const d of document.error.diagnostics) expect(d.message).not.toMatch(/\.$/);
    expect(end.stderr).toMatch(/^error: |\nerror: /);
  });

  it("usage errors name the help and exit with 2", async () => {
    const end = await spikewright("evaluate", model);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain("--data");
  });

  it("an unknown verb exits with 2", async () => {
    expect((await spikewright("fly")).code).toBe(2);
  });

  it("every verb has help with an example", async () => {
    const help = (await spikewright("--help")).stdout;
    const verbs = [...help.matchAll(/^ {2}([a-z]+)(?: \[options\])?/gm)].map((m) => m[1]!).filter((v) => v !== "help");
    const wanted = [
      "inspect",
      "check",
      "convert",
      "evaluate",
      "simulate",
      "verify",
      "build",
      "report",
      "boards",
      "devices",
      "doctor",
      "flash",
      "load",
      "run",
      "virtual",
      "demo",
    ];
    expect(verbs).toEqual(expect.arrayContaining(wanted));
    for (const verb of wanted) {
      const text = (await spikewright(verb, "--help")).stdout;
      expect(text, verb).toContain(`spikewright ${verb}`);
      expect(text, verb).toContain("Example:");
    }
  });
});
