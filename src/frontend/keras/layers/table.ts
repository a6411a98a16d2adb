import type { LayerReader } from "./call.js";
import { bidirectional, recurrent, recurrentClasses } from "./recurrent/recurrent.js";
import { timeDistributed } from "./recurrent/time-distributed.js";
import { convolution, depthwise, separable } from "./spatial/convolution.js";
import { globalPooling, pooling } from "./spatial/pooling.js";
import { transposedConvolution } from "./spatial/transposed-convolution.js";
import { convolution3d, globalPooling3d, pooling3d, upSampling3d } from "./spatial/volume.js";
import {
  activation,
  elu,
  identity,
  leakyRelu,
  prelu,
  reluLayer,
  softmax,
  thresholdedRelu,
} from "./vector/activation.js";
import { cropping, flatten, permute, repeatVector, reshape, upSampling, zeroPadding } from "./vector/arrangement.js";
import { batchNormalization, dense } from "./vector/dense.js";
import { embedding, masking } from "./vector/embedding.js";
import { concatenate, elementwise, merge } from "./vector/merge.js";
import { groupNormalization, layerNormalization, normalization, rescaling } from "./vector/normalization.js";

/** Readers by layer class (current names; `currentClass` maps older ones), for layers without weights. */
const weightless: ReadonlyMap<string, LayerReader> = new Map<string, LayerReader>([
  ["Activation", activation],
  ["ReLU", reluLayer],
  ["LeakyReLU", leakyRelu],
  ["ELU", elu],
  ["ThresholdedReLU", thresholdedRelu],
  ["Softmax", softmax],
  ["Dropout", identity],
  ["SpatialDropout1D", identity],
  ["SpatialDropout2D", identity],
  ["SpatialDropout3D", identity],
  ["AlphaDropout", identity],
  ["GaussianDropout", identity],
  ["GaussianNoise", identity],
  ["ActivityRegularization", identity],
  ["Identity", identity],
  ["RandomBrightness", identity],
  ["RandomContrast", identity],
  ["RandomFlip", identity],
  ["RandomRotation", identity],
  ["RandomTranslation", identity],
  ["RandomZoom", identity],
  ["MaxPooling1D", pooling("max", 1)],
  ["MaxPooling2D", pooling("max", 2)],
  ["AveragePooling1D", pooling("average", 1)],
  ["AveragePooling2D", pooling("average", 2)],
  ["GlobalMaxPooling1D", globalPooling("max", 1)],
  ["GlobalMaxPooling2D", globalPooling("max", 2)],
  ["GlobalAveragePooling1D", globalPooling("average", 1)],
  ["GlobalAveragePooling2D", globalPooling("average", 2)],
  ["Flatten", flatten],
  ["Reshape", reshape],
  ["Permute", permute],
  ["RepeatVector", repeatVector],
  ["ZeroPadding1D", zeroPadding(1)],
  ["ZeroPadding2D", zeroPadding(2)],
  ["ZeroPadding3D", zeroPadding(3)],
  ["Cropping1D", cropping(1)],
  ["Cropping2D", cropping(2)],
  ["Cropping3D", cropping(3)],
  ["UpSampling1D", upSampling(1)],
  ["UpSampling2D", upSampling(2)],
  ["Add", elementwise("add")],
  ["Subtract", elementwise("subtract")],
  ["Multiply", elementwise("multiply")],
  ["Average", elementwise("average")],
  ["Maximum", elementwise("maximum")],
  ["Minimum", elementwise("minimum")],
  ["Concatenate", concatenate],
  ["Merge", merge],
  ["Masking", masking],
  ["Rescaling", rescaling],
  ["MaxPooling3D", pooling3d("max")],
  ["AveragePooling3D", pooling3d("average")],
  ["GlobalMaxPooling3D", globalPooling3d("max")],
  ["GlobalAveragePooling3D", globalPooling3d("average")],
  ["UpSampling3D", upSampling3d],
]);

const weighted: ReadonlyMap<string, LayerReader> = new Map<string, LayerReader>([
  ["Dense", dense],
  ["Conv1D", convolution(1)],
  ["Conv2D", convolution(2)],
  ["DepthwiseConv1D", depthwise(1)],
  ["DepthwiseConv2D", depthwise(2)],
  ["SeparableConv1D", separable(1)],
  ["SeparableConv2D", separable(2)],
  ["BatchNormalization", batchNormalization],
  ["PReLU", prelu],
  ["Conv3D", convolution3d],
  ["Conv1DTranspose", transposedConvolution(1)],
  ["Conv2DTranspose", transposedConvolution(2)],
  ["Embedding", embedding],
  ["LayerNormalization", layerNormalization],
  ["GroupNormalization", groupNormalization],
  ["Normalization", normalization],
  ...[...recurrentClasses.keys()].map((name): [string, LayerReader] => [name, recurrent]),
  ["Bidirectional", bidirectional],
  ["TimeDistributed", timeDistributed],
]);

/** The reader of a layer class, or undefined for a class that has none. */
export function layerReader(className: string): LayerReader | undefined {
  return weightless.get(className) ?? weighted.get(className);
}

/** Whether layers of the class have weights. */
export function hasWeights(className: string): boolean {
  return weighted.has(className);
}

/** Class names that have a reader. */
export function supportedClasses(): string[] {
  return [...weightless.keys(), ...weighted.keys()].sort();
}
