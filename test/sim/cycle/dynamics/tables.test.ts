import { describe, expect, it } from "vitest";
import { loss, roundings } from "../../../../src/arch/dynamics/neuron.js";
import { seedNoise } from "../../../../src/arch/dynamics/noise.js";
import {
  type PostRule,
  type PreRule,
  postChange,
  preChange,
  rewardWeight,
} from "../../../../src/arch/dynamics/plasticity.js";
import { stepTrace, type TraceRule } from "../../../../src/arch/dynamics/trace.js";
import { decodeDynamicsRegisters } from "../../../../src/program/pass/dynamics-registers.js";
import { NoiseGenerator } from "../../../../src/sim/cycle/dynamics/noise-generator.js";
import {
  type ChangeTable,
  plasticityTables,
  rewardTables,
} from "../../../../src/sim/cycle/dynamics/plasticity-tables.js";
import { populationTables } from "../../../../src/sim/cycle/dynamics/population-tables.js";

const traces = Array.from({ length: 256 }, (_, trace) => trace);
const eligibilities = traces.map((trace) => trace - 128);
const shifts = [0, 1, 2, 3, 4, 5, 6, 7];

/** Change of a table for a generator in this state, and the draws that it took. */
function look({ changes, draws, drawMask }: ChangeTable, trace: number, seed: number): [number, boolean] {
  const generator = new NoiseGenerator();
  generator.seed(seed);
  return [changes[draws ? trace + (generator.draw() & drawMask) : trace]!, draws];
}

const none = { pre: { kind: "none" }, post: { kind: "none" }, min: -8, max: 7 } as const;

describe("tables of plasticity", () => {
  it("hold every presynaptic change, at every trace, on both sides of the potential", () => {
    const rules: PreRule[] = [
      { kind: "none" },
      { kind: "rectangular", amount: 0 },
      { kind: "rectangular", amount: 255 },
      ...shifts.flatMap((shift) => [false, true].map((stochastic): PreRule => ({ kind: "trace", shift, stochastic }))),
      { kind: "spike-driven", amount: 5, vTheta: -7, up: [3, 200], down: [100, 256] },
      { kind: "spike-driven", amount: 255, vTheta: 32767, up: [0, 511], down: [9, 9] },
    ];
    for (const rule of rules) {
      const { potential, above, below } = plasticityTables({ ...none, pre: rule });
      const theta = rule.kind === "spike-driven" ? rule.vTheta : 0;
      for (const trace of traces)
        for (const v of [theta - 1, theta, -32768, 32767]) {
          const { change, noise } = preChange(rule, v, trace, seedNoise(trace));
          const found = look(v >= potential ? above : below, trace, trace);
          expect(found).toEqual([change + 0, noise !== seedNoise(trace)]);
        }
    }
  });

  it("hold every postsynaptic change", () => {
    const rules: PostRule[] = [
      { kind: "rectangular", amount: 255, offset: 1 },
      { kind: "rectangular", amount: 0, offset: 255 },
      ...shifts.flatMap((shift) =>
        [false, true].map((stochastic): PostRule => ({ kind: "trace", shift, stochastic, offset: 3 * shift })),
      ),
    ];
    for (const rule of rules) {
      const { post } = plasticityTables({ ...none, post: rule });
      for (const trace of traces) {
        const { change, noise } = postChange(rule, trace, seedNoise(trace * 99));
        expect(look(post!, trace, trace * 99)).toEqual([change + 0, noise !== seedNoise(trace * 99)]);
      }
    }
    expect(plasticityTables(none).post).toBeUndefined();
  });

  it("hold what every reward does to every eligibility", () => {
    for (const shift of shifts)
      for (const decay of shifts)
        for (const negative of [false, true]) {
          const reward = { shift, decay, negative };
          const { moved, left } = rewardTables(reward);
          const weights = [-100, 0, 100];
          const wrong = eligibilities.filter((e) =>
            weights.some((weight) => {
              const wanted = rewardWeight(weight, e, reward, -500, 500);
              return weight + moved[e + 128]! !== wanted.weight || left[e + 128]! !== wanted.eligibility;
            }),
          );
          expect(wrong, JSON.stringify(reward)).toEqual([]);
        }
  });
});

describe("tables of a population", () => {
  const registers = decodeDynamicsRegisters(new Int32Array(32));
  const { shared } = registers;

  it("hold every step of every trace", () => {
    const decays = ["exponential", "timer", "count"] as const;
    for (const decay of decays)
      for (const shift of shifts)
        for (const increment of [0, 1, 200, 255])
          for (const sets of [false, true]) {
            const rule: TraceRule = { decay, shift, increment, sets };
            const { preTrace, postTrace } = populationTables({
              ...registers,
              shared: { ...shared, postTrace: rule, preTrace: rule },
            });
            const wanted = [0, 1].flatMap((fired) => traces.map((trace) => stepTrace(trace, fired, rule)));
            expect([...preTrace]).toEqual(wanted);
            expect([...postTrace]).toEqual(wanted);
          }
  });

  it("round the leak of every potential as the definition does", () => {
    for (const rounding of roundings) {
      const { leakUp, leakDown, currentUp, currentDown } = populationTables({
        ...registers,
        shared: { ...shared, leakRounding: rounding, currentRounding: rounding },
      });
      expect([currentUp, currentDown]).toEqual([leakUp, leakDown]);
      for (const d of [0, 1, 7, 256, 1000, 2048, 4095, 4096]) {
        let wrong = 0;
        for (let v = -32768; v <= 32767; v++)
          if ((v * d + (v >= 0 ? leakUp : leakDown)) >> 12 !== loss(v, d, rounding)) wrong++;
        expect(wrong, `${rounding} ${d}`).toBe(0);
      }
    }
  });
});
