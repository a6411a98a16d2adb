import type { Json, JsonObject } from "../../src/frontend/bytes/json.js";

/** A seeded source of numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A damaged copy: cut off, with flipped bits, with a run of zeros or ones, or with altered bytes near its start. */
export function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = new Uint8Array(bytes);
  const place = (within = copy.length): number => Math.floor(random() * within);
  const times = 1 + Math.floor(random() * 6);
  switch (Math.floor(random() * 4)) {
    case 0:
      return copy.slice(0, place());
    case 1:
      for (let i = 0; i < times; i++) copy[place()]! ^= 1 << Math.floor(random() * 8);
      return copy;
    case 2: {
      // From a few bytes to large parts.
      const start = place();
      copy.fill(random() < 0.5 ? 0 : 255, start, random() < 0.1 ? place() : start + 8);
      return copy;
    }
    default:
      for (let i = 0; i < times; i++) copy[place(Math.min(256, copy.length))] = Math.floor(random() * 256);
      return copy;
  }
}

const odd: readonly Json[] = [
  null,
  -1,
  0,
  1e9,
  2 ** 31,
  2 ** 53,
  1e308,
  0.5,
  "",
  "same",
  "channels_first",
  true,
  [],
  {},
  [1e9, 1e9],
  [[[[]]]],
];

/** A copy of `value` with one member, chosen at random, replaced by something odd, removed or taken from elsewhere. */
export function altered(value: Json, random: () => number): Json {
  const copy = structuredClone(value) as Json;
  const holders: { readonly holder: Record<string, Json>; readonly key: string }[] = [];
  collect(copy, holders);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  if (holders.length === 0) return pick(odd);
  const { holder, key } = pick(holders);
  const way = random();
  if (way < 0.15 && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (way < 0.15) delete holder[key];
  else if (way < 0.3) holder[key] = structuredClone(pick(holders).holder[pick(holders).key] ?? null) as Json;
  else holder[key] = pick(odd);
  return copy;
}

function collect(value: Json, holders: { holder: Record<string, Json>; key: string }[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    const holder = value as unknown as Record<string, Json>;
    holders.push({ holder, key });
    collect((value as JsonObject)[key]!, holders);
  }
}
