import { failure } from "../support/diagnostic.js";
import type { Board, Device, Programmer } from "./board.js";
import type { BoardCatalog } from "./load.js";

/** A board with the records it refers to. */
export interface ResolvedBoard {
  readonly board: Board;
  readonly device: Device;
  readonly programmer: Programmer;
}

/**
 * The board called `name`: its id, or a name that apio, openFPGALoader, LiteX or Amaranth give it, without regard to
 * case, `_` and `-`.
 *
 * @throws SpikewrightError `board-unknown` with the nearest ids, `board-ambiguous` when a name stands for several boards.
 */
export function findBoard(catalog: BoardCatalog, name: string): ResolvedBoard {
  const wanted = normal(name);
  const all = [...catalog.boards.values()];
  const byId = all.filter((board) => normal(board.id) === wanted);
  const matches =
    byId.length > 0 ? byId : all.filter((board) => aliasesOf(board).some((alias) => normal(alias) === wanted));
  if (matches.length > 1) {
    throw failure({
      code: "board-ambiguous",
      message: `Cannot tell which board "${name}" is: it is a name of ${matches.map((b) => b.id).join(", ")}, wanted one of them`,
      found: name,
      wanted: matches.map((board) => board.id).join(" | "),
    });
  }
  const board = matches[0];
  if (!board) throw unknownBoard(all, name);
  return resolveBoard(catalog, board);
}

/** `board` with its device and programmer. The catalog was checked when it was loaded. */
export function resolveBoard(catalog: BoardCatalog, board: Board): ResolvedBoard {
  return {
    board,
    device: catalog.devices.get(board.device)!,
    programmer: catalog.programmers.get(board.programmer.id)!,
  };
}

/** Every name that other tools give the board. */
export function aliasesOf(board: Board): string[] {
  return Object.values(board.aliases).flat();
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}

function unknownBoard(boards: readonly Board[], name: string) {
  const ranked = boards
    .map((board) => ({
      id: board.id,
      distance: Math.min(...[board.id, ...aliasesOf(board)].map((n) => editDistance(normal(n), normal(name)))),
    }))
    .sort((a, b) => a.distance - b.distance);
  const near = ranked.filter((entry) => entry.distance <= 3).map((entry) => entry.id);
  return failure({
    code: "board-unknown",
    message: `Cannot find board "${name}": wanted one of ${boards.map((board) => board.id).join(", ")}`,
    found: name,
    wanted: boards.map((board) => board.id).join(" | "),
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "List the boards with: spikewright boards",
  });
}

/** Levenshtein distance; names longer than 64 characters count as far away. */
function editDistance(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return 64;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
