import type { CoreConfig } from "../../arch/core-config.js";
import { CycleCore } from "../cycle/core.js";
import { CycleLinkedCore } from "./cycle-link.js";
import { LinkTwin } from "./link.js";

/** A simulated link with its core: bytes in, bytes out. Calls come one after another. */
export interface LinkEngine {
  /** Takes bytes and executes what is complete with them; returns the replies. */
  receive(bytes: Uint8Array): Promise<Uint8Array>;
  /** Lets the line be silent, `long` so long that a begun frame is given up; returns what is said then. */
  quiet(long: boolean): Promise<Uint8Array>;
  /** Silence will make a difference. */
  readonly expectsSilence: boolean;
  close(): Promise<void>;
}

/** The software twin of the link before the cycle-accurate core. */
export class CycleLinkEngine implements LinkEngine {
  readonly core: CycleCore;
  readonly #twin: LinkTwin;

  constructor(config: CoreConfig) {
    this.core = new CycleCore(config);
    this.#twin = new LinkTwin(config, new CycleLinkedCore(this.core));
  }

  get expectsSilence(): boolean {
    return this.#twin.expectsSilence;
  }

  async receive(bytes: Uint8Array): Promise<Uint8Array> {
    const replies: Uint8Array[] = [];
    // on a line, a frame is executed long before the next one is complete
    for (const byte of bytes) {
      this.#twin.receiveByte(byte);
      if (this.#twin.busy) replies.push(this.#twin.work());
    }
    return Buffer.concat(replies);
  }

  async quiet(long: boolean): Promise<Uint8Array> {
    this.#twin.quiet(long);
    return this.#twin.work();
  }

  async close(): Promise<void> {}
}
