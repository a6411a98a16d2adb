import { aliasesOf } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";

export interface BoardsResult {
  readonly boards: readonly ListedBoard[];
}

export interface ListedBoard {
  readonly id: string;
  readonly name: string;
  readonly device: string;
  readonly clockHz: number;
  /** Core configuration that the board's device gets, or null when no core fits. */
  readonly core: string | null;
  readonly aliases: readonly string[];
  readonly status: { readonly synthesis: string; readonly hardware: string; readonly reason: string | null };
  readonly url: string;
}

/** The known boards with what was tried on them. */
export function boards(): BoardsResult {
  const catalog = loadBoards();
  const listed = [...catalog.boards.values()].map((board): ListedBoard => {
    const device = catalog.devices.get(board.device)!;
    return {
      id: board.id,
      name: board.name,
      device: board.device,
      clockHz: board.clock.frequencyHz,
      core: device.coreConfig,
      aliases: aliasesOf(board),
      status: {
        synthesis: board.status.synthesis,
        hardware: board.status.hardware,
        reason: board.status.reason ?? null,
      },
      url: board.url,
    };
  });
  return { boards: listed };
}
