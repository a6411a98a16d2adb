import { expect, it } from "vitest";
import { seededRandom } from "../../../src/support/random.js";
import { memoryWord, play, Script, smallConfig } from "./core-bench.js";
import { createModel, run } from "./model.js";
import { encode, encodeSet, encodeStep } from "./program.js";

it("runs a dense layer on graded spikes", () => {
  const config = smallConfig();
  const random = seededRandom(1);
  const m = createModel(config);
  const integer = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  for (let i = 0; i < m.weights.length; i++) m.weights[i] = integer(-8, 7);
  m.thresholds.forEach((_, i) => {
    m.thresholds[i] = integer(5, 60);
    m.vInit[i] = integer(-20, 20);
  });
  const program = [
    encodeSet("list", { address: 0 }),
    encodeSet("pointer", { address: 0 }),
    encodeSet("channels", { count: 12 }),
    encodeSet("index", { value: 0 }),
    encode("input", { count: 12 }),
    encodeSet("source-size", { width: 1, height: 1 }),
    encodeSet("kernel", { width: 1, rows: 1 }),
    encodeSet("origin", {}),
    encodeSet("origin-pointer", { address: 0 }),
    encodeSet("weight-base", { row: 0 }),
    encodeSet("row-step", { row: 0 }),
    encodeSet("grid", { columns: 1, rows: 1 }),
    encodeSet("window", { columns: 1, rows: 1, groups: 3 }),
    encodeSet("lanes", { visit: 4, last: 3, position: 4 }),
    encodeSet("parameters", { address: 0 }),
    encodeSet("state", { address: 0 }),
    encodeSet("fire", { mask: 15, max: 15 }),
    encodeSet("list", { address: 20 }),
    encodeSet("pointer", { address: 4 }),
    encodeSet("channels", { count: 11 }),
    encode("pass", { table: 48, fresh: 1, store: 1, emit: 1, argmax: 1 }),
    encode("done"),
    encode("jump", { address: 0 }),
  ];
  m.program.set(program);
  m.program.set([0, 0, 0, 0, ...encodeStep({ weight: 12 })], 48);

  const script = new Script();
  m.program.forEach((_, i) => {
    script.write("program", i, memoryWord(m, "program", i));
  });
  m.thresholds.forEach((_, i) => {
    script.write("parameters", i, memoryWord(m, "parameters", i));
  });
  for (let i = 0; i < config.weightDepth; i++) script.write("weights", i, memoryWord(m, "weights", i));
  script.restart();
  script.wait();
  const values = Array.from({ length: 12 }, () => (random() < 0.4 ? 0 : integer(1, 15)));
  for (const value of values) script.input(value);
  script.wait();
  for (let i = 7; i <= 11; i++) script.read("registers", i);
  const lines = play(config, script);
  run(m, values);
  const registers = [m.cycles, m.operations, m.spikes, m.stalls, m.decision];
  const order = (all: readonly string[]): string[] =>
    ["N", "E", "D", "R"].flatMap((k) => all.filter((line) => line[0] === k));
  expect(order(lines)).toEqual(
    order([...m.events, ...registers.map((r, i) => `R 0 ${(i + 7).toString(16)} ${r.toString(16)}`)]),
  );
});
