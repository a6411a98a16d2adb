import type { Transport } from "../../support/transport.js";
import { Line } from "./line.js";
import type { LinkEngine } from "./link-engine.js";

/** The near end of a line to a simulated board in the same process. Closing it ends the simulation. */
export function virtualTransport(name: string, engine: LinkEngine): Transport {
  let listener: ((bytes: Uint8Array) => void) | undefined;
  const line = new Line(engine, (bytes) => listener?.(bytes));
  return {
    name,
    send: async (bytes) => line.send(bytes.slice()),
    onReceive: (receive) => {
      listener = receive;
    },
    onLost: () => {},
    close: () => line.close(),
  };
}
