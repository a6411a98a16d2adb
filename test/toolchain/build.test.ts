import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadBoards } from "../../src/board/load.js";
import { type BuildPlan, planBuild } from "../../src/emit/plan.js";
import type { Diagnostic } from "../../src/support/diagnostic.js";
import { type BuildOptions, build, writeSources } from "../../src/toolchain/build.js";
import { readManifest } from "../../src/toolchain/manifest.js";

const device = loadBoards().devices.get("ice40up5k-sg48")!;
const fakes = resolve("test/fake-tools");
let folder: string;
let recorded: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "build-"));
  recorded = join(folder, "recorded");
  vi.stubEnv("FAKE_TOOLS_LOG", recorded);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

// one seed after another, so that the order of the runs is known
const options: BuildOptions = { environment: { PATH: fakes }, parallelSeeds: 1 };
const out = () => join(folder, "out");

function plan(change: object = {}): BuildPlan {
  return planBuild({
    name: "core",
    board: "icebreaker",
    top: "top",
    verilog: new Map([["rtl/top.v", "module top; endmodule\n"]]),
    constraints: "set_io a 35\n",
    device,
    targetHz: 36e6,
    seeds: 3,
    ...change,
  });
}

/** The recorded runs as one line each. */
function runs(): string[] {
  if (!existsSync(recorded)) return [];
  const lines = readFileSync(recorded, "utf8").trim().split("\n");
  return lines.map((line) => line.replaceAll("\t", " "));
}

/** Every file below the build folder, logs left out. */
function made(): string[] {
  return (readdirSync(out(), { recursive: true, encoding: "utf8" }) as string[])
    .filter((file) => !file.startsWith("log") && /\./.test(file))
    .sort();
}

async function finding(run: Promise<unknown>): Promise<Diagnostic> {
  try {
    await run;
  } catch (error) {
    return (error as { diagnostics: Diagnostic[] }).diagnostics[0]!;
  }
  throw new Error("it did not fail");
}

describe("build with fake tools", () => {
  it("runs yosys, nextpnr, icetime and icepack with the arguments of the plan", async () => {
    const result = await build(plan(), out(), options);
    expect(runs()).toEqual([
      "yosys -p read_verilog -defer rtl/top.v; synth_ice40 -dffe_min_ce_use 4 -top top -run begin:map_luts; techmap -map +/ice40/latches_map.v; abc -dress -lut 4; synth_ice40 -run map_luts:json; delete t:$scopeinfo; write_json design.json",
      "nextpnr-ice40 --up5k --package sg48 --json design.json --pcf pins.pcf --asc design.asc --report timing.json --freq 36.000 --seed 1 --timing-allow-fail",
      "icetime -d up5k -P sg48 -p pins.pcf -t design.asc",
      "icepack design.asc core.bin",
    ]);
    expect(result).toMatchObject({
      bitstream: join(out(), "core.bin"),
      toolchain: { yosys: { kind: "native", version: "0.99" }, "nextpnr-ice40": { kind: "native", version: "9.9" } },
      resources: { ICESTORM_LC: { used: 1001, available: 5280 } },
      fmaxHz: 100e6,
      targetHz: 36e6,
      unchanged: false,
    });
    expect(made()).toEqual(["core.bin", "design.asc", "manifest.json", "pins.pcf", "rtl/top.v", "timing.json"]);
  });

  it("tries the next seed until timing is met and keeps the fastest", async () => {
    vi.stubEnv("FAKE_NEXTPNR_ICE40_MHZ", "30,37,35");
    const result = await build(plan(), out(), options);
    expect(result.fmaxHz).toBe(37e6);
    expect((await readManifest(out()))!.tried.map((one) => one.nextpnrHz)).toEqual([30e6, 37e6]);
    expect(readFileSync(result.bitstream, "utf8")).toBe("packed: placed with seed 2\n");
  });

  it("goes on to a frequency above the target, and is content with the target", async () => {
    vi.stubEnv("FAKE_NEXTPNR_ICE40_MHZ", "37,41,39");
    const { bitstream } = await build(plan({ aimHz: 40e6 }), out(), options);
    expect(readFileSync(bitstream, "utf8")).toBe("packed: placed with seed 2\n");
    expect((await build(plan({ aimHz: 50e6 }), out(), options)).fmaxHz).toBe(41e6);
    expect((await readManifest(out()))!.tried).toHaveLength(3);
    expect(runs().filter((line) => line.includes("--freq 50.000"))).toHaveLength(3);
  });

  it("passes over seeds that do not end or find no route, also when seeds run side by side", async () => {
    vi.stubEnv("FAKE_NEXTPNR_ICE40_HANG", "1");
    vi.stubEnv("FAKE_NEXTPNR_ICE40_LOST", "2");
    for (const parallelSeeds of [1, 3]) {
      const result = await build(plan(), out(), { ...options, parallelSeeds, timeLimitMs: 2000 });
      expect(readFileSync(result.bitstream, "utf8")).toBe("packed: placed with seed 3\n");
      expect((await readManifest(out()))!.tried.map((one) => one.fmaxHz)).toEqual([null, null, 100e6]);
      rmSync(out(), { recursive: true });
    }
  });

  it("gives up a router that goes round in circles", async () => {
    vi.stubEnv("FAKE_NEXTPNR_ICE40_CIRCLES", "1");
    const result = await build(plan(), out(), options);
    expect(readFileSync(result.bitstream, "utf8")).toBe("packed: placed with seed 2\n");
    const found = await finding(build(plan({ seeds: 1 }), out(), options));
    expect(found).toMatchObject({ code: "routing-hopeless", found: expect.stringContaining("3 of 10 connections") });
  });

  it("fails in time when no seed ends", async () => {
    vi.stubEnv("FAKE_NEXTPNR_ICE40_HANG", "1,2,3");
    const found = await finding(build(plan(), out(), { ...options, parallelSeeds: 3, timeLimitMs: 500 }));
    expect(found).toMatchObject({ code: "tool-timeout", found: "0.5 s", place: { item: "nextpnr-ice40" } });
    expect(made()).toEqual([]);
  });

  it("fails when no seed meets the target, keeps the best when told to", async () => {
    vi.stubEnv("FAKE_NEXTPNR_ICE40_MHZ", "30,34,32");
    const found = await finding(build(plan(), out(), options));
    expect(found).toMatchObject({ code: "timing-not-met", found: "34.00 MHz", wanted: "36.00 MHz" });
    expect(made()).toEqual([]);
    const result = await build(plan(), out(), { ...options, allowTimingFailure: true });
    expect(result.fmaxHz).toBe(34e6);
    expect(readFileSync(result.bitstream, "utf8")).toBe("packed: placed with seed 2\n");
    expect((await finding(build(plan(), out(), options))).code).toBe("timing-not-met");
  });

  it("lets icetime overrule nextpnr", async () => {
    vi.stubEnv("FAKE_ICETIME_MHZ", "20");
    expect((await finding(build(plan(), out(), options))).found).toBe("20.00 MHz");
  });

  it("does nothing when nothing changed, and builds again when anything did", async () => {
    await build(plan(), out(), options);
    const again = async (change: () => unknown): Promise<boolean> => {
      await change();
      return (await build(plan(), out(), options)).unchanged;
    };
    expect(await again(() => {})).toBe(true);
    expect(runs()).toHaveLength(4);
    expect(await again(() => writeFileSync(join(out(), "core.bin"), "tampered"))).toBe(false);
    expect(await again(() => rmSync(join(out(), "core.bin")))).toBe(false);
    expect(await again(() => writeFileSync(join(out(), "manifest.json"), "{}"))).toBe(false);
    expect(await again(() => writeFileSync(join(out(), "manifest.json"), "not json"))).toBe(false);
    expect((await build(plan({ targetHz: 20e6 }), out(), options)).unchanged).toBe(false);
    expect((await build(plan({ targetHz: 20e6 }), out(), { ...options, kind: "native" })).unchanged).toBe(true);
  });

  it("leaves the old build whole when a tool fails or the user stops", async () => {
    const { bitstream } = await build(plan(), out(), options);
    const old = readFileSync(bitstream, "utf8");
    const files = made();

    vi.stubEnv("FAKE_YOSYS_EXIT", "1");
    vi.stubEnv("FAKE_YOSYS_SAYS", "ERROR: syntax error");
    const found = await finding(build(plan({ targetHz: 20e6 }), out(), options));
    expect(found).toMatchObject({ code: "tool-failed", message: expect.stringContaining("ERROR: syntax error") });
    expect(readFileSync(found.place!.file!, "utf8")).toContain("ERROR: syntax error");
    vi.stubEnv("FAKE_YOSYS_EXIT", "0");

    vi.stubEnv("FAKE_NEXTPNR_ICE40_HANG", "1");
    const abort = new AbortController();
    const onProgress = ({ stage }: { stage: string }) => {
      if (stage === "place and route") setTimeout(() => abort.abort(), 500);
    };
    const stopped = build(plan({ targetHz: 20e6 }), out(), { ...options, signal: abort.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });

    expect(made()).toEqual(files);
    expect(readFileSync(bitstream, "utf8")).toBe(old);
    expect(readdirSync(out()).filter((name) => name.startsWith(".build"))).toEqual([]);
  });

  it("leaves icetime out when it is not there, and names a tool that has to be", async () => {
    const paths = {
      yosys: join(fakes, "yosys"),
      "nextpnr-ice40": join(fakes, "nextpnr-ice40"),
      icepack: join(fakes, "icepack"),
    };
    await build(plan(), out(), { kind: "native", paths, environment: { PATH: "" } });
    expect(runs().some((line) => line.startsWith("icetime"))).toBe(false);
    expect((await readManifest(out()))!.tried[0]!.icetimeHz).toBeNull();
    const { "nextpnr-ice40": _left, ...rest } = paths;
    const nothing: BuildOptions = { kind: "native", paths: rest, environment: { PATH: "" } };
    expect(await finding(build(plan(), out(), nothing))).toMatchObject({ code: "tool-not-found" });
  });

  it("refuses a folder that is a file", async () => {
    writeFileSync(out(), "");
    expect((await finding(build(plan(), out(), options))).code).toBe("build-folder");
  });

  it("writes sources alone", async () => {
    await writeSources(plan(), out());
    expect(made()).toEqual(["pins.pcf", "rtl/top.v"]);
  });
});
