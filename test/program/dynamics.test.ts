import { describe, expect, it } from "vitest";
import { type CoreConfig, genericStdpW8, up5kLifW4, up5kLifW8, up5kW4 } from "../../src/arch/core-config.js";
import { readSynapseRow, synapseRowHalves } from "../../src/arch/dynamics/scatter.js";
import { timing } from "../../src/arch/timing.js";
import { assemble } from "../../src/program/assembly/assemble.js";
import { printProgram } from "../../src/program/assembly/print.js";
import { readSynapseList, rowHalves, writeRowHalves } from "../../src/program/pass/synapse-lists.js";
import { worstCase } from "../../src/program/pass/worst-case.js";
import type { Program } from "../../src/program/program.js";
import { programFaults, verifyProgram } from "../../src/program/verify.js";
import { CycleCore } from "../../src/sim/cycle/core.js";
import { loadProgram } from "../../src/sim/cycle/load.js";

const table = ".step window-column\n.step window-row\n.step group\n.step column x=1\n.step row\n";

function program(code: string, core: CoreConfig = genericStdpW8): Program {
  const text = `.program "p"\n.input "in" shape=1x1x4 max=1\n.readout "out" shape=1x1x1 state=0\n${code}\nt:\n${table}`;
  return assemble(text, { core });
}

const shape = `
  set grid columns=3 rows=1
  set window columns=1 rows=1 groups=2
  set lanes visit=8 last=3 position=8
  set behaviour spacing=8`;
const rest = "\n  done\n  halt";
const faults = (code: string, core?: CoreConfig) => programFaults(program(code, core)).map(({ message }) => message);

describe("a program with dynamics", () => {
  it("prints registers and flags by name, with their signs", () => {
    const code = `
  input count=4 state
  set weight-bounds min=-8 max=7
  set spike-driven-potential v=-3
  set reward shift=1 decay=2 negative=1 row=16000
  pass table=t settled winner
  learn
  reward`;
    const text = printProgram(program(code + rest));
    expect(text).toContain("input count=4 state ;");
    expect(text).toContain("set weight-bounds min=-8 max=7");
    expect(text).toContain("set spike-driven-potential v=-3");
    expect(text).toContain("set reward shift=1 decay=2 negative=1 row=16000");
    expect(text).toMatch(/pass table=table\d+ settled winner/);
    expect([...assemble(text).words]).toEqual([...program(code + rest).words]);
  });

  it("is legal when it keeps the rules", () => {
    const code = `${shape}\n  pass table=t mute argmax store\n  pass table=t settled winner emit\n  learn\n  reward${rest}`;
    expect(faults(code)).toEqual([]);
  });

  it.each([
    ["pass table=t merge=max", /merges/],
    ["pass table=t ternary", /"ternary"/],
    ["pass table=t mute settled", /both "mute" and "settled"/],
    ["pass table=t winner", /"winner" without "settled"/],
    ["pass table=t settled winner argmax", /both "winner" and "argmax"/],
    [".word 0x17c00000", /register 31/],
    ["set current loss=4097", /loss 4097/],
    ["set behaviour spacing=8 reset=3", /reset 3/],
    ["set behaviour spacing=8 gate=3", /gate 3/],
    ["set behaviour spacing=8 rank=3", /rank 3/],
    ["set behaviour spacing=8 delayed", /delayed reset/],
    ["set adaptation scale=5", /scale 5/],
    ["set pre-trace decay=3", /decay 3/],
    ["set post-rule kind=3", /kind 3/],
    ["set weight-bounds min=3 max=2", /bounds 3\.\.2/],
  ])("is refused for %s", (line, message) => {
    expect(faults(`${shape}\n  ${line}${rest}`).join()).toMatch(message);
  });

  it("is refused for bounds beyond the weights of its core", () => {
    const code = `set weight-bounds min=-8 max=7${rest}`;
    expect(faults(code, { ...up5kLifW4, learning: 2 }).join()).toMatch(/within -7..7/);
    expect(faults(code)).toEqual([]);
  });

  it("is refused when visits come too fast, on whatever path", () => {
    const pass = "\n  pass table=t";
    expect(faults(`${shape}\n  set behaviour spacing=7${pass}${rest}`).join()).toMatch(/spacing 7.*8 lanes/);
    expect(faults(`${shape}\n  set lanes visit=4 last=4 position=4${pass}${rest}`)).toEqual([]);
    // the loop comes back to the pass with other lanes
    const loop = `${shape}\n  count counter=0 value=2\nagain:${pass}\n  set behaviour spacing=2\n  loop counter=0 again`;
    expect(faults(loop + rest).join()).toMatch(/spacing 2/);
    const single = "\n  set grid columns=1 rows=1\n  set window columns=1 rows=1 groups=1\n  set behaviour spacing=0";
    expect(faults(`${shape}${single}${pass}${rest}`)).toEqual([]);
  });

  it("is refused when a pass comes back to a neuron that is not written yet", () => {
    const narrow = (spacing: number) => `${shape}
  set window columns=1 rows=1 groups=1
  set lanes visit=2 last=2 position=2
  set behaviour rewind spacing=${spacing}
  pass table=t${rest}`;
    expect(faults(narrow(timing.dynamicsRevisit))).toEqual([]);
    expect(faults(narrow(timing.dynamicsRevisit - 1)).join()).toMatch(/comes back to a neuron/);
  });

  it("wants a core with dynamics, and with learning when it learns", () => {
    for (const line of ["pass table=t mute", "pass table=t settled", "input count=1 state", "set behaviour spacing=8"])
      expect(faults(line + rest, up5kW4), line).not.toEqual([]);
    const still = { ...genericStdpW8, name: "still", learning: 0 } as const;
    for (const line of ["learn", "reward", "set pre-rule kind=1"]) {
      expect(faults(`${shape}\n  ${line}${rest}`, still), line).not.toEqual([]);
      expect(faults(`${shape}\n  ${line}${rest}`), line).toEqual([]);
    }
    expect(() => verifyProgram(program(`learn${rest}`), still)).toThrow(/learning/);
    const list = program(`scatter${rest}`, up5kLifW8);
    expect(programFaults(list)).toEqual([]);
    expect(faults(`scatter${rest}`).join()).toMatch(/scatters/);
    expect(() => verifyProgram(list, still)).toThrow(/scatter/);
    expect(() => verifyProgram({ ...list, needs: { ...list.needs, lanes: 16, weightBits: 2 } }, up5kLifW4)).toThrow(
      /rows of 32 bits[\s\S]*weightBits/,
    );
    for (const wrong of [{ dynamics: 0 }, { learning: 1 }] as const)
      expect(programFaults({ ...list, needs: { ...list.needs, ...wrong } }), JSON.stringify(wrong)).not.toEqual([]);
    expect(() => verifyProgram(program(`${shape}${rest}`), up5kW4)).toThrow(/dynamics/);
  });
});

describe("the worst case of a program with dynamics", () => {
  // thresholds of 0: every neuron fires in every step
  const layer = (spacing: number, flags: string) => `
  set channels count=2
  input count=4
  set source-size width=2 height=1
  set kernel width=1 rows=1
  set grid columns=2 rows=1
  set window columns=1 rows=1 groups=2
  set lanes visit=8 last=3 position=8
  set behaviour rewind spacing=${spacing}
  set list address=100
  set pointer address=50
  set channels count=11
  set state address=8
  pass table=t fresh store emit ${flags}`;
  const learning = `
  set origin-pointer address=51
  set learn-source state=0 rows=5
  set pre-rule kind=1 amount=1
  set post-rule kind=1 amount=1
  set weight-bounds min=-4 max=4
  learn
  set channels count=3
  reward`;

  it.each([
    ["spacing", layer(20, "")],
    ["lanes", layer(8, "")],
    ["mute", layer(8, "mute") + learning.replace("post-rule kind=1", "post-rule kind=0")],
    ["learning", layer(9, "") + learning],
  ])("is that of a sample in which everything fires: %s", (_, code) => {
    const full = program(code + rest);
    const core = new CycleCore(genericStdpW8);
    loadProgram(core, { ...full, worstCaseCycles: 0 });
    core.push([1, 1, 1, 1]);
    expect(core.registers.fault).toBe(0);
    expect(core.registers.cycles).toBe(worstCase(full.words, genericStdpW8)!.cycles);
  });

  it.each([up5kLifW8, up5kLifW4])("counts the longest lists of synapses: $name", (config) => {
    const code = `${layer(16, "").replaceAll("visit=8", "visit=4").replaceAll("position=8", "position=4")}
  set channels count=2
  set origin-pointer address=1
  set weight-base row=20
  scatter
  set origin-pointer address=50
  set weight-base row=30
  scatter`;
    const full = program(code + rest, config);
    const rows = { weights: new Int8Array(70 * config.lanes), stride: config.lanes, config };
    const synapses = [3, 4].map((target) => ({ target, weight: -1 }));
    // pixel 1 has the values 2 and 3; of the layer everybody fires
    for (let i = 0; i < 14; i++) writeRowHalves(rows, 20 + i, synapseRowHalves({ synapses, next: 40 + i }));
    for (let i = 0; i < 14; i++) writeRowHalves(rows, 40 + i, synapseRowHalves({ synapses: synapses.slice(i % 2) }));
    const core = new CycleCore(config);
    loadProgram(core, { ...full, weights: rows.weights, worstCaseCycles: 0 });
    core.push([1, 1, 1, 1]);
    expect(core.registers.fault).toBe(0);
    expect(core.registers.operations).toBeGreaterThan(20);
    expect(core.registers.cycles).toBe(worstCase(full.words, config, 1, rows.weights)!.cycles);
  });
});

describe("lists of synapses", () => {
  const config = up5kLifW4;
  const rows = { weights: new Int8Array(6 * config.lanes), stride: config.lanes, config };
  const two = [
    { target: 1023, weight: -128 },
    { target: 65535, weight: 127 },
  ];

  it("are read as they are written", () => {
    writeRowHalves(rows, 1, synapseRowHalves({ synapses: two, next: 3 }));
    writeRowHalves(rows, 3, synapseRowHalves({ synapses: two.slice(1) }));
    expect(readSynapseList(rows, 1)).toEqual([...two, two[1]]);
    expect(readSynapseList(rows, 3 + config.weightDepth)).toEqual([two[1]]);
    expect(readSynapseList(rows, 2)).toEqual([]);
  });

  it("are written in assembly", () => {
    const text = ".synapses 1023 -128 65535 127 next=3\n.synapses\n.synapses 7 -1";
    for (const core of [up5kLifW8, up5kLifW4]) {
      const { weights } = program(`halt\n${text}`, core);
      const own = { weights, stride: core.lanes, config: core };
      expect([0, 1, 2].map((row) => readSynapseRow(rowHalves(own, row)))).toEqual([
        { synapses: two, next: 3 },
        { synapses: [] },
        { synapses: [{ target: 7, weight: -1 }] },
      ]);
    }
    for (const [line, message] of [
      ["1", /1 numbers/],
      ["1 2 3 4 5 6", /6 numbers/],
      ["65536 1", /exceeds/],
      ["1 128", /exceeds/],
      ["1 2 next=3", /next is 3/],
      ["1 2 3 4 next=16384", /next is 16384/],
    ] as const)
      expect(() => program(`halt\n.synapses ${line}`, up5kLifW8), line).toThrow(message);
    expect(() => program("halt\n.synapses 1 2", { ...up5kLifW8, lanes: 4 })).toThrow(/rows of 32 bits/);
  });

  it("are refused when they have no end, or go on in an empty row", () => {
    writeRowHalves(rows, 4, synapseRowHalves({ synapses: two, next: 4 }));
    expect(() => readSynapseList(rows, 4)).toThrow(/row 4 has no end/);
    writeRowHalves(rows, 5, synapseRowHalves({ synapses: two, next: 2 }));
    expect(() => readSynapseList(rows, 5)).toThrow(/goes on in empty row 2/);
  });
});
