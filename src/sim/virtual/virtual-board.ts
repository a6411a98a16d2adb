import type { CoreConfig } from "../../arch/core-config.js";
import type { Transport } from "../../support/transport.js";
import { Line } from "./line.js";
import { CycleLinkEngine, type LinkEngine } from "./link-engine.js";
import { type Noise, noisyLine } from "./noisy-transport.js";
import { openPseudoTerminal } from "./pseudo-terminal.js";
import { virtualTransport } from "./virtual-transport.js";

/** A virtual board that any serial program can open. */
export interface VirtualPort {
  /** Path of the pseudo-terminal; it takes any baud rate. */
  readonly path: string;
  /** Bytes that noise has damaged so far. */
  readonly damaged: number;
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
 * @param noise Damages bytes on the line, each way. Default none.
 * @throws SpikewrightError `pty-unavailable`.
 */
export async function openVirtualPort(
  config: CoreConfig,
  engine: LinkEngine = new CycleLinkEngine(config),
  noise?: Noise,
): Promise<VirtualPort> {
  const terminal = await openPseudoTerminal();
  const count = { damaged: 0 };
  const { outward, inward } = noise ? noisyLine(noise, count) : { outward: same, inward: same };
  const line = new Line(engine, (bytes) => terminal.send(inward(bytes)));
  terminal.onReceive((bytes) => line.send(outward(bytes)));
  return {
    path: terminal.path,
    get damaged() {
      return count.damaged;
    },
    close: async () => {
      await line.close();
      await terminal.close();
    },
  };
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}
