import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivationFunction, RecurrentCell, RecurrentNode } from "../../../src/ann/graph.js";
import type { Tensor } from "../../../src/support/tensor.js";
import { at, make, noise } from "../graphs.js";
import { checkNode } from "./harness.js";

const functions: Readonly<Record<string, (x: number) => number>> = {
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  "hard-sigmoid": (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
  relu: (x) => Math.max(0, x),
  linear: (x) => x,
};

function functionOf(kind: string): ActivationFunction {
  if (kind === "relu") return { kind, negativeSlope: 0, threshold: 0 };
  if (kind === "hard-sigmoid") return { kind, slope: 0.2, offset: 0.5 };
  return { kind: kind as "tanh" };
}

type State = readonly (readonly number[])[];

/** One frame of a cell, one unit at a time, from the textbook equations. */
function frameOf(cell: RecurrentCell, x: readonly number[], [h, c]: State): State {
  const units = h!.length;
  const f = (a: number): number => functions[cell.activation.kind]!(a);
  const held = (a: number): number => (cell.clip === undefined ? a : Math.max(-cell.clip, Math.min(cell.clip, a)));
  const fromInput = (gate: number, u: number): number =>
    x.reduce(
      (sum, value, k) => sum + value * at(cell.kernel, [k, gate * units + u]),
      cell.bias?.data[gate * units + u] ?? 0,
    );
  const fromState = (gate: number, u: number, state: readonly number[]): number =>
    state.reduce((sum, value, k) => sum + value * at(cell.recurrentKernel, [k, gate * units + u]), 0);
  const all = [...Array(units).keys()];
  if (cell.kind === "simple") return [all.map((u) => f(held(fromInput(0, u) + fromState(0, u, h!))))];
  const gate = (a: number): number => functions[cell.recurrentActivation.kind]!(held(a));
  if (cell.kind === "gru") {
    const z = all.map((u) => gate(fromInput(0, u) + fromState(0, u, h!) + (cell.recurrentBias?.data[u] ?? 0)));
    const r = all.map((u) => gate(fromInput(1, u) + fromState(1, u, h!) + (cell.recurrentBias?.data[units + u] ?? 0)));
    return [
      all.map((u) => {
        const recurrent = cell.resetAfter
          ? r[u]! * (fromState(2, u, h!) + (cell.recurrentBias?.data[2 * units + u] ?? 0))
          : fromState(
              2,
              u,
              h!.map((value, k) => value * r[k]!),
            );
        return z[u]! * h![u]! + (1 - z[u]!) * f(held(fromInput(2, u) + recurrent));
      }),
    ];
  }
  const peep = (row: number, u: number, state: readonly number[]): number =>
    cell.peepholes ? at(cell.peepholes, [row, u]) * state[u]! : 0;
  const a = (k: number, u: number): number => fromInput(k, u) + fromState(k, u, h!);
  const i = all.map((u) => gate(a(0, u) + peep(0, u, c!)));
  const forget = all.map((u) => (cell.coupled ? 1 - i[u]! : gate(a(1, u) + peep(1, u, c!))));
  const next = all.map((u) => forget[u]! * c![u]! + i[u]! * f(held(a(2, u))));
  const out = functions[(cell.outputActivation ?? cell.activation).kind]!;
  return [all.map((u) => gate(a(3, u) + peep(2, u, next)) * out(next[u]!)), next];
}

/** `h` of every frame in time order, and the final state. */
function runCell(
  cell: RecurrentCell,
  x: Tensor,
  backward: boolean,
  initial: State,
): { readonly all: State; readonly last: State } {
  const [time, features] = x.shape as [number, number];
  const frames = Array.from({ length: time }, (_, t) => [...x.data.subarray(t * features, (t + 1) * features)]);
  let state = initial;
  const all: (readonly number[])[] = Array(time);
  for (let n = 0; n < time; n++) {
    const t = backward ? time - 1 - n : n;
    state = frameOf(cell, frames[t]!, state);
    all[t] = state[0]!;
  }
  return { all, last: state };
}

const features = 3;
const units = 4;
const gates = { simple: 1, lstm: 4, gru: 3 };

interface CellOptions {
  readonly kind: "simple" | "lstm" | "gru";
  readonly biased: boolean;
  readonly resetAfter: boolean;
  readonly peepholes: boolean;
  readonly coupled: boolean;
  readonly clip: boolean;
  readonly activation: string;
  readonly gate: string;
  readonly output: string | undefined;
}

const cellOptions: fc.Arbitrary<CellOptions> = fc.record({
  kind: fc.constantFrom<"simple" | "lstm" | "gru">("simple", "lstm", "gru"),
  biased: fc.boolean(),
  resetAfter: fc.boolean(),
  peepholes: fc.boolean(),
  coupled: fc.boolean(),
  clip: fc.boolean(),
  activation: fc.constantFrom("tanh", "relu", "linear"),
  gate: fc.constantFrom("sigmoid", "hard-sigmoid"),
  output: fc.constantFrom("tanh", "linear", undefined),
});

function cellOf(options: CellOptions, seed: number): RecurrentCell {
  const columns = gates[options.kind] * units;
  const common = {
    kernel: noise([features, columns], seed),
    recurrentKernel: noise([units, columns], seed + 1, -0.6, 0.6),
    ...(options.biased && { bias: noise([columns], seed + 2) }),
    ...(options.clip && { clip: 0.4 }),
    activation: functionOf(options.activation),
  };
  const recurrentActivation = functionOf(options.gate);
  if (options.kind === "simple") return { kind: "simple", ...common };
  if (options.kind === "gru") {
    const recurrentBias = options.resetAfter && options.biased ? { recurrentBias: noise([columns], seed + 3) } : {};
    return { kind: "gru", ...common, recurrentActivation, resetAfter: options.resetAfter, ...recurrentBias };
  }
  return {
    kind: "lstm",
    ...common,
    recurrentActivation,
    ...(options.output && { outputActivation: functionOf(options.output) }),
    ...(options.peepholes && { peepholes: noise([3, units], seed + 4) }),
    ...(options.coupled && { coupled: true }),
  };
}

/** The results of a layer from those of its cells. */
function layer(
  node: Omit<RecurrentNode, "name" | "sourceOp" | "inputs" | "outputs">,
  [x, ...initial]: readonly Tensor[],
): Tensor[] {
  const cells = [node.forward, node.backward].filter((cell) => cell !== undefined);
  const runs = cells.map((cell, side) => {
    const count = cell.kind === "lstm" ? 2 : 1;
    const given = initial.slice(side * count, (side + 1) * count).map((tensor) => [...tensor.data]);
    const zeros = Array.from({ length: count }, () => Array<number>(units).fill(0));
    return runCell(cell, x!, cell === node.backward, given.length > 0 ? given : zeros);
  });
  const time = x!.shape[0]!;
  const results = runs.map(({ all, last }) =>
    node.returnSequences ? make([time, units], ([t, u]) => all[t!]![u!]!) : make([units], ([u]) => last[0]![u!]!),
  );
  const [a, b] = results;
  const pointwise = (f: (p: number, q: number) => number): Tensor => make(a!.shape, (i) => f(at(a!, i), at(b!, i)));
  const merged = (): Tensor[] => {
    if (!b) return [a!];
    switch (node.merge) {
      case "none":
        return [a!, b];
      case "sum":
        return [pointwise((p, q) => p + q)];
      case "multiply":
        return [pointwise((p, q) => p * q)];
      case "average":
        return [pointwise((p, q) => (p + q) / 2)];
      case "concat":
        return [
          make([...a!.shape.slice(0, -1), 2 * units], (i) => {
            const u = i.at(-1)!;
            return u < units ? at(a!, i) : at(b, [...i.slice(0, -1), u - units]);
          }),
        ];
    }
  };
  const states = node.returnState
    ? runs.flatMap(({ last }) => last.map((state) => make([units], ([u]) => state[u!]!)))
    : [];
  return [...merged(), ...states];
}

describe("recurrent", () => {
  for (const kind of ["simple", "lstm", "gru"] as const) {
    it(`${kind} equals its equations in every form`, async () => {
      const property = fc.asyncProperty(
        cellOptions,
        fc.constantFrom("forward", "backward", "both"),
        fc.constantFrom<RecurrentNode["merge"]>("concat", "sum", "multiply", "average", "none"),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(1e6),
        async (options, direction, merge, returnSequences, returnState, given, time, seed) => {
          const cell = (offset: number): RecurrentCell => cellOf({ ...options, kind }, seed + offset);
          const node = {
            op: "recurrent",
            ...(direction !== "backward" && { forward: cell(0) }),
            ...(direction !== "forward" && { backward: cell(50) }),
            merge: direction === "both" ? merge : "concat",
            returnSequences,
            returnState,
          } as const;
          const states = given ? (kind === "lstm" ? 2 : 1) * (direction === "both" ? 2 : 1) : 0;
          const inputs = [[time, features], ...Array.from({ length: states }, () => [units])];
          await checkNode(node, { inputs, seed, tolerance: 1e-5, reference: (samples) => layer(node, samples) });
        },
      );
      await fc.assert(property, { numRuns: 60, seed: 1 });
    });
  }

  it("tells the gate orders apart (the check can fail)", async () => {
    const options = {
      kind: "lstm",
      biased: true,
      resetAfter: false,
      peepholes: false,
      coupled: false,
      clip: false,
      activation: "tanh",
      gate: "sigmoid",
      output: undefined,
    } as const;
    const cell = cellOf(options, 1);
    const node = {
      op: "recurrent",
      forward: cell,
      merge: "concat",
      returnSequences: true,
      returnState: false,
    } as const;
    // Columns of the second and third gate exchanged, as in a format that orders i, g, f, o.
    const swap = (tensor: Tensor): Tensor => {
      const order = [0, 2, 1, 3];
      return make(tensor.shape, (i) =>
        at(tensor, [...i.slice(0, -1), order[Math.floor(i.at(-1)! / units)]! * units + (i.at(-1)! % units)]),
      );
    };
    const wrong = { ...cell, kernel: swap(cell.kernel), recurrentKernel: swap(cell.recurrentKernel) };
    const reference = (samples: readonly Tensor[]) => layer({ ...node, forward: wrong }, samples);
    await expect(checkNode(node, { inputs: [[4, features]], reference })).rejects.toThrow(/wanted/);
  });
});
