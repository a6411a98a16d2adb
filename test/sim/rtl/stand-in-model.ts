import { randomSource } from "./random.js";

/** What the stand-in design answers: the meaning in the header of stand_in.v. */
export class StandInModel {
  readonly #ram = Uint8Array.from({ length: 256 }, (_, i) => i * 7 + 3);
  readonly #spram = new Map<number, number>();
  #sum = 0;
  #bytes = 0;

  answer(operation: number, a: number, d: number): number {
    this.#bytes += 3;
    const signed = (byte: number): number => (byte << 24) >> 24;
    switch (operation) {
      case 0:
        return a ^ d;
      case 1:
        this.#ram[a] = d;
        return d;
      case 2:
        return this.#ram[a]!;
      case 3:
        this.#spram.set(a, d);
        return a;
      case 4:
        return a ^ this.#spram.get(a)!;
      case 5:
        this.#sum = (this.#sum + signed(a) * signed(d)) & 0xffff;
        return this.#sum & 0xff;
      case 6:
        return this.#sum >> 8;
      default:
        this.#sum = 0;
        return this.#bytes & 0xff;
    }
  }
}

/** Random commands that read only what was written before, and the answers to them. */
export function standInTraffic(seed: number, commands: number): { sent: Uint8Array; expected: Uint8Array } {
  const model = new StandInModel();
  const random = randomSource(seed);
  const sent = new Uint8Array(3 * commands);
  const expected = new Uint8Array(commands);
  const written = new Set<number>();
  for (let i = 0; i < commands; i++) {
    const a = random() & 0xff;
    let operation = random() % 8;
    if (operation === 4 && !written.has(a)) operation = 3;
    if (operation === 3) written.add(a);
    const command = [operation, a, random() & 0xff] as const;
    sent.set(command, 3 * i);
    expected[i] = model.answer(...command);
  }
  return { sent, expected };
}
