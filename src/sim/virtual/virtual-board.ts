import type { CoreConfig } from "../../arch/core-config.js";
import type { Transport } from "../../support/transport.js";
import { Line } from "./line.js";
import { CycleLinkEngine, type LinkEngine } from "./link-engine.js";
import { openPseudoTerminal } from "./pseudo-terminal.js";
import { virtualTransport } from "./virtual-transport.js";

/** A virtual board that any serial program can open. */
export interface VirtualPort {
  /** Path of the pseudo-terminal; it takes any baud rate. */
  readonly path: string;
  close(): Promise<void>;
}

/**
 * A virtual board in this process.
 *
 * @param engine Default: the cycle-accurate simulator behind the software twin of the link.
 */
export function openVirtualTransport(config: CoreConfig, engine: LinkEngine = new CycleLinkEngine(config)): Transport {
  return virtualTransport(`virtual ${config.name}`, engine);
}

/**
 * A virtual board on a pseudo-terminal.
 *
 * @throws SpikewrightError `pty-unavailable`.
 */
export async function openVirtualPort(
  config: CoreConfig,
  engine: LinkEngine = new CycleLinkEngine(config),
): Promise<VirtualPort> {
  const terminal = await openPseudoTerminal();
  const line = new Line(engine, (bytes) => terminal.send(bytes));
  terminal.onReceive((bytes) => line.send(bytes));
  return {
    path: terminal.path,
    close: async () => {
      await line.close();
      await terminal.close();
    },
  };
}
