import type { RecurrentCell } from "../../../../ann/graph.js";
import type { Tensor } from "../../../../support/tensor.js";
import type { Dialect } from "../../topology/dialect.js";
import type { LayerWeights } from "../../weights/weights.js";
import type { LayerConfig } from "../layer-config.js";
import { cellActivation } from "../named-activation.js";
import { fromCudnn } from "./cudnn.js";

/** Columns of gates in the kernels, by kind. */
const gates = { SimpleRNN: 1, LSTM: 4, GRU: 3 } as const;

export type CellClass = keyof typeof gates;

/** Everything that decides the meaning of one direction of a recurrent layer. */
export interface CellSource {
  readonly cellClass: CellClass;
  readonly isCudnn: boolean;
  readonly config: LayerConfig;
  readonly weights: LayerWeights;
  readonly dialect: Dialect;
  /** Features of a frame. */
  readonly features: number;
}

/**
 * Parameters of one direction. Gate orders are i, f, c, o (LSTM) and z, r, h (GRU), as in AnnGraph.
 *
 * A GRU bias of shape `[2, 3 * units]` says `reset_after`; the configuration must agree where it says anything.
 *
 * @throws `weights-do-not-match`, Unsupported for unknown activations.
 */
export function recurrentCell(source: CellSource): RecurrentCell {
  const { cellClass, config, weights, features, dialect } = source;
  const units = config.integer("units", 1);
  const width = gates[cellClass] * units;
  const hasBias = config.boolean("use_bias", true);
  const [kernel, recurrent, bias] = weights.take(["kernel", "recurrent_kernel", ...(hasBias ? ["bias"] : [])]);
  const stored = {
    kernel: weights.shaped("kernel", kernel!, [features, width]),
    recurrentKernel: weights.shaped("recurrent_kernel", recurrent!, [units, width]),
  };
  const kernels = source.isCudnn ? fromCudnn(stored, units) : stored;
  const named = (key: string, otherwise: string) =>
    cellActivation(source.isCudnn ? otherwise : config.raw(key), otherwise, dialect);
  const activation = named("activation", "tanh");
  if (cellClass === "SimpleRNN") {
    return { kind: "simple", ...kernels, ...(bias ? { bias: weights.shaped("bias", bias, [width]) } : {}), activation };
  }
  const gateName = source.isCudnn || dialect.major === 3 ? "sigmoid" : "hard_sigmoid";
  const recurrentActivation = named("recurrent_activation", gateName);
  if (cellClass === "LSTM") {
    const whole =
      bias &&
      (source.isCudnn ? sumOfHalves(weights.shaped("bias", bias, [2 * width])) : weights.shaped("bias", bias, [width]));
    return { kind: "lstm", ...kernels, ...(whole ? { bias: whole } : {}), activation, recurrentActivation };
  }
  return { kind: "gru", ...kernels, activation, recurrentActivation, ...gruBias(source, bias, width) };
}

function gruBias(source: CellSource, bias: Tensor | undefined, width: number) {
  const { config, weights } = source;
  const stated = config.raw("reset_after") === undefined ? undefined : config.boolean("reset_after", false);
  const isDouble = source.isCudnn || bias?.shape.length === 2;
  // Keras 3 resets after by default; older files that do not say reset before.
  const resetAfter = source.isCudnn || (stated ?? (isDouble || source.dialect.major === 3));
  if (!bias) return { resetAfter };
  if (isDouble !== resetAfter)
    throw weights.mismatch(`its bias has shape [${bias.shape.join(", ")}], but reset_after is ${resetAfter}`);
  if (!resetAfter) return { resetAfter, bias: weights.shaped("bias", bias, [width]) };
  const both = source.isCudnn ? weights.shaped("bias", bias, [2 * width]) : weights.shaped("bias", bias, [2, width]);
  return {
    resetAfter,
    bias: { shape: [width], data: both.data.slice(0, width) },
    recurrentBias: { shape: [width], data: both.data.slice(width) },
  };
}

function sumOfHalves(tensor: Tensor): Tensor {
  const half = tensor.data.length / 2;
  const data = tensor.data.slice(0, half);
  for (let i = 0; i < half; i++) data[i]! += tensor.data[half + i]!;
  return { shape: [half], data };
}
