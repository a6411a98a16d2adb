import { expect, it } from "vitest";
import type { CoreConfig } from "../../../src/arch/core-config.js";
import { type MemoryName, memoryDepth } from "../../../src/arch/memory.js";
import { integers } from "../integer.js";
import { missingTools } from "../tool.js";
import { memoryWord, play, Script, smallConfig } from "./core-bench.js";
import { type CoreModel, createModel, run } from "./model.js";
import { encode, encodeSet } from "./program.js";
import { fillParameters, randomPass } from "./random-pass.js";

const there = missingTools("the core against nested loops", "iverilog").length === 0;
const kinds = ["N", "E", "D", "R"];
const order = (lines: readonly string[]): string[] => kinds.flatMap((kind) => lines.filter((line) => line[0] === kind));

function load(script: Script, m: CoreModel, memory: MemoryName): void {
  for (let i = 0; i < memoryDepth(m.config, memory); i++) script.write(memory, i, memoryWord(m, memory, i));
}

/** Reads a whole memory and returns the lines that the model expects. */
function dump(script: Script, m: CoreModel, memory: MemoryName, select: number): string[] {
  return Array.from({ length: memoryDepth(m.config, memory) }, (_, i) => {
    script.read(memory, i);
    return `R ${select} ${i.toString(16)} ${memoryWord(m, memory, i).toString(16)}`;
  });
}

const trigger = [encodeSet("channels", { count: 1 }), encodeSet("index", { value: 0 })];

/** Random passes, one a sample, on one configuration; every monitor event and every memory is compared. */
function comparePasses(config: CoreConfig, seed: number, passes: number): void {
  const integer = integers(seed);
  const m = createModel(config);
  const script = new Script();
  const expected: string[] = [];
  fillParameters(m, integer);
  for (const memory of ["weights", "parameters", "state"] as const) load(script, m, memory);
  for (let i = 0; i < passes; i++) {
    const table = 40;
    const words = randomPass(m, integer, table);
    // the input that starts the sample goes where nobody reads: it has the value 0 and the last pointers
    const start = [
      encodeSet("pointer", { address: config.pointerDepth - 2 }),
      encodeSet("list", { address: config.listDepth - 1 }),
      ...trigger,
      encode("input", { count: 1 }),
    ];
    m.program.set([...start, ...words, encode("done"), encode("halt")]);
    for (const memory of ["program", "list", "pointers"] as const) load(script, m, memory);
    script.restart();
    script.wait();
    script.input(0);
    script.wait();
    m.events.length = 0;
    run(m, [0]);
    expected.push(...m.events);
    for (const [select, memory] of ["pointers", "list", "state"].entries()) {
      expected.push(...dump(script, m, memory as MemoryName, select + 3));
    }
    const registers = [m.cycles, m.operations, m.spikes, m.stalls, m.decision];
    for (const [j, value] of registers.entries()) {
      script.read("registers", j + 7);
      expected.push(`R 0 ${(j + 7).toString(16)} ${value.toString(16)}`);
    }
  }
  expect(order(play(config, script, config.technology))).toEqual(order(expected));
}

it.runIf(there)("equals the nested loops of the contract on random passes", () => {
  comparePasses(smallConfig(), 1, 40);
});

it.runIf(there)("equals them with the multipliers and memories of UP5K, narrow and wide", () => {
  comparePasses(smallConfig({ technology: "ice40up" }), 2, 10);
  comparePasses(smallConfig({ technology: "ice40up", weightBits: 8, accumulatorBits: 20 }), 3, 20);
});
