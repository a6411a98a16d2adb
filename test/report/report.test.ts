import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportLines } from "../../src/cli/network/report.js";
import type { BuildReport, NetworkReport } from "../../src/report/result.js";
import { type Diagnostic, SpikewrightError } from "../../src/support/diagnostic.js";
import { evaluateNetwork } from "../../src/verbs/network/evaluate-network.js";
import { report } from "../../src/verbs/network/report.js";
import { smallNetwork, temporaryFolder, writeBuild, writeSamples, writeSmallNetwork } from "./fixture.js";
import { faultOf } from "./well-formed.js";

const classes = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Text of a report with what differs from machine to machine replaced. */
function textOf(result: NetworkReport | BuildReport): string {
  const text = reportLines(result).join("\n").replaceAll(folder, "FOLDER");
  return result.kind === "network" ? text.replaceAll(result.digest, "DIGEST") : text;
}

async function findingsOf(run: Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await run;
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics;
    throw error;
  }
  throw new Error("it did not fail");
}

async function reportNetwork(path: string, options: Parameters<typeof report>[1] = {}): Promise<NetworkReport> {
  const result = await report(path, options);
  if (result.kind !== "network") throw new Error("wanted the report on a network");
  return result;
}

describe("report on a network", () => {
  it("has the golden text", async () => {
    const { data, labels } = writeSamples(folder, classes);
    const result = await reportNetwork(writeSmallNetwork(folder), { data, labels, inputScale: 1, board: "icebreaker" });
    await expect(textOf(result)).toMatchFileSnapshot("golden/network.txt");
  });

  it("names the file by its digest", async () => {
    const path = writeSmallNetwork(folder);
    const { digest } = await reportNetwork(path);
    expect(digest).toBe(createHash("sha256").update(readFileSync(path)).digest("hex"));
  });

  it("has only what is proven without data", async () => {
    const result = await reportNetwork(writeSmallNetwork(folder));
    expect(result.measured).toBeNull();
    expect(textOf(result)).not.toMatch(/measured/i);
  });

  it("measures what evaluate measures, and never more than the worst case", async () => {
    const path = writeSmallNetwork(folder);
    const files = { ...writeSamples(folder, classes), inputScale: 1 };
    for (const schedule of ["graded", "radix", "unary", "pipelined"] as const) {
      const { measured, worstCase } = await reportNetwork(path, { ...files, schedule });
      const evaluated = await evaluateNetwork(path, { ...files, schedule, engine: "cycle" });
      expect(measured!.accuracy).toBe(evaluated.accuracy);
      expect(measured!.cyclesPerSample).toEqual(evaluated.cyclesPerSample);
      expect(measured!.spikesPerSample.mean).toBe(evaluated.spikesPerSample);
      expect(measured!.synapticOperationsPerSample.mean).toBe(evaluated.synapticOperationsPerSample);
      expect(measured!.cyclesPerSample.max).toBeLessThanOrEqual(worstCase.cycles);
      expect(worstCase.layers.reduce((sum, l) => sum + l.cycles, worstCase.controlCycles)).toBe(worstCase.cycles);
      expect(worstCase.controlCycles).toBeGreaterThan(0);
      expect(measured!.cyclesHistogram.reduce((sum, bin) => sum + bin.samples, 0)).toBe(12);
    }
  });

  it("tells latency at the clock of the board", async () => {
    const path = writeSmallNetwork(folder);
    const { worstCase } = await reportNetwork(path, { board: "alchitry-cu" });
    const [latency, ...others] = worstCase.latencies;
    expect(others).toEqual([]);
    expect(latency!.boards).toEqual(["alchitry-cu"]);
    expect(latency!.latencyUs).toBeCloseTo((1e6 * worstCase.cycles) / latency!.coreHz);
    const { core, worstCase: other } = await reportNetwork(path, { core: "hx8k-w4" });
    expect(core.name).toBe("hx8k-w4");
    expect(other.latencies.flatMap((l) => l.boards)).toContain("alchitry-cu");
  });

  it("knows no accuracy without labels", async () => {
    const { data } = writeSamples(folder, classes);
    const { measured } = await reportNetwork(writeSmallNetwork(folder), { data, limit: 5 });
    expect(measured).toMatchObject({ samples: 5, accuracy: null });
  });

  it("takes a core made to measure where no real one holds the network, and tells no latency then", async () => {
    const notes: string[] = [];
    const path = writeSmallNetwork(folder, "conv", 40);
    const result = (await report(path, {}, { note: (text) => notes.push(text) })) as NetworkReport;
    expect(result.core.isReal).toBe(false);
    expect(result.worstCase.latencies).toEqual([]);
    expect(notes.join()).toContain("no real core holds");
    expect(textOf(result)).toContain("No board has this core");
    const findings = await findingsOf(report(path, { board: "icebreaker" }));
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) expect(finding).toMatchObject({ code: "does-not-fit" });
  });
});

describe("the page", () => {
  it("is well-formed, loads nothing and has every figure", async () => {
    const html = join(folder, "page.html");
    const { data, labels } = writeSamples(folder, classes);
    const result = await report(writeSmallNetwork(folder), { data, labels, html });
    expect(result.files).toEqual([html]);
    const page = readFileSync(html, "utf8");
    expect(faultOf(page)).toBeUndefined();
    expect(page.match(/<svg /g)).toHaveLength(5);
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
    expect(page).toContain("prefers-color-scheme: dark");
    for (const line of smallNetwork().ledger) expect(page).toContain(`<td class="short">${line.op}</td>`);
  });

  it("is the same for the same network", async () => {
    const path = writeSmallNetwork(folder);
    const [a, b] = [join(folder, "a.html"), join(folder, "b.html")];
    await report(path, { html: a });
    await report(path, { html: b });
    expect(readFileSync(a, "utf8")).toBe(readFileSync(b, "utf8"));
  });

  it("escapes names", async () => {
    const html = join(folder, "page.html");
    const { data } = writeSamples(folder, classes);
    const name = `<script>alert("1")</script>&'`;
    await report(writeSmallNetwork(folder, name), { data, html });
    const page = readFileSync(html, "utf8");
    expect(faultOf(page)).toBeUndefined();
    expect(page).not.toContain("<script");
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;'");
  });

  it("the check for well-formedness finds faults", () => {
    expect(faultOf("<p>a</p>")).toBeUndefined();
    for (const wrong of ["<p>", "<p></b>", "<p>a & b</p>", '<p a="&x"/>', "<p a=b/>", "a < b"]) {
      expect(faultOf(wrong), wrong).toBeDefined();
    }
  });
});

describe("report on a build folder", () => {
  it("has the golden text", async () => {
    writeBuild(folder);
    await expect(textOf(await report(folder))).toMatchFileSnapshot("golden/build.txt");
  });

  it("has a page", async () => {
    writeBuild(folder, { name: "<b>&" });
    const html = join(folder, "page", "build.html");
    await report(folder, { html });
    const page = readFileSync(html, "utf8");
    expect(faultOf(page)).toBeUndefined();
    expect(page).toContain("&lt;b&gt;&amp;");
    expect(page.match(/<svg /g)).toHaveLength(1);
  });

  it("sees a missed target, a changed and a missing bitstream", async () => {
    writeBuild(folder, { fmaxHz: 12e6 });
    const warnings: Diagnostic[] = [];
    const context = { warn: (finding: Diagnostic): number => warnings.push(finding) };
    const missed = (await report(folder, {}, context)) as BuildReport;
    expect(missed.marginPercent).toBe(-50);
    expect(textOf(missed)).toContain("target MISSED");
    expect(warnings).toEqual([]);
    writeFileSync(join(folder, "core.bin"), "another");
    expect(await report(folder, {}, context)).toMatchObject({ bitstream: { state: "changed", bytes: 7 } });
    rmSync(join(folder, "core.bin"));
    expect(await report(folder, {}, context)).toMatchObject({ bitstream: { state: "missing", bytes: null } });
    expect(warnings.map((w) => w.code)).toEqual(["bitstream-changed", "bitstream-changed"]);
  });
});

describe("bad input", () => {
  it("a folder without a build", async () => {
    expect(await findingsOf(report(folder))).toMatchObject([{ code: "build-missing", place: { file: folder } }]);
  });

  it("a manifest that is none", async () => {
    for (const content of ["", "{", "[]", '{"digest": 1}', "null"]) {
      writeFileSync(join(folder, "manifest.json"), content);
      expect(await findingsOf(report(folder)), content).toMatchObject([{ code: "build-damaged" }]);
    }
    truncateSync(join(folder, "manifest.json"), 2 ** 30);
    expect(await findingsOf(report(folder))).toMatchObject([{ code: "build-damaged" }]);
    rmSync(join(folder, "manifest.json"));
    mkdirSync(join(folder, "manifest.json"));
    expect(await findingsOf(report(folder))).toMatchObject([{ code: "build-damaged" }]);
  });

  it("options that a build folder has no use for", async () => {
    writeBuild(folder);
    for (const option of [
      { data: "x" },
      { labels: "x" },
      { limit: 1 },
      { schedule: "radix" },
      { board: "x" },
    ] as const) {
      expect(await findingsOf(report(folder, option))).toMatchObject([
        { code: "option-not-for-build", place: { item: Object.keys(option)[0] } },
      ]);
    }
  });

  it("labels or a limit without data", async () => {
    const path = writeSmallNetwork(folder);
    expect(await findingsOf(report(path, { labels: "x" }))).toMatchObject([{ code: "data-missing" }]);
    expect(await findingsOf(report(path, { limit: 3 }))).toMatchObject([{ code: "data-missing" }]);
  });

  it("labels of another number, an unknown board, a file that is no network", async () => {
    const path = writeSmallNetwork(folder);
    const { data, labels } = writeSamples(folder, [1, 2]);
    expect(await findingsOf(report(path, { data, labels }))).toMatchObject([{ code: "labels-do-not-match" }]);
    expect(await findingsOf(report(path, { board: "no-such" }))).toMatchObject([{ code: "board-unknown" }]);
    expect(await findingsOf(report(data))).toMatchObject([{ code: "network-damaged" }]);
    await expect(report(join(folder, "nothing"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("leaves no page behind when it fails", async () => {
    const html = join(folder, "page.html");
    await findingsOf(report(writeSmallNetwork(folder), { board: "no-such", html }));
    expect(existsSync(html)).toBe(false);
  });

  it("stops when told", async () => {
    const abort = new AbortController();
    abort.abort();
    const { data } = writeSamples(folder, classes);
    await expect(report(writeSmallNetwork(folder), { data }, { signal: abort.signal })).rejects.toThrow(/abort/i);
  });
});
