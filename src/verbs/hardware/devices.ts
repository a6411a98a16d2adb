import { loadBoards } from "../../board/load.js";
import { listPorts, type SerialPortEntry } from "../../runtime/ports.js";

export interface DevicesResult {
  readonly devices: readonly SerialPortEntry[];
}

/** Serial ports of this machine and the boards that they may belong to. */
export async function devices(): Promise<DevicesResult> {
  return { devices: await listPorts(loadBoards().boards.values()) };
}
