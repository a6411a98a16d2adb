import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { coreConfigs } from "../../src/arch/core-config.js";
import { type Board, boardSchema, pinUses } from "../../src/board/board.js";
import { aliasesOf, findBoard } from "../../src/board/find.js";
import { loadBoards } from "../../src/board/load.js";

const catalog = loadBoards();
const boards = [...catalog.boards.values()];
const packagePins: Record<string, string> = JSON.parse(readFileSync("test/board/package-pins.json", "utf8"));
const chipdb = (name: string) => `/usr/share/fpga-icestorm/chipdb/chipdb-${name}.txt`;
const haveChipdb = existsSync(chipdb("5k"));
if (!haveChipdb) console.warn("fpga-icestorm is not installed: pin tables are not compared with its chip database");

/** Pins that a board uses for more than one function without saying so. */
function pinsUsedTwice(board: Board): string[] {
  const uses = pinUses(board).filter((use) => !board.sharedPins.includes(use.pin));
  return uses.filter((use, i) => uses.findIndex((other) => other.pin === use.pin) !== i).map((use) => use.pin);
}

/** Pins that the package of the board's device does not have. */
function unknownPins(board: Board): string[] {
  const device = catalog.devices.get(board.device)!;
  if (!device.icetime) return [];
  const known = packagePins[device.icetime.package]!.split(" ");
  return pinUses(board)
    .map((use) => use.pin)
    .filter((pin) => !known.includes(pin));
}

/** Package pins of `name` in the chip database, with tile and block. */
function pinTable(database: string, name: string): { pin: string; place: string }[] {
  const text = readFileSync(chipdb(database), "utf8");
  const start = text.indexOf(`.pins ${name}\n`);
  const end = text.indexOf("\n.", start + 1);
  return text
    .slice(start, end)
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 4)
    .map(([pin, x, y, block]) => ({ pin: pin!, place: `${x} ${y} ${block}` }));
}

describe("boards", () => {
  it("are the ones that the command line names, and more", () => {
    expect(boards.map((board) => board.id)).toEqual(
      expect.arrayContaining([
        "icebreaker",
        "upduino3",
        "icesugar",
        "pico-ice",
        "ice40hx8k-b-evn",
        "alchitry-cu",
        "icestick",
      ]),
    );
  });

  it.each(boards.map((board) => [board.id, board] as const))("%s uses no pin twice", (_id, board) => {
    expect(pinsUsedTwice(board)).toEqual([]);
  });

  it.each(boards.map((board) => [board.id, board] as const))("%s uses pins of its package only", (_id, board) => {
    expect(unknownPins(board)).toEqual([]);
  });

  it("name a core configuration that exists", () => {
    const names = coreConfigs.map((config) => config.name);
    for (const device of catalog.devices.values()) {
      if (device.coreConfig !== null) expect(names).toContain(device.coreConfig);
    }
  });

  it("share a pin only where they use it twice", () => {
    for (const board of boards) {
      for (const pin of board.sharedPins) {
        expect(pinUses(board).filter((use) => use.pin === pin).length, `${board.id} ${pin}`).toBeGreaterThan(1);
      }
    }
  });

  it("have a schema file that is generated from the types", () => {
    const schema = z.toJSONSchema(boardSchema, { io: "input" });
    expect(JSON.parse(readFileSync("boards/board.schema.json", "utf8"))).toEqual(schema);
  });

  it("catches a pin used twice and a pin outside the package", () => {
    const board = catalog.boards.get("icebreaker")!;
    const wrong: Board = { ...board, uart: { ...board.uart, rx: board.clock.pin, tx: "999" } };
    expect(pinsUsedTwice(wrong)).toEqual(["35"]);
    expect(unknownPins(wrong)).toEqual(["999"]);
  });
});

describe.runIf(haveChipdb)("boards against the icestorm chip database", () => {
  const devices = [...catalog.devices.values()].filter((device) => device.chipdb !== null);

  it.each(devices.map((device) => [device.id, device] as const))("%s has the pins of the table", (_id, device) => {
    const name = device.icetime!.package;
    expect(pinTable(device.chipdb!, name).map((row) => row.pin)).toEqual(packagePins[name]!.split(" "));
  });

  it.each(boards.filter((board) => board.device.startsWith("ice40")).map((board) => [board.id, board] as const))(
    "%s says rightly whether its clock pin is a pad of the PLL",
    (_id, board) => {
      const device = catalog.devices.get(board.device)!;
      const pads = [...readFileSync(chipdb(device.chipdb!), "utf8").matchAll(/^PLLOUT_A (\d+ \d+ \d+)$/gm)].map(
        (match) => match[1]!,
      );
      const place = pinTable(device.chipdb!, device.icetime!.package).find((row) => row.pin === board.clock.pin)!.place;
      expect(board.clock.pll).toBe(pads.includes(place) ? "pad" : "core");
    },
  );
});

describe("findBoard", () => {
  it("finds a board by id and by every unambiguous alias, without regard to case", () => {
    for (const board of boards) {
      expect(findBoard(catalog, board.id).board).toBe(board);
      for (const alias of aliasesOf(board)) {
        const owners = boards.filter((other) => aliasesOf(other).includes(alias) && other.id !== alias);
        if (owners.length === 1) expect(findBoard(catalog, alias.toUpperCase()).board).toBe(board);
      }
    }
  });

  it("asks which of several boards a shared name means", () => {
    expect(() => findBoard(catalog, "ice40_generic")).toThrowError(/icebreaker.*icestick|icestick.*icebreaker/);
  });

  it("names the nearest board", () => {
    try {
      findBoard(catalog, "icebraker");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        blame: "input",
        diagnostics: [{ code: "board-unknown", hint: "Did you mean icebreaker?" }],
      });
    }
  });

  it("answers an absurd name quickly", () => {
    expect(() => findBoard(catalog, "x".repeat(1_000_000))).toThrowError();
  });
});
