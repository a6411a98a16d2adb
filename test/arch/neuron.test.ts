import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type FireRule,
  gradedRule,
  type NeuronParameters,
  type NeuronState,
  quotientBits,
  radixRules,
  stepNeuron,
  ternaryRule,
} from "../../src/arch/neuron.js";
import { seededRandom } from "../../src/support/random.js";

const clamp = (x: number, min: number, max: number): number => Math.min(max, Math.max(min, x));
const golden = (charge: number, { vThreshold, tracerMin, tracerMax }: NeuronParameters): number =>
  clamp(Math.floor(charge / vThreshold), tracerMin, tracerMax);

/** What may be wrong with a neuron: for negative controls. */
interface Fault {
  readonly biasEveryStep?: number;
  readonly saturateAt?: number;
  readonly wrapBits?: number;
  readonly noReset?: boolean;
}

function run(
  v0: number,
  currents: readonly number[],
  rules: readonly FireRule[],
  parameters: NeuronParameters,
  fault: Fault = {},
): NeuronState & { readonly lastSpike: number; readonly sum: number } {
  let state: NeuronState = { v: v0, tracer: 0 };
  let lastSpike = -1;
  let sum = 0;
  rules.forEach((rule, t) => {
    const current = (currents[t] ?? 0) + (fault.biasEveryStep ?? 0);
    const before = state.v + current;
    const next = stepNeuron(state, current, parameters, rule);
    let v = fault.noReset ? before : next.state.v;
    if (fault.saturateAt !== undefined) v = clamp(v, -fault.saturateAt, fault.saturateAt);
    if (fault.wrapBits !== undefined) v = (v << (32 - fault.wrapBits)) >> (32 - fault.wrapBits);
    state = { v, tracer: next.state.tracer };
    if (next.payload !== 0) lastSpike = t;
    sum += next.payload;
  });
  return { ...state, lastSpike, sum };
}

const parameters = fc
  .record({
    vThreshold: fc.integer({ min: 1, max: 299 }),
    tracerMax: fc.integer({ min: 1, max: 31 }),
    low: fc.integer({ min: 1, max: 31 }),
    signed: fc.boolean(),
  })
  .map(
    ({ vThreshold, tracerMax, low, signed }): NeuronParameters => ({
      vThreshold,
      tracerMax,
      tracerMin: signed ? -low : 0,
    }),
  );
const bias = fc.integer({ min: -500, max: 499 });
const currents = fc.array(fc.integer({ min: -400, max: 399 }), { minLength: 1, maxLength: 39 });

describe("neuron", () => {
  it("with ternary spikes reaches the golden count, keeps the remainder, and is then silent", () => {
    fc.assert(
      fc.property(parameters, bias, currents, (p, b, inputs) => {
        const v0 = Math.floor(p.vThreshold / 2) + b;
        const levels = p.tracerMax - p.tracerMin;
        const steps = inputs.length - 1 + levels + 4;
        const end = run(v0, inputs, new Array<FireRule>(steps).fill(ternaryRule), p);
        const charge = v0 + inputs.reduce((a, c) => a + c, 0);
        expect(end.tracer).toBe(golden(charge, p));
        expect(end.v).toBe(charge - p.vThreshold * end.tracer);
        expect(end.sum).toBe(end.tracer);
        expect(end.lastSpike).toBeLessThan(inputs.length + levels);
      }),
      { seed: 1, numRuns: 5000 },
    );
  });

  it("with its whole charge gives the same count by every rule", () => {
    fc.assert(
      fc.property(parameters, fc.integer({ min: -20000, max: 20000 }), (p, charge) => {
        const count = golden(charge, p);
        const unary = new Array<FireRule>(Math.max(p.tracerMax, -p.tracerMin)).fill(ternaryRule);
        for (const rules of [[gradedRule(p.tracerMin, p.tracerMax)], radixRules(p.tracerMin, p.tracerMax), unary]) {
          const end = run(charge, [], rules, p);
          expect(end.tracer).toBe(count);
          expect(end.v).toBe(charge - p.vThreshold * count);
        }
      }),
      { seed: 2, numRuns: 5000 },
    );
  });

  it("is a restoring divider: exhaustively for small widths", () => {
    for (let tracerMin = -4; tracerMin <= 0; tracerMin++) {
      for (let tracerMax = 1; tracerMax <= 5; tracerMax++) {
        for (let vThreshold = 1; vThreshold <= 5; vThreshold++) {
          const p = { vThreshold, tracerMin, tracerMax };
          for (let charge = -40; charge <= 40; charge++) {
            const graded = stepNeuron({ v: charge, tracer: 0 }, 0, p, gradedRule(tracerMin, tracerMax));
            expect(graded.payload).toBe(golden(charge, p));
            expect(run(charge, [], radixRules(tracerMin, tracerMax), p).tracer).toBe(golden(charge, p));
          }
        }
      }
    }
  });

  it("in radix emits the bits of the count, largest first", () => {
    const p = { vThreshold: 7, tracerMin: 0, tracerMax: 15 };
    const rules = radixRules(0, 15);
    expect(rules.map((r) => r.planes)).toEqual([8, 4, 2, 1]);
    for (let charge = -10; charge < 130; charge++) {
      let state: NeuronState = { v: charge, tracer: 0 };
      const bits = rules.map((rule) => {
        const next = stepNeuron(state, 0, p, rule);
        state = next.state;
        return next.payload;
      });
      const count = golden(charge, p);
      expect(bits).toEqual([count & 8, count & 4, count & 2, count & 1]);
    }
    expect(radixRules(-8, 7)).toHaveLength(4);
    expect(quotientBits(0, 255)).toBe(8);
    expect(quotientBits(-8, 7)).toBe(3);
  });

  it("does not care about the order of arrival, nor about splitting a spike in time", () => {
    fc.assert(
      fc.property(parameters, bias, currents, fc.integer(), (p, v0, inputs, seed) => {
        const random = seededRandom(seed);
        const shuffled = inputs
          .flatMap((c) => {
            const part = Math.floor(random() * c);
            return [part, c - part];
          })
          .map((c): [number, number] => [random(), c])
          .sort((a, b) => a[0] - b[0])
          .map(([, c]) => c);
        const steps = new Array<FireRule>(shuffled.length + p.tracerMax - p.tracerMin + 1).fill(ternaryRule);
        const { tracer, v } = run(v0, inputs, steps, p);
        expect(run(v0, shuffled, steps, p)).toMatchObject({ tracer, v });
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  it("fires at the threshold, not above it", () => {
    const p = { vThreshold: 10, tracerMin: 0, tracerMax: 3 };
    expect(stepNeuron({ v: 9, tracer: 0 }, 0, p, ternaryRule).payload).toBe(0);
    expect(stepNeuron({ v: 9, tracer: 0 }, 1, p, ternaryRule)).toEqual({ state: { v: 0, tracer: 1 }, payload: 1 });
    expect(stepNeuron({ v: 0, tracer: 1 }, -1, p, ternaryRule)).toEqual({ state: { v: 9, tracer: 0 }, payload: -1 });
  });
});

describe("wrong neurons", () => {
  /** Share of random neurons that end at a wrong count. */
  function wrongShare(fault: Fault, negative: FireRule["negative"] = "one"): number {
    const random = seededRandom(7);
    const integer = (min: number, max: number): number => min + Math.floor(random() * (max - min + 1));
    let wrong = 0;
    const neurons = 3000;
    for (let i = 0; i < neurons; i++) {
      const p = { vThreshold: 20, tracerMin: 0, tracerMax: 15 };
      const inputs = Array.from({ length: 12 }, () => integer(-90, 90));
      const rules = new Array<FireRule>(52).fill({ planes: 1, negative });
      const end = run(10, inputs, rules, p, fault);
      if (end.tracer !== golden(10 + inputs.reduce((a, c) => a + c, 0), p)) wrong++;
    }
    return wrong / neurons;
  }

  it("are not seen without a fault", () => expect(wrongShare({})).toBe(0));
  it("saturate their membrane", () => expect(wrongShare({ saturateAt: 255 })).toBeGreaterThan(0));
  it("wrap their membrane", () => expect(wrongShare({ wrapBits: 9 })).toBeGreaterThan(0.02));
  it("drop negative spikes", () => expect(wrongShare({}, "none")).toBeGreaterThan(0.1));
  it("add the bias every step", () => expect(wrongShare({ biasEveryStep: 5 })).toBeGreaterThan(0.1));
  it("do not reset", () => expect(wrongShare({ noReset: true })).toBeGreaterThan(0.1));
});
