import { seededRandom } from "../../support/random.js";
import type { Transport } from "../../support/transport.js";

export interface Noise {
  /** One byte in so many is damaged, each way. */
  readonly every: number;
  /** What happens to it; default all of these alike. */
  readonly kinds?: readonly ("change" | "lose" | "double")[];
  /** Default 1. */
  readonly seed?: number;
}

/** Counts of what `noisyTransport` did. */
export interface NoiseCount {
  damaged: number;
}

/** A transport that damages bytes now and then, the same ones for the same seed and traffic. */
export function noisyTransport(inner: Transport, noise: Noise, count: NoiseCount = { damaged: 0 }): Transport {
  const { outward, inward } = noisyLine(noise, count);
  return {
    name: inner.name,
    ...(inner.baud === undefined ? {} : { baud: inner.baud }),
    send: (bytes) => inner.send(outward(bytes)),
    onReceive: (listener) => inner.onReceive((bytes) => listener(inward(bytes))),
    onLost: (listener) => inner.onLost(listener),
    close: () => inner.close(),
  };
}

/** What noise makes of the bytes that go towards a board (`outward`) and come from it. */
export function noisyLine(
  noise: Noise,
  count: NoiseCount,
): Readonly<Record<"outward" | "inward", (bytes: Uint8Array) => Uint8Array>> {
  const seed = noise.seed ?? 1;
  return {
    outward: damager(noise, seededRandom(seed), count),
    inward: damager(noise, seededRandom(seed + 1), count),
  };
}

function damager(noise: Noise, random: () => number, count: NoiseCount): (bytes: Uint8Array) => Uint8Array {
  const kinds = noise.kinds ?? ["change", "lose", "double"];
  return (bytes) => {
    const out: number[] = [];
    for (const byte of bytes) {
      if (random() * noise.every >= 1) {
        out.push(byte);
        continue;
      }
      count.damaged++;
      const kind = kinds[Math.floor(random() * kinds.length)];
      if (kind === "change") out.push(byte ^ (1 + Math.floor(random() * 255)));
      else if (kind === "double") out.push(byte, byte);
    }
    return Uint8Array.from(out);
  };
}
