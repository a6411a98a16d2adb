import type { ActivationFunction } from "../../../src/ann/graph.js";
import type { Model } from "../../../test/quantize/fold/model.js";
import type { LayerRow } from "./row.js";
import { sequenceRows } from "./sequence-rows.js";

const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
const pads = (...pairs: readonly (readonly [number, number])[]) => pairs;
const vector = [8] as const;
const image = [6, 6, 2] as const;
const sequence = [5, 4] as const;

const act = (layer: string, f: ActivationFunction, keras: string, onnx: string): LayerRow => ({
  layer,
  keras,
  onnx,
  input: vector,
  add: (m) => m.act(m.dense("x", 8, 8), f),
});

const constant = (kind: "add" | "multiply" | "power", value: number) => (m: Model) =>
  m.add("elementwise", [m.dense("x", 8, 8)], { kind, constant: scalar(value) });
const branches = (kind: "add" | "multiply" | "maximum") => (m: Model) =>
  m.add("elementwise", [m.relu(m.dense("x", 8, 8)), m.relu(m.dense("x", 8, 8))], { kind });

/** Every layer that a reader makes something of. Names without backing in the readers, or missing here, stop the generation. */
export const layerRows: readonly LayerRow[] = [
  { layer: "dense", keras: "Dense", onnx: "Gemm MatMul", input: vector, add: (m) => m.dense("x", 8, 6) },
  {
    layer: "convolution: strides, padding, dilation, groups",
    keras: "Conv1D Conv2D DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D Conv3D",
    onnx: "Conv",
    input: image,
    add: (m) => m.conv("x", [3, 3, 1, 4], { padding: pads([1, 1], [1, 1]), strides: [2, 1], groups: 2 }),
  },
  {
    layer: "transposed convolution",
    keras: "Conv1DTranspose Conv2DTranspose",
    onnx: "ConvTranspose",
    input: image,
    add: (m) =>
      m.add("conv-transpose", ["x"], {
        kernel: m.tensor([2, 2, 3, 2]),
        strides: [2, 2],
        padding: pads([0, 0], [0, 0]),
        outputPadding: [0, 0],
        dilations: [1, 1],
        groups: 1,
      }),
  },
  {
    layer: "batch normalisation",
    keras: "BatchNormalization Normalization",
    onnx: "BatchNormalization",
    input: image,
    add: (m) => m.relu(m.batchNorm(m.conv("x", [3, 3, 2, 3]), 3)),
  },
  {
    layer: "normalisation over the sample",
    keras: "LayerNormalization GroupNormalization",
    onnx: "LayerNormalization GroupNormalization InstanceNormalization LpNormalization LRN",
    input: vector,
    add: (m) => m.add("layer-norm", [m.dense("x", 8, 8)], { axes: [0], epsilon: 0.001 }),
  },
  {
    layer: "maximum pool",
    keras: "MaxPooling1D MaxPooling2D MaxPooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D",
    onnx: "MaxPool GlobalMaxPool",
    input: image,
    add: (m) => m.pool(m.relu(m.conv("x", [3, 3, 2, 3])), "max", [2, 2]),
  },
  {
    layer: "average pool",
    keras:
      "AveragePooling1D AveragePooling2D AveragePooling3D GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D",
    onnx: "AveragePool GlobalAveragePool",
    input: image,
    add: (m) => m.pool(m.relu(m.conv("x", [3, 3, 2, 3])), "average", [2, 2]),
  },
  act("ReLU, ReLU6", { kind: "relu", negativeSlope: 0, threshold: 0 }, "ReLU Activation", "Relu"),
  act("clip from 0", { kind: "clip", min: 0, max: 2 }, "", "Clip"),
  act("clip to both sides of 0", { kind: "clip", min: -1, max: 1 }, "", "Clip"),
  act("hard sigmoid", { kind: "hard-sigmoid", slope: 0.2, offset: 0.5 }, "", "HardSigmoid"),
  act(
    "leaky and thresholded ReLU",
    { kind: "relu", negativeSlope: 0.1, threshold: 0 },
    "LeakyReLU PReLU ThresholdedReLU",
    "LeakyRelu PRelu ThresholdedRelu",
  ),
  act(
    "sigmoid, tanh, softplus, softsign, exponential",
    { kind: "sigmoid" },
    "",
    "Sigmoid Tanh Softplus Softsign Exp Erf",
  ),
  act("ELU, SELU, CELU", { kind: "elu", alpha: 1 }, "ELU", "Elu Selu Celu"),
  act("Swish, GELU, Mish", { kind: "swish" }, "", "Swish HardSwish Gelu Mish"),
  act("other functions of one value", { kind: "abs" }, "", "Abs Sqrt Log Sign Reciprocal Sin Cos Floor Ceil Round Not"),
  {
    layer: "softmax",
    keras: "Softmax",
    onnx: "Softmax LogSoftmax",
    input: vector,
    add: (m) => m.add("softmax", [m.dense("x", 8, 8)], { axis: 0, log: false }),
  },
  {
    layer: "argmax",
    keras: "",
    onnx: "ArgMax ArgMin TopK",
    input: vector,
    add: (m) => m.add("arg", [m.dense("x", 8, 8)], { kind: "max", axis: 0, keepDims: true }),
  },
  {
    layer: "sum of branches",
    keras: "Add Subtract Average Merge",
    onnx: "Add Sub Sum Mean",
    input: vector,
    add: branches("add"),
  },
  {
    layer: "constant added or multiplied",
    keras: "Rescaling",
    onnx: "Mul Div Neg",
    input: vector,
    add: constant("multiply", 2),
  },
  { layer: "product of branches", keras: "Multiply", onnx: "", input: vector, add: branches("multiply") },
  {
    layer: "maximum, minimum of branches",
    keras: "Maximum Minimum",
    onnx: "Max Min",
    input: vector,
    add: branches("maximum"),
  },
  { layer: "power, remainder", keras: "", onnx: "Pow Mod", input: vector, add: constant("power", 2) },
  {
    layer: "comparison, choice",
    keras: "",
    onnx: "Equal Greater GreaterOrEqual Less LessOrEqual And Or Xor Where",
    input: vector,
    add: (m) => m.add("compare", [m.dense("x", 8, 8)], { kind: "greater", constant: scalar(0) }),
  },
  {
    layer: "concatenation",
    keras: "Concatenate",
    onnx: "Concat",
    input: image,
    add: (m) => m.add("concat", [m.relu(m.conv("x", [1, 1, 2, 2])), m.relu(m.conv("x", [1, 1, 2, 3]))], { axis: 2 }),
  },
  {
    layer: "reshape, flatten, transpose",
    keras: "Flatten Reshape Permute",
    onnx: "Reshape Flatten Squeeze Unsqueeze Transpose DepthToSpace",
    input: image,
    add: (m) => m.reshape(m.transpose(m.relu(m.conv("x", [3, 3, 2, 3])), [2, 0, 1]), [48]),
  },
  {
    layer: "slice, split, gather, repeat",
    keras: "Cropping1D Cropping2D Cropping3D RepeatVector",
    onnx: "Slice Split Gather Expand Tile",
    input: image,
    add: (m) => m.add("slice", [m.relu(m.conv("x", [1, 1, 2, 3]))], { axes: [0], starts: [1], ends: [5], steps: [1] }),
  },
  {
    layer: "padding",
    keras: "ZeroPadding1D ZeroPadding2D ZeroPadding3D",
    onnx: "Pad",
    input: image,
    add: (m) => {
      const padded = m.add("pad", ["x"], { padding: pads([1, 1], [1, 1], [0, 0]), value: 0, mode: "constant" });
      return m.relu(m.conv(padded, [3, 3, 2, 3]));
    },
  },
  {
    layer: "upsampling",
    keras: "UpSampling1D UpSampling2D UpSampling3D",
    onnx: "Resize Upsample",
    input: image,
    add: (m) =>
      m.add("upsample", ["x"], { mode: "nearest", scales: [2, 2], coordinates: "asymmetric", rounding: "floor" }),
  },
  {
    layer: "mean, sum, maximum over the image",
    keras: "",
    onnx: "ReduceMean ReduceSum ReduceMax",
    input: image,
    add: (m) => m.add("reduce", [m.relu(m.conv("x", [3, 3, 2, 3]))], { kind: "mean", axes: [0, 1], keepDims: false }),
  },
  {
    layer: "other reductions",
    keras: "",
    onnx: "ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp",
    input: image,
    add: (m) => m.add("reduce", [m.relu(m.conv("x", [3, 3, 2, 3]))], { kind: "l2", axes: [0, 1], keepDims: false }),
  },
  {
    layer: "nothing at inference",
    keras:
      "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianDropout GaussianNoise ActivityRegularization RandomBrightness RandomContrast RandomFlip RandomRotation RandomTranslation RandomZoom Identity",
    onnx: "Identity Dropout Cast CastLike",
    input: vector,
    add: (m) => m.add("identity", [m.dense("x", 8, 8)], {}),
  },
  {
    layer: "quantiser with levels (QDQ, QLinear, ONNX Runtime, QONNX)",
    keras: "",
    onnx: "QuantizeLinear DequantizeLinear QLinearConv QLinearMatMul qonnx:Quant qonnx:IntQuant qonnx:BipolarQuant qonnx:MultiThreshold com.microsoft:QLinearAdd com.microsoft:QLinearMul com.microsoft:QLinearAveragePool com.microsoft:QLinearGlobalAveragePool com.microsoft:QLinearLeakyRelu com.microsoft:QLinearSigmoid com.microsoft:QLinearSoftmax com.microsoft:QLinearConcat com.microsoft:QGemm",
    input: vector,
    add: (m) =>
      m.add("quant", [m.dense("x", 8, 8)], {
        scale: scalar(0.25),
        zeroPoint: scalar(0),
        bitWidth: scalar(4),
        signed: false,
        narrow: false,
        rounding: "half-even",
        result: "real",
      }),
  },
  {
    layer: "integer products, truncation of levels",
    keras: "",
    onnx: "ConvInteger MatMulInteger DynamicQuantizeLinear qonnx:Trunc",
    input: vector,
    add: (m) => m.act(m.dense("x", 8, 8), { kind: "round" }),
  },
  {
    layer: "product of two values",
    keras: "",
    onnx: "MatMul",
    input: sequence,
    add: (m) => m.add("matmul", ["x", "x"], { transposeFirst: false, transposeSecond: true }),
  },
  {
    layer: "embedding",
    keras: "Embedding",
    onnx: "Gather",
    input: [3],
    add: (m) => m.add("embedding", ["x"], { table: m.tensor([4, 2]) }),
  },
  ...sequenceRows,
];

/** Names that a reader knows only to refuse them, with a reason. */
export const refusedNames = { keras: ["Masking"], onnx: ["If", "Loop", "Scan"] } as const;
