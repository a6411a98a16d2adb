import { Model } from "../../../test/quantize/fold/model.js";
import type { LayerRow } from "./row.js";

const sequence = [5, 4] as const;

const simple = (m: Model, from: string, kind: "simple" | "lstm" | "gru"): string => {
  const gates = { simple: 1, lstm: 4, gru: 3 }[kind];
  const common = {
    kernel: m.tensor([4, gates * 3]),
    recurrentKernel: m.tensor([3, gates * 3]),
    activation: { kind: "tanh" },
  } as const;
  const sigmoid = { kind: "sigmoid" } as const;
  const forward =
    kind === "simple"
      ? ({ kind, ...common } as const)
      : kind === "lstm"
        ? ({ kind, ...common, recurrentActivation: sigmoid } as const)
        : ({ kind, ...common, recurrentActivation: sigmoid, resetAfter: true } as const);
  return m.add("recurrent", [from], { forward, merge: "concat", returnSequences: false, returnState: false });
};

/** Layers over sequences. */
export const sequenceRows: readonly LayerRow[] = [
  {
    layer: "simple recurrent layer",
    keras: "SimpleRNN",
    onnx: "RNN",
    input: sequence,
    add: (m) => simple(m, "x", "simple"),
  },
  { layer: "LSTM", keras: "LSTM CuDNNLSTM", onnx: "LSTM", input: sequence, add: (m) => simple(m, "x", "lstm") },
  { layer: "GRU", keras: "GRU CuDNNGRU", onnx: "GRU", input: sequence, add: (m) => simple(m, "x", "gru") },
  {
    layer: "both directions of a sequence",
    keras: "Bidirectional",
    onnx: "RNN LSTM GRU",
    input: sequence,
    add: (m) => {
      const cell = () =>
        ({
          kind: "simple",
          kernel: m.tensor([4, 3]),
          recurrentKernel: m.tensor([3, 3]),
          activation: { kind: "tanh" },
        }) as const;
      return m.add("recurrent", ["x"], {
        forward: cell(),
        backward: cell(),
        merge: "concat",
        returnSequences: false,
        returnState: false,
      });
    },
  },
  {
    layer: "layer over every frame",
    keras: "TimeDistributed",
    onnx: "",
    input: sequence,
    add: (m) => {
      const inner = new Model([4], 3);
      return m.add("time-distributed", ["x"], { body: inner.graph(inner.dense("x", 4, 3)) });
    },
  },
];
