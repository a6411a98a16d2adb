import type { Kernel } from "./kernel/kernel.js";
import type { Memories } from "./memories.js";

/**
 * The writer of a core: candidates become a spike list, with a pointer before each pixel and one behind the last. `input` and
 * passes have one each, which begins anew for each of them.
 */
export class ListWriter {
  readonly #kernel: Kernel;
  #list: Kernel["list"];
  #pointers: Kernel["pointers"];
  readonly #listMask: number;
  readonly #pointerMask: number;
  #pointerAt = 0;
  #channels = 0;
  #pixelLeft = 0;
  /** List address of the next entry; pointers have all 16 bits of it. */
  listAt = 0;

  constructor({ config, kernel }: Memories) {
    this.#kernel = kernel;
    this.#list = kernel.list;
    this.#pointers = kernel.pointers;
    this.#listMask = config.listDepth - 1;
    this.#pointerMask = config.pointerDepth - 1;
  }

  /** @param channels Candidates a pixel. */
  begin(list: number, pointer: number, channels: number): void {
    // the kernel's memory moves when it grows, as it does for the first pass that wants more room
    this.#list = this.#kernel.list;
    this.#pointers = this.#kernel.pointers;
    this.listAt = list;
    this.#pointerAt = pointer;
    this.#channels = channels;
    this.#pixelLeft = 0;
  }

  /** The next candidate. @param payload As it stands in an entry; 0: no spike. */
  candidate(index: number, payload: number): void {
    if (this.#pixelLeft === 0) {
      this.#pointers[this.#pointerAt] = this.listAt;
      this.#pointerAt = (this.#pointerAt + 1) & this.#pointerMask;
      this.#pixelLeft = this.#channels;
    }
    this.#pixelLeft--;
    if (payload !== 0) this.#list[this.listAt++ & this.#listMask] = (payload << 16) | index;
  }

  /** Writes the pointer behind the last pixel. */
  end(): void {
    this.#pointers[this.#pointerAt] = this.listAt;
  }
}
