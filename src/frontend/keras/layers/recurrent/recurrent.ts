import type { RecurrentNode } from "../../../../ann/graph.js";
import { isObject, type Json, member, stringMember } from "../../../bytes/json.js";
import type { Flow } from "../../builder.js";
import { currentClass, currentConfig } from "../../topology/legacy-config.js";
import { LayerWeights } from "../../weights/weights.js";
import type { LayerCall, LayerReader } from "../call.js";
import { LayerConfig } from "../layer-config.js";
import { Unsupported } from "../unsupported.js";
import { type CellClass, recurrentCell } from "./cell.js";

/** Recurrent layer classes by the cell they run; CuDNN layers have another layout of weights. */
export const recurrentClasses: ReadonlyMap<string, { readonly cellClass: CellClass; readonly isCudnn: boolean }> =
  new Map([
    ["SimpleRNN", { cellClass: "SimpleRNN", isCudnn: false }],
    ["LSTM", { cellClass: "LSTM", isCudnn: false }],
    ["GRU", { cellClass: "GRU", isCudnn: false }],
    ["CuDNNLSTM", { cellClass: "LSTM", isCudnn: true }],
    ["CuDNNGRU", { cellClass: "GRU", isCudnn: true }],
  ]);

/** SimpleRNN, LSTM, GRU over `[time, features]`. */
export const recurrent: LayerReader = (call) => {
  const isBackward = call.config.boolean("go_backwards", false);
  const direction = cellOf(call, currentClass(call.className), call.config, call.weights);
  const results = addRecurrent(
    call,
    isBackward ? { backward: direction } : { forward: direction },
    "concat",
    call.config,
  );
  const [sequence, ...states] = results;
  // Keras gives the results of a backward pass in the order they were made, AnnGraph in the order of the frames.
  if (!isBackward || !call.config.boolean("return_sequences", false)) return results;
  const shape = sequence!.shape!;
  const content = { op: "slice", axes: [0], starts: [-1], ends: [-(2 ** 31)], steps: [-1] } as const;
  return [call.addPart("reversed", [sequence!], content, shape), ...states];
};

/** Bidirectional around a recurrent layer; weights are those of the forward layer, then those of the backward one. */
export const bidirectional: LayerReader = (call) => {
  const forward = innerLayer(call.config.raw("layer"), call);
  const isSame = call.config.raw("backward_layer") === undefined;
  const backward = isSame ? forward : innerLayer(call.config.raw("backward_layer"), call);
  const isUsual =
    !forward.config.boolean("go_backwards", false) && (isSame || backward.config.boolean("go_backwards", false));
  if (!isUsual)
    throw new Unsupported("its layers run in an unusual direction", "Use a forward layer without go_backwards");
  const [first, second] = halves(call.weights);
  const directions = {
    forward: cellOf(call, forward.className, forward.config, first),
    backward: cellOf(call, backward.className, backward.config, second),
  };
  const merges = { concat: "concat", sum: "sum", mul: "multiply", ave: "average" } as const;
  // An absent member means concat, a null no merging.
  const isSplit = member(call.config.fields, "merge_mode") === null;
  const merge = isSplit ? "none" : merges[call.config.choice("merge_mode", ["concat", "sum", "mul", "ave"])];
  return addRecurrent(call, directions, merge, forward.config);
};

function innerLayer(entry: Json | undefined, call: LayerCall): { className: string; config: LayerConfig } {
  const className = currentClass(stringMember(entry, "class_name") ?? "");
  const fields = member(entry, "config");
  if (!recurrentClasses.has(className) || !isObject(fields)) {
    throw new Unsupported(
      `a layer of class "${className}" inside Bidirectional is not supported`,
      "Use SimpleRNN, LSTM or GRU",
    );
  }
  const current = call.dialect.major === 1 ? currentConfig(className, fields) : fields;
  return { className, config: new LayerConfig(call.name, current) };
}

/** Weights of the two directions, told apart by name where the names say it. */
function halves(weights: LayerWeights): [LayerWeights, LayerWeights] {
  const isOf = (direction: string) => (name: string) => name.split("/").some((part) => part.startsWith(direction));
  const forward = weights.all.filter((tensor) => isOf("forward_")(tensor.name));
  const backward = weights.all.filter((tensor) => isOf("backward_")(tensor.name));
  const isNamed = forward.length > 0 && forward.length + backward.length === weights.all.length;
  const half = Math.ceil(weights.all.length / 2);
  return [
    new LayerWeights(`${weights.layer}/forward`, isNamed ? forward : weights.all.slice(0, half)),
    new LayerWeights(`${weights.layer}/backward`, isNamed ? backward : weights.all.slice(half)),
  ];
}

function sequenceOf(call: LayerCall) {
  const flow = call.builder.logical(call.shaped(call.inputs[0]!));
  if (flow.shape.length !== 2)
    throw call.wrongInputs(`its input has shape [${flow.shape.join(", ")}], wanted [time, features]`);
  const features = flow.shape[1]!;
  if (features < 0)
    throw new Unsupported(
      "the number of its input features is open",
      "Fix the input shape of the model and save it again",
    );
  return { flow, features, time: flow.shape[0]! };
}

function cellOf(call: LayerCall, className: string, config: LayerConfig, weights: LayerWeights) {
  if (call.inputs.length === 0) throw call.wrongInputs("it has no input");
  const { features } = sequenceOf(call);
  return recurrentCell({ ...recurrentClasses.get(className)!, config, weights, dialect: call.dialect, features });
}

function addRecurrent(
  call: LayerCall,
  directions: Pick<RecurrentNode, "forward" | "backward">,
  merge: RecurrentNode["merge"],
  config: LayerConfig,
): Flow[] {
  const { flow, time } = sequenceOf(call);
  const cells = [directions.forward, directions.backward].filter((cell) => cell !== undefined);
  const units = config.integer("units", 1);
  const width = cells.length === 2 && merge === "concat" ? 2 * units : units;
  const returnSequences = config.boolean("return_sequences", false);
  const returnState = config.boolean("return_state", false);
  const shape = returnSequences ? [time, width] : [width];
  if (config.boolean("stateful", false)) {
    throw new Unsupported(
      "it is stateful: a sample goes on where the one before it ended",
      "Save the model with stateful=False",
      shape,
    );
  }
  if (config.boolean("time_major", false))
    throw new Unsupported("its first axis is time (time_major)", "Save the model with time_major=False", shape);
  const states = cells.flatMap((cell) => (cell.kind === "lstm" ? [[units], [units]] : [[units]]));
  const initial = call.inputs.slice(1);
  if (initial.length !== 0 && initial.length !== states.length)
    throw call.wrongInputs(`it has ${initial.length} initial states, wanted ${states.length}`);
  const shapes = [...(merge === "none" ? [shape, shape] : [shape]), ...(returnState ? states : [])];
  const content = { op: "recurrent", ...directions, merge, returnSequences, returnState } as const;
  return call.builder.addMany(call.name, call.className, [flow, ...initial], content, shapes);
}
