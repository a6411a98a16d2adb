import { tracerBits } from "../arch/core-config.js";
import { wordBytes } from "../arch/memory.js";
import { readBits } from "../program/memory-image.js";
import type { CoreLink } from "./core-link.js";

/** Bit of trace y in the state word of a neuron with dynamics, see `dynamics/words.ts`. */
const postTraceBit = 40;

/** What a neuron remembers, lsb and spikes; of a neuron with dynamics the tracer is its trace y. */
export interface NeuronWord {
  readonly membrane: number;
  readonly tracer: number;
}

/** Membrane potentials of `count` state words from `address` on; only while the program waits or stands still. */
export async function readMembranes(link: CoreLink, address: number, count: number): Promise<Int32Array> {
  return Int32Array.from(await readState(link, address, count), (word) => word.membrane);
}

/** State words, sign-extended membranes of at most 32 bits. */
export async function readState(link: CoreLink, address: number, count: number): Promise<NeuronWord[]> {
  const { membraneBits, dynamics } = link.config;
  const bytes = await link.read("state", address, count);
  const stride = wordBytes(link.config, "state") * 8;
  const tracerBit = dynamics ? postTraceBit : membraneBits;
  const unused = 32 - membraneBits;
  return Array.from({ length: count }, (_, n) => ({
    membrane: (readBits(bytes, n * stride, membraneBits) << unused) >> unused,
    tracer: readBits(bytes, n * stride + tracerBit, tracerBits),
  }));
}
