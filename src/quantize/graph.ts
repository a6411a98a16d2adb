/**
 * The integer network: the golden model of everything below it.
 *
 * All values are integers. A layer maps integer tensors `[height, width, channels]` (row-major, channels fastest; dense
 * layers are `[1, 1, channels]`, 1-D ones `[1, length, channels]`) to integers:
 *
 *   X[n] = v0[c] + sum over terms sum over synapses w * x           (exact, 53-bit safe)
 *   y[n] = clamp(floor(X[n] / theta[c]), min, max)                  activation "quantize"
 *   y[n] = X[n]                                                     activation "none" (readout)
 *
 * `v0` holds bias and rounding: `v0 = bias + floor(theta / 2)`. The rule rounds half up. See the spiking neuron of
 * `src/arch/neuron.ts`, whose final spike count is `y` on every schedule.
 */
export interface QuantGraph {
  readonly name: string;
  readonly input: QuantInput;
  /** Topological order; the last one, and only it, is the readout: neurons with activation "none". */
  readonly layers: readonly QuantLayer[];
}

/**
 * How raw values become levels `q = clamp(floor(x / scale + zero + 0.5), 0, 2^bits - 1)`, `x = value * inputScale +
 * inputOffset`; evaluated as `floor(value * (inputScale / scale) + (inputOffset / scale + zero + 0.5))`.
 */
export interface QuantInput {
  readonly name: string;
  readonly shape: Shape3;
  readonly bits: number;
  /** Real value of one level. */
  readonly scale: number;
  /** Level that stands for real 0. Zero for non-negative inputs. */
  readonly zero: number;
  /** What the caller's raw values are multiplied with and offset by before quantisation (CLI `--input-scale`, `--input-offset`). */
  readonly inputScale: number;
  readonly inputOffset: number;
  /** Axis order of the caller's raw values; levels are always channels last. */
  readonly layout: "channels-last" | "channels-first";
  /**
   * Pixels of level `zero` that `quantizeInput` lays around the caller's values; `shape` includes them. They stand for the
   * zero padding of the first layer where `zero` is not 0.
   */
  readonly margin: readonly [top: number, left: number, bottom: number, right: number];
}

/** `[height, width, channels]`. */
export type Shape3 = readonly [height: number, width: number, channels: number];

/** One linear map into a layer. Several terms add into the same membrane (residual add). */
export interface LinearTerm {
  /** Name of the input or of a layer. */
  readonly from: string;
  /** Cross-correlation window in pixels. A dense map over a whole value has the window of the value's size. */
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  /** Zero pixels around the source: top, left (bottom and right follow from the output shape). */
  readonly padding: readonly [top: number, left: number];
  readonly groups: number;
  /** `[kernelHeight, kernelWidth, inChannels / groups, outChannels]`, row-major. */
  readonly weights: Int32Array;
  readonly weightBits: number;
}

/** Neurons: linear terms and one staircase. */
export interface NeuronLayer {
  readonly kind: "neurons";
  readonly name: string;
  readonly shape: Shape3;
  readonly terms: readonly LinearTerm[];
  /** Initial membrane per channel. */
  readonly v0: Int32Array;
  readonly activation: QuantActivation;
  /** Width that holds the membrane of every channel over all inputs and all schedules: proven by `bounds.ts`. */
  readonly membraneBits: number;
}

export type QuantActivation =
  /** `theta[c] >= 1`; `max = 2^bits - 1` and `min = 0`, or signed `min = -2^(bits-1)`, `max = 2^(bits-1) - 1`. */
  | {
      readonly kind: "quantize";
      readonly theta: Int32Array;
      readonly min: number;
      readonly max: number;
      readonly scale: number;
    }
  /** Membrane is the result; `scale` is the real value of one lsb, the same for all channels. */
  | { readonly kind: "none"; readonly scale: number };

/**
 * `max` takes the maximum of the window, `sum` adds it up (an average whose divisor went into the next threshold).
 * Cells outside the source count for nothing; a window without any cell inside gives 0.
 */
export interface PoolLayer {
  readonly kind: "pool";
  readonly name: string;
  readonly shape: Shape3;
  readonly from: string;
  readonly op: "max" | "sum";
  readonly window: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number];
  /** Range of the values: `[min, max]`. */
  readonly range: readonly [min: number, max: number];
}

export type QuantLayer = NeuronLayer | PoolLayer;
