import type { RecurrentCell, RecurrentNode } from "../../../../ann/graph.js";
import { reshapeValue, runtimeOf } from "../../import/arrange.js";
import type { NodeFields } from "../../import/builder.js";
import {
  type Call,
  constantInput,
  type Operator,
  oneSample,
  optionalConstant,
  runtimeInput,
  toRuntime,
} from "../../import/call.js";
import { perSample, type SampleInput } from "../../import/per-sample.js";
import { type Runtime, transposeView, type Value } from "../../import/value.js";
import { refuse } from "../../refusal.js";
import { type CellKind, cellOf, type RecurrentParameters } from "./cells.js";

/** What a recurrent operator is made of. */
interface Layer {
  readonly kind: CellKind;
  readonly cells: readonly RecurrentCell[];
  readonly forward: boolean;
  readonly units: number;
}

const gates: Record<CellKind, number> = { simple: 1, lstm: 4, gru: 3 };

/** `RNN`, `LSTM` and `GRU`: value `[time, batch, features]`, or batch first where `layout` says so. */
const recurrent =
  (kind: CellKind): Operator =>
  (call) => {
    const batchFirst = call.attributes.flag("layout");
    const given = runtimeInput(call, 0);
    if (given.shape.length !== 3) throw refuse("shape", `a sequence of shape [${given.shape}]`);
    const x = batchFirst ? transposeView(given, [1, 0, 2]) : given;
    const layer = layerOf(call, kind, x);
    checkLengths(call, x);
    const inputs: SampleInput[] = [{ value: x, batch: 1, axes: [0, 2] }, ...initialStates(call, layer, batchFirst)];
    const [wantsSequence, wantsStates] = [call.isUsed(0), call.isUsed(1) || call.isUsed(2)];
    const cellState = kind === "lstm" && call.isUsed(2);
    const returnState = cellState || (wantsSequence && wantsStates);
    const node = fieldsOf(layer, wantsSequence || !wantsStates, returnState);
    const perDirection = kind === "lstm" ? 2 : 1;
    const count = 1 + (returnState ? perDirection * layer.cells.length : 0);
    const { stored: names, rows } = perSample(call, inputs, (emit, sources) => {
      const [y, ...states] = emit({ ...node, inputs: sources }, undefined, count);
      const h = states.filter((_, k) => k % perDirection === 0);
      const c = states.filter((_, k) => k % perDirection === 1);
      const joined = (parts: string[], what: string) =>
        parts.length < 2 ? parts : emit({ op: "concat", inputs: parts, axis: 0 }, what);
      return [y!, ...joined(h, "last"), ...joined(c, "last-cell")];
    });
    const results = new Results(call, layer, rows, batchFirst);
    const last = returnState ? names[1] : names[0];
    return [
      wantsSequence ? results.sequence(names[0]!) : unused,
      wantsStates && last !== undefined ? results.state(last) : unused,
      cellState ? results.state(names[2]!) : unused,
    ].slice(0, Math.max(1, call.outputs)) as Value[];
  };

/** Stands for an output that nothing reads. */
const unused: Value = { kind: "unknown", origin: "" };

function layerOf(call: Call, kind: CellKind, x: Runtime): Layer {
  const weights = constantInput(call, 1, "the array of weights");
  const recurrence = constantInput(call, 2, "the recurrent weights");
  const bias = optionalConstant(call, 3, "the bias");
  const peepholes = kind === "lstm" ? optionalConstant(call, 7, "the peepholes") : undefined;
  const direction = call.attributes.string("direction", "forward");
  const directions = direction === "bidirectional" ? 2 : 1;
  if (!["forward", "reverse", "bidirectional"].includes(direction))
    throw refuse("attribute", `direction "${direction}"`);
  const units = recurrence.shape[2] ?? 0;
  const rows = gates[kind] * units;
  const check = (c: { readonly shape: readonly number[] } | undefined, wanted: readonly number[], what: string) => {
    if (c && (c.shape.length !== wanted.length || c.shape.some((extent, k) => extent !== wanted[k]))) {
      throw refuse("shape", `${what} of shape [${c.shape}], wanted [${wanted}]`);
    }
  };
  check(weights, [directions, rows, x.shape[2]!], "weights");
  check(recurrence, [directions, rows, units], "recurrent weights");
  check(bias, [directions, 2 * rows], "a bias");
  check(peepholes, [directions, 3 * units], "peepholes");
  const parameters: RecurrentParameters = {
    weights,
    recurrence,
    ...(bias ? { bias } : {}),
    ...(peepholes ? { peepholes } : {}),
  };
  const cells = Array.from({ length: directions }, (_, k) =>
    cellOf(kind, parameters, k, call.attributes, call.workspace),
  );
  return { kind, cells, forward: direction !== "reverse", units };
}

/** Sequences that end before the value does are refused. */
function checkLengths(call: Call, x: Runtime): void {
  const lengths = optionalConstant(call, 4, "sequence_lens");
  if (lengths?.data.some((length) => length !== x.shape[0])) {
    throw refuse("attribute", "sequence_lens shorter than the sequence", "Cut the sequence instead");
  }
}

function fieldsOf(layer: Layer, returnSequences: boolean, returnState: boolean) {
  const [first, second] = layer.cells as [RecurrentCell, RecurrentCell?];
  const cells = second
    ? { forward: first, backward: second }
    : layer.forward
      ? { forward: first }
      : { backward: first };
  const node: Omit<NodeFields<RecurrentNode>, "inputs"> = {
    op: "recurrent",
    ...cells,
    merge: "concat",
    returnSequences,
    returnState,
  };
  return node;
}

/** Initial states in the order of the graph: for each direction `h` and, for LSTM, `c`; none where all are zero. */
function initialStates(call: Call, layer: Layer, batchFirst: boolean): SampleInput[] {
  const states = [5, ...(layer.kind === "lstm" ? [6] : [])].map((k) => call.inputs[k]);
  const isZero = (value: Value | undefined) =>
    !value || (value.kind === "constant" && value.data.every((x) => x === 0));
  if (states.every(isZero)) return [];
  const batch = runtimeInput(call, 0).shape[batchFirst ? 0 : 1]!;
  return layer.cells.flatMap((_, direction) =>
    states.map((state) => {
      if (!state) return { value: zeros(call, [batch, layer.units]), batch: 0, axes: [1] };
      const axis = batchFirst ? 0 : 1;
      const value = toRuntime(call, state.kind === "constant" && batch === 1 ? oneSample(call, state, axis) : state);
      const turned = batchFirst ? transposeView(value, [1, 0, 2]) : value;
      return { value: directionOf(call, turned, direction), batch: 0, axes: [1] };
    }),
  );
}

function zeros(call: Call, shape: readonly number[]): Runtime {
  const data = call.workspace.allocate(
    "float32",
    shape.reduce((a, b) => a * b, 1),
  );
  return toRuntime(call, { kind: "constant", type: "float32", shape, data });
}

/** `[batch, units]` of one direction of `[directions, batch, units]`. */
function directionOf(call: Call, state: Runtime, direction: number): Runtime {
  if (state.shape[0] === 1) return reshapeValue(call.build, state, state.shape.slice(1));
  const at = state.axes.indexOf(0);
  const indices = { shape: [], data: Float32Array.of(direction) };
  const fields = { op: "gather", inputs: [state.stored], axis: at, indices } as const;
  const stored = call.build.emit(fields, `initial-${direction}`)[0]!;
  const axes = state.axes.filter((axis) => axis !== 0).map((axis) => axis - 1);
  return runtimeOf(call.build, stored, axes, 2, state.type);
}

/** Puts results into the shapes of ONNX; the directions lie side by side in what the graph holds. */
class Results {
  private readonly call: Call;
  private readonly layer: Layer;
  private readonly rows: boolean;
  private readonly batchFirst: boolean;

  constructor(call: Call, layer: Layer, rows: boolean, batchFirst: boolean) {
    this.call = call;
    this.layer = layer;
    this.rows = rows;
    this.batchFirst = batchFirst;
  }

  /** `[time, directions, batch, units]`, or `[batch, time, directions, units]`. */
  sequence(stored: string): Runtime {
    const value = runtimeOf(this.call.build, stored, this.rows ? [0, 1, 2] : [1, 2], 3, "float32");
    const [batch, time] = value.shape as [number, number, number];
    const split = reshapeValue(this.call.build, value, [batch, time, this.layer.cells.length, this.layer.units]);
    return this.batchFirst ? split : transposeView(split, [1, 2, 0, 3]);
  }

  /** `[directions, batch, units]`, or `[batch, directions, units]`. */
  state(stored: string): Runtime {
    const value = runtimeOf(this.call.build, stored, this.rows ? [0, 1] : [1], 2, "float32");
    const split = reshapeValue(this.call.build, value, [value.shape[0]!, this.layer.cells.length, this.layer.units]);
    return this.batchFirst ? split : transposeView(split, [1, 0, 2]);
  }
}

export const recurrentOperators: Readonly<Record<string, Operator>> = {
  ":RNN": recurrent("simple"),
  ":LSTM": recurrent("lstm"),
  ":GRU": recurrent("gru"),
};
