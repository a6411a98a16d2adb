import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cubaLif, lif, type NeuronModel, network, openDynamics } from "../../../src/index.js";

/**
 * Neurons of other frameworks in float, as their documentation has them, against neurons in integers. Decays are 2^-k and
 * inputs coarse, so that every number of a run is a whole number of lsb: then potentials and spikes have to be equal.
 */
interface Twin {
  /** One step in float. @returns Potential that was compared with the threshold, and whether the neuron fired. */
  readonly step: (input: number) => readonly [potential: number, fired: boolean];
  readonly model: NeuronModel;
  /** The integers' potential is the float's plus this. */
  readonly offset: number;
}

/** lsb that inputs are multiples of. */
const grid = 1024;
const weight = 64;

/** Runs both; what the integers show of a neuron that fired is its potential after the reset. */
function expectTwins(twin: Twin, inputs: readonly number[], expectPotentials: boolean): void {
  const graph = network("twin")
    .input("up", 1, { max: 255 })
    .input("down", 1, { max: 255 })
    .population("n", 1, twin.model)
    .connect("up", "n", weight)
    .connect("down", "n", -weight)
    .build();
  const simulator = openDynamics(graph);
  simulator.setNeuronState("n", 0, { v: twin.offset });
  const found: (readonly [number, boolean])[] = [];
  const wanted: (readonly [number, boolean])[] = [];
  for (const input of inputs) {
    const events = (Math.abs(input) * grid) / weight;
    simulator.step({ up: [input > 0 ? events : 0], down: [input < 0 ? events : 0] });
    const { v, fired } = simulator.neuronState("n", 0);
    const [potential, spike] = twin.step(input * grid);
    const isShown = expectPotentials && !spike;
    wanted.push([isShown ? potential : 0, spike]);
    found.push([isShown ? v - twin.offset : 0, fired === 1]);
  }
  expect(found).toEqual(wanted);
}

/** Inputs of so many steps in multiples of the grid. */
const inputsOf = (steps: number) => fc.array(fc.integer({ min: -3, max: 9 }), { minLength: steps, maxLength: steps });
const shifts = fc.constantFrom(1, 2);
/** Steps for which `grid` stays divisible by the decay, with one more factor of 2 for offsets. */
const stepsOf = (shift: number) => Math.floor(8 / shift);
const thetas = fc.integer({ min: 1, max: 12 }).map((n) => n * grid);

describe("software twins", () => {
  it("snnTorch Leaky, reset by subtraction a step later: mem = beta mem + I - S[t-1] theta; S = mem > theta", () => {
    fc.assert(
      fc.property(
        shifts.chain((shift) => fc.tuple(fc.constant(shift), inputsOf(stepsOf(shift)))),
        thetas,
        ([shift, inputs], theta) => {
          const beta = 1 - 2 ** -shift;
          let [mem, fired] = [0, false];
          // `>` of even numbers is `>=` two further; the integers' potential lies two lower, and a bias keeps it there
          const offset = -(2 ** shift);
          const model = lif({ beta, threshold: theta, delayedReset: true, bias: -1 });
          const step = (input: number) => {
            mem = beta * mem + input - (fired ? theta : 0);
            fired = mem > theta;
            return [mem, fired] as const;
          };
          expectTwins({ step, model, offset }, inputs, true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("snnTorch Leaky, reset to zero: mem = beta mem (1 - S[t-1]) + I; S = mem > theta", () => {
    fc.assert(
      fc.property(
        shifts.chain((shift) => fc.tuple(fc.constant(shift), inputsOf(stepsOf(shift)))),
        thetas,
        ([shift, inputs], theta) => {
          const beta = 1 - 2 ** -shift;
          let [mem, fired] = [0, false];
          const step = (input: number) => {
            mem = beta * (fired ? 0 : mem) + input;
            fired = mem > theta;
            return [mem, fired] as const;
          };
          const model = lif({ beta, threshold: theta + 1, reset: "zero" });
          expectTwins({ step, model, offset: 0 }, inputs, true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("snnTorch without decay, reset by subtraction, over many steps", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 200, maxLength: 200 }),
        thetas,
        (inputs, theta) => {
          let [mem, fired] = [0, false];
          const step = (input: number) => {
            mem = mem + input - (fired ? theta : 0);
            // stays within 16 bits as the integers do
            mem = Math.max(-32767, Math.min(mem, 32768));
            fired = mem > theta;
            return [mem, fired] as const;
          };
          const model = lif({ loss: 0, threshold: theta, delayedReset: true });
          expectTwins({ step, model, offset: -1 }, inputs, true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("snnTorch Synaptic: syn = alpha syn + I; mem = beta mem + syn", () => {
    fc.assert(
      fc.property(inputsOf(4), thetas, fc.constantFrom(0.5, 0.75), (inputs, theta, alpha) => {
        let [syn, mem, fired] = [0, 0, false];
        const step = (input: number) => {
          syn = alpha * syn + input;
          mem = 0.5 * (fired ? 0 : mem) + syn;
          fired = mem > theta;
          return [mem, fired] as const;
        };
        const model = cubaLif({ beta: 0.5, current: { beta: alpha }, threshold: theta + 1, reset: "zero" });
        expectTwins({ step, model, offset: 0 }, inputs, true);
      }),
      { numRuns: 300 },
    );
  });

  it("Norse LIF: v += dt/tau_m ((v_leak - v) + i + I); i = (i + I)(1 - dt/tau_s); z = v > v_th; v = v_reset", () => {
    fc.assert(
      fc.property(inputsOf(4), thetas, fc.integer({ min: -2, max: 2 }), (inputs, theta, resting) => {
        const [membraneRate, synapseRate] = [0.25, 0.5];
        const [leak, reset] = [resting * grid, -grid];
        let [v, i] = [0, 0];
        // the gain dt/tau_m of the input is in the weights
        const step = (input: number) => {
          const jumped = i + input / membraneRate;
          v = v + membraneRate * (leak - v + jumped);
          i = jumped * (1 - synapseRate);
          const fired = v > theta;
          const compared = v;
          if (fired) v = reset;
          return [compared, fired] as const;
        };
        const model = cubaLif({
          beta: 1 - membraneRate,
          current: { beta: 1 - synapseRate },
          threshold: theta + 1,
          bias: membraneRate * leak,
          reset: { value: reset },
        });
        expectTwins({ step, model, offset: 0 }, inputs, true);
      }),
      { numRuns: 300 },
    );
  });

  it("NIR LIF in Euler steps: v += dt/tau (v_leak - v + R I); spike where v > v_threshold, then v = v_reset", () => {
    fc.assert(
      fc.property(
        shifts.chain((shift) => fc.tuple(fc.constant(shift), inputsOf(stepsOf(shift) - 1))),
        thetas,
        fc.integer({ min: -2, max: 4 }),
        ([shift, inputs], theta, resting) => {
          const rate = 2 ** -shift;
          const leak = resting * grid;
          let v = 0;
          const step = (input: number) => {
            v += rate * (leak - v) + input;
            const compared = v;
            const fired = v > theta;
            if (fired) v = 0;
            return [compared, fired] as const;
          };
          const model = lif({ beta: 1 - rate, threshold: theta + 1, bias: rate * leak, reset: "zero" });
          expectTwins({ step, model, offset: 0 }, inputs, true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
