import { isList, type Json, type JsonObject, member, stringMember } from "../../bytes/json.js";

/** Class names of older versions that mean a class of Keras 2 or 3. */
const renamedClasses = new Map([
  ["Convolution1D", "Conv1D"],
  ["Convolution2D", "Conv2D"],
  ["Convolution3D", "Conv3D"],
  ["AtrousConvolution1D", "Conv1D"],
  ["AtrousConvolution2D", "Conv2D"],
  ["AtrousConv1D", "Conv1D"],
  ["AtrousConv2D", "Conv2D"],
  ["Convolution2DTranspose", "Conv2DTranspose"],
  ["Deconvolution2D", "Conv2DTranspose"],
  ["SeparableConvolution1D", "SeparableConv1D"],
  ["SeparableConvolution2D", "SeparableConv2D"],
  ["DepthwiseConvolution2D", "DepthwiseConv2D"],
  ["TimeDistributedDense", "Dense"],
  ["BatchNormalizationV1", "BatchNormalization"],
  ["BatchNormalizationV2", "BatchNormalization"],
  ["UnifiedLSTM", "LSTM"],
  ["UnifiedGRU", "GRU"],
  ["LSTMV2", "LSTM"],
  ["GRUV2", "GRU"],
  ["GlobalAvgPool1D", "GlobalAveragePooling1D"],
  ["GlobalAvgPool2D", "GlobalAveragePooling2D"],
  ["GlobalMaxPool1D", "GlobalMaxPooling1D"],
  ["GlobalMaxPool2D", "GlobalMaxPooling2D"],
  ["AvgPool1D", "AveragePooling1D"],
  ["AvgPool2D", "AveragePooling2D"],
  ["MaxPool1D", "MaxPooling1D"],
  ["MaxPool2D", "MaxPooling2D"],
]);

/** Member names of Keras 1 by their name in Keras 2. */
const renamedMembers: Readonly<Record<string, string>> = {
  nb_filter: "filters",
  filter_length: "kernel_size",
  subsample: "strides",
  subsample_length: "strides",
  stride: "strides",
  border_mode: "padding",
  bias: "use_bias",
  pool_length: "pool_size",
  inner_activation: "recurrent_activation",
  atrous_rate: "dilation_rate",
  p: "rate",
  length: "size",
};

const spatialClass =
  /^(Convolution|Atrous|Deconv|Separable|MaxPooling|AveragePooling|Global\w+Pooling|UpSampling|ZeroPadding|Cropping)\w*[23]D$/;

/** The name that later versions use for a layer class. */
export function currentClass(className: string): string {
  return renamedClasses.get(className) ?? className;
}

/** The configuration of a Keras 1 layer with the member names and values of Keras 2. */
export function currentConfig(className: string, config: JsonObject): JsonObject {
  const entries: [string, Json][] = Object.keys(config).map((key) => [
    Object.hasOwn(renamedMembers, key) ? renamedMembers[key]! : key,
    config[key]!,
  ]);
  const out = new Map<string, Json>(entries);
  const rows = member(config, "nb_row");
  const columns = member(config, "nb_col");
  if (rows !== undefined && columns !== undefined) out.set("kernel_size", [rows, columns]);
  if (className !== "Embedding" && out.has("output_dim")) out.set("units", out.get("output_dim")!);
  const ordering = stringMember(config, "dim_ordering");
  // Before Keras 1.0 there was no other order than Theano's, and no member to say so.
  const isOrdered = ordering !== undefined || (spatialClass.test(className) && !out.has("data_format"));
  if (isOrdered) out.set("data_format", ordering === "tf" ? "channels_last" : "channels_first");
  const padding = member(config, "padding");
  if (isList(padding) && padding.length === 4) out.set("padding", [padding.slice(0, 2), padding.slice(2)]);
  return Object.fromEntries(out);
}
