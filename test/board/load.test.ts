import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadBoards } from "../../src/board/load.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "boards-"));
  cpSync("boards", folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Codes of every finding when the folder is loaded. */
function codes(): string[] {
  try {
    loadBoards(folder);
    return [];
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw error;
    return error.diagnostics.map((finding) => finding.code);
  }
}

function edit(file: string, change: (board: Record<string, unknown>) => void): void {
  const path = join(folder, file);
  const board = JSON.parse(readFileSync(path, "utf8"));
  change(board);
  writeFileSync(path, JSON.stringify(board));
}

describe("loadBoards", () => {
  it("reads the package's boards", () => {
    expect(codes()).toEqual([]);
  });

  it("reports every finding of every file", () => {
    edit("icebreaker.json", (board) => {
      board["device"] = "ice40up6k-sg48";
      board["programmer"] = { id: "iceburn" };
    });
    edit("icestick.json", (board) => {
      board["id"] = "icestock";
    });
    edit("upduino3.json", (board) => {
      board["clock"] = { pin: "20", frequencyHz: "12M", pll: "core" };
      board["extra"] = 1;
    });
    writeFileSync(join(folder, "broken.json"), "{");
    expect(codes().sort()).toEqual([
      "board-field",
      "board-field",
      "board-file-name",
      "board-json",
      "board-reference",
      "board-reference",
    ]);
  });

  it("says so when the folder is not there", () => {
    rmSync(folder, { recursive: true });
    expect(codes()).toEqual(["board-unreadable"]);
  });
});
