import type { InstructionField, PassRegister } from "../isa.js";

const field = (name: string, lsb: number, bits: number): InstructionField => ({ name, lsb, bits });

/** Registers that `set` loads in a core with dynamics, beside those of `isa.ts`. */
export const dynamicsRegisters: readonly PassRegister[] = [
  {
    name: "current",
    index: 16,
    fields: [field("loss", 0, 13), field("rounding", 13, 2), field("leak-rounding", 15, 2)],
    meaning: "loss of the synaptic current, 4096ths; rounding (floor, nearest, up, away) of it and of the leak",
  },
  {
    name: "behaviour",
    index: 17,
    fields: [
      field("reset", 0, 2),
      field("delayed", 2, 1),
      field("gate", 3, 2),
      field("rank", 5, 2),
      field("noise", 7, 1),
      field("rewind", 8, 1),
      field("spacing", 9, 6),
    ],
    meaning:
      "reset (subtract, value, none), delayed reset, refractory gate (hold, ignore-input, no-fire), what `argmax` compares " +
      "(potential, margin, post-trace), threshold noise; rewind: every position is a step of the same neurons; cycles from visit to visit, at least lanes",
  },
  {
    name: "adaptation",
    index: 18,
    fields: [field("increment", 0, 11), field("decay", 11, 4), field("scale", 15, 3)],
    meaning: "adaptive threshold: rise with a spike, decay shift (0: none), scale shift",
  },
  {
    name: "pre-trace",
    index: 19,
    fields: [field("increment", 0, 8), field("shift", 8, 3), field("decay", 11, 2), field("sets", 13, 1)],
    meaning: "trace x: rise with a spike, shift, decay (exponential, timer, count), a spike sets it",
  },
  {
    name: "post-trace",
    index: 20,
    fields: [field("increment", 0, 8), field("shift", 8, 3), field("decay", 11, 2), field("sets", 13, 1)],
    meaning: "trace y, likewise",
  },
  {
    name: "inhibition",
    index: 21,
    fields: [field("amount", 0, 16), field("block", 16, 4)],
    meaning: "what a winner does to the other neurons: lsb off their potential, steps of refractory period",
  },
  { name: "seed", index: 22, fields: [field("value", 0, 22)], meaning: "restarts the noise generator" },
  {
    name: "learn-source",
    index: 23,
    fields: [field("state", 0, 11), field("rows", 11, 11)],
    meaning: "state word of the first presynaptic neuron, number of presynaptic neurons",
  },
  {
    name: "pre-rule",
    index: 24,
    fields: [field("kind", 0, 2), field("amount", 2, 8), field("shift", 10, 3), field("stochastic", 13, 1)],
    meaning: "change on a presynaptic event (none, rectangular, trace, spike-driven)",
  },
  {
    name: "post-rule",
    index: 25,
    fields: [
      field("kind", 0, 2),
      field("amount", 2, 8),
      field("shift", 10, 3),
      field("stochastic", 13, 1),
      field("offset", 14, 8),
    ],
    meaning: "change on a postsynaptic spike (none, rectangular, trace)",
  },
  {
    name: "spike-driven-up",
    index: 26,
    fields: [field("low", 0, 8), field("high", 8, 9)],
    meaning: "traces y from low to below high let a presynaptic event strengthen",
  },
  {
    name: "spike-driven-down",
    index: 27,
    fields: [field("low", 0, 8), field("high", 8, 9)],
    meaning: "and those that let it weaken",
  },
  {
    name: "spike-driven-potential",
    index: 28,
    fields: [field("v", 0, 16)],
    meaning: "from this potential on it strengthens, below it weakens; signed",
  },
  {
    name: "weight-bounds",
    index: 29,
    fields: [field("min", 0, 8), field("max", 8, 8)],
    meaning: "bounds of a learned weight, signed",
  },
  {
    name: "reward",
    index: 30,
    fields: [field("shift", 0, 3), field("decay", 3, 3), field("negative", 6, 1), field("row", 7, 14)],
    meaning: "how `reward` moves eligibilities into weights; row of the first eligibility",
  },
];

/** Codes of the fields that choose: positions in these lists. */
export const traceDecays = ["exponential", "timer", "count"] as const;
export const ranks = ["potential", "margin", "post-trace"] as const;
export const preRuleKinds = ["none", "rectangular", "trace", "spike-driven"] as const;
export const postRuleKinds = ["none", "rectangular", "trace"] as const;
