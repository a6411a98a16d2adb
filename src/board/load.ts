import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import { type Diagnostic, failure, SpikewrightError } from "../support/diagnostic.js";
import { packageRoot } from "../support/package-root.js";
import { type Board, boardSchema, type Device, deviceSchema, type Programmer, programmerSchema } from "./board.js";

/** Every board, device and programmer of one folder, references resolved. */
export interface BoardCatalog {
  readonly boards: ReadonlyMap<string, Board>;
  readonly devices: ReadonlyMap<string, Device>;
  readonly programmers: ReadonlyMap<string, Programmer>;
}

const tables = ["devices.json", "programmers.json", "board.schema.json"];

/**
 * Read the boards of `folder` (the package's own unless given).
 *
 * @throws SpikewrightError with every finding: `board-unreadable`, `board-json`, `board-field`, `board-reference`,
 * `board-file-name`.
 */
export function loadBoards(folder: string = join(packageRoot(), "boards")): BoardCatalog {
  const findings: Diagnostic[] = [];
  const devices = readTable(join(folder, "devices.json"), deviceSchema, findings);
  const programmers = readTable(join(folder, "programmers.json"), programmerSchema, findings);
  const boards = new Map<string, Board>();
  for (const name of boardFiles(folder)) {
    const file = join(folder, name);
    const board = check(readJson(file, findings), boardSchema, file, findings);
    if (!board) continue;
    if (board.id !== basename(name, ".json")) {
      findings.push(error("board-file-name", file, "id", `id "${board.id}"`, `"${basename(name, ".json")}"`));
    }
    if (!devices.has(board.device)) {
      findings.push(error("board-reference", file, "device", `"${board.device}"`, "a key of devices.json"));
    }
    if (!programmers.has(board.programmer.id)) {
      findings.push(
        error("board-reference", file, "programmer", `"${board.programmer.id}"`, "a key of programmers.json"),
      );
    }
    boards.set(board.id, board);
  }
  if (findings.length > 0) throw new SpikewrightError(findings);
  return { boards, devices, programmers };
}

function boardFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json") && !tables.includes(name))
      .sort();
  } catch (cause) {
    throw failure({
      code: "board-unreadable",
      message: `Cannot read the folder of boards: ${(cause as Error).message}`,
      place: { file: folder },
      hint: "Name a folder with devices.json, programmers.json and one file a board",
    });
  }
}

function readJson(file: string, findings: Diagnostic[]): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    findings.push(error("board-json", file, "", (cause as Error).message, "JSON"));
    return undefined;
  }
}

function readTable<T extends object>(
  file: string,
  schema: z.ZodType<T>,
  findings: Diagnostic[],
): Map<string, T & { readonly id: string }> {
  const raw = readJson(file, findings);
  const table = new Map<string, T & { readonly id: string }>();
  for (const [id, entry] of Object.entries(raw ?? {})) {
    const value = check(entry, schema, file, findings, id);
    if (value) table.set(id, { ...value, id });
  }
  return table;
}

function check<T>(raw: unknown, schema: z.ZodType<T>, file: string, findings: Diagnostic[], item = ""): T | undefined {
  if (raw === undefined) return undefined;
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const path = [item, ...issue.path].filter((part) => part !== "").join(".");
    findings.push(error("board-field", file, path, issue.message, "a legal value"));
  }
  return undefined;
}

function error(code: string, file: string, item: string, found: string, wanted: string): Diagnostic {
  const where = item === "" ? `"${file}"` : `field "${item}" of "${file}"`;
  return {
    code,
    severity: "error",
    message: `Cannot use ${where}: ${found}, wanted ${wanted}`,
    place: { file, item },
    found,
    wanted,
  };
}
