import { describe, expect, it } from "vitest";
import { coreConfigs, hx8kW4, up5kStdpW8, up5kW4 } from "../../src/arch/core-config.js";
import { findBoard } from "../../src/board/find.js";
import { loadBoards } from "../../src/board/load.js";
import { planClocking } from "../../src/emit/clocking.js";
import { planCore } from "../../src/emit/core-plan.js";
import { coreParameters } from "../../src/emit/parameters.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";

const catalog = loadBoards();
const board = (name: string) => findBoard(catalog, name);
const verilog = new Map([["rtl/snn_system.v", "module snn_system; endmodule\n"]]);

function code(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics[0]!.code;
    throw error;
  }
  return undefined;
}

describe("planCore", () => {
  it.each(["icebreaker", "upduino3", "alchitry-cu"])("writes the files of %s", async (name) => {
    const config = name === "alchitry-cu" ? hx8kW4 : up5kW4;
    const plan = planCore(board(name), config, verilog);
    await expect(plan.files.get("board_top.v")).toMatchFileSnapshot(`golden/${name}.v`);
    await expect(plan.files.get("pins.pcf")).toMatchFileSnapshot(`golden/${name}.pcf`);
    await expect(`${JSON.stringify(plan.steps, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.steps.txt`);
  });

  it("gives equal requests equal digests and different requests different ones", () => {
    const digest = (options: object, config = up5kW4) => planCore(board("icebreaker"), config, verilog, options).digest;
    const all = [
      digest({}),
      digest({ frequencyHz: 30e6 }),
      digest({ baud: 2_000_000 }),
      digest({ seeds: 2 }),
      digest({}, { ...up5kW4, listDepth: 1024 }),
      planCore(board("icesugar"), up5kW4, verilog).digest,
      planCore(board("icebreaker"), up5kW4, new Map([["rtl/snn_system.v", "//"]])).digest,
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(digest({})).toBe(all[0]);
  });

  it("refuses a board that is too small, a family it does not build and a technology the device lacks", () => {
    expect(code(() => planCore(board("icestick"), up5kW4, verilog))).toBe("board-too-small");
    expect(code(() => planCore(board("colorlight-i5"), { ...up5kW4, technology: "generic" }, verilog))).toBe(
      "family-unsupported",
    );
    expect(code(() => planCore(board("alchitry-cu"), up5kW4, verilog))).toBe("core-technology");
    expect(code(() => planCore(board("icebreaker"), up5kW4, verilog, { seeds: 0 }))).toBe("seeds-range");
    expect(code(() => planCore(board("icebreaker"), up5kW4, verilog, { seeds: Number.NaN }))).toBe("seeds-range");
  });

  it("plans every iCE40 board with the configuration of its device", () => {
    for (const one of catalog.boards.values()) {
      const device = catalog.devices.get(one.device)!;
      const config = coreConfigs.find((entry) => entry.name === device.coreConfig);
      if (config) expect(planCore(board(one.id), config, verilog).clocking.frequencyHz).toBeGreaterThan(0);
    }
  });
});

describe("planClocking", () => {
  it("uses the crystal itself when it has the wanted frequency", () => {
    expect(planClocking(12e6, 12e6, 1e6)).toEqual({ frequencyHz: 12e6, baudDivider: 12, baudFraction: 0, baud: 1e6 });
  });

  it("divides by sixteenths of a cycle", () => {
    const { baudDivider, baudFraction, baud } = planClocking(12e6, 40e6, 115200);
    expect([baudDivider, baudFraction]).toEqual([345, 1]);
    expect(Math.abs(baud / 115200 - 1)).toBeLessThan(1e-3);
  });

  it.each([
    [12e6, 36e6, 20e6],
    [12e6, 12e6, 100],
    [12e6, 12e6, 0],
    [12e6, 36e6, Number.NaN],
  ])("refuses a UART that the clock cannot make: %d Hz, %d Hz, %d baud", (crystal, wanted, baud) => {
    expect(code(() => planClocking(crystal, wanted, baud))).toBe("baud-unreachable");
  });
});

describe("coreParameters", () => {
  it("names every field but the name and what the core does without", () => {
    expect(coreParameters(up5kStdpW8).size).toBe(Object.keys(up5kStdpW8).length - 2);
    expect(coreParameters(up5kW4).size).toBe(Object.keys(up5kW4).length - 4);
    expect(coreParameters(up5kW4).get("MembraneBits")).toBe("24");
  });
});
