import { failure } from "../../../support/diagnostic.js";
import type { Json } from "../../bytes/json.js";
import type { Flow, GraphBuilder, NodeContent, ShapedFlow } from "../builder.js";
import { logicalShape } from "../builder.js";
import type { Dialect } from "../topology/dialect.js";
import type { LayerWeights } from "../weights/weights.js";
import type { LayerConfig } from "./layer-config.js";
import { activationName, namedActivation } from "./named-activation.js";
import { behindUnsupported, Unsupported } from "./unsupported.js";

/** Adds the nodes of one layer class and returns its results. */
export type LayerReader = (call: LayerCall) => Flow | readonly Flow[];

/** One use of a layer: what its reader sees. */
export class LayerCall {
  readonly name: string;
  readonly className: string;
  readonly config: LayerConfig;
  readonly inputs: readonly Flow[];
  readonly weights: LayerWeights;
  readonly builder: GraphBuilder;
  readonly dialect: Dialect;
  /** Convolution kernels are stored rotated by 180 degrees, and `same` means what Theano means by it. */
  readonly isTheano: boolean;
  /**
   * Add a layer (or model) that a wrapper holds, under `name`, with the weights of the wrapper. `builder` is that of this
   * call, or a nested one.
   */
  readonly addInner: (entry: Json, name: string, inputs: readonly Flow[], builder: GraphBuilder) => readonly Flow[];

  constructor(
    fields: Pick<
      LayerCall,
      "name" | "className" | "config" | "inputs" | "weights" | "builder" | "dialect" | "isTheano" | "addInner"
    >,
  ) {
    this.name = fields.name;
    this.className = fields.className;
    this.config = fields.config;
    this.inputs = fields.inputs;
    this.weights = fields.weights;
    this.builder = fields.builder;
    this.dialect = fields.dialect;
    this.isTheano = fields.isTheano;
    this.addInner = fields.addInner;
  }

  /**
   * The only input.
   *
   * @throws Unsupported when its shape is unknown; `layer-inputs` when there is not exactly one or it has not `rank` axes.
   */
  input(rank?: number): ShapedFlow {
    if (this.inputs.length !== 1) throw this.wrongInputs(`it has ${this.inputs.length} inputs, wanted 1`);
    const flow = this.shaped(this.inputs[0]!);
    if (rank !== undefined && flow.shape.length !== rank) {
      throw this.wrongInputs(`its input has shape [${flow.shape.join(", ")}], wanted ${rank} axes`);
    }
    return flow;
  }

  /** All inputs, of known shape. */
  shapedInputs(): ShapedFlow[] {
    return this.inputs.map((flow) => this.shaped(flow));
  }

  shaped(flow: Flow): ShapedFlow {
    if (flow.shape) return flow as ShapedFlow;
    throw new Unsupported(...behindUnsupported);
  }

  wrongInputs(reason: string) {
    return failure({
      code: "layer-inputs",
      message: `Cannot read layer "${this.name}" (${this.className}): ${reason}`,
      place: { item: this.name },
      hint: "Check the layers before this one",
    });
  }

  isChannelsFirst(): boolean {
    return this.config.choice("data_format", ["channels_last", "channels_first"]) === "channels_first";
  }

  /** Add the layer's main node. */
  add(inputs: readonly Flow[], content: NodeContent, shape: readonly number[], channelsFirst = false): ShapedFlow {
    return this.builder.add(this.name, this.className, inputs, content, shape, channelsFirst);
  }

  /** Add a node beside the main one, named `<layer>/<part>`. */
  addPart(
    part: string,
    inputs: readonly Flow[],
    content: NodeContent,
    shape: readonly number[],
    channelsFirst = false,
  ): ShapedFlow {
    return this.builder.add(`${this.name}/${part}`, this.className, inputs, content, shape, channelsFirst);
  }

  /** Add the node of the layer's own `activation`, if it has one. */
  activate(flow: ShapedFlow): ShapedFlow {
    const activation = this.config.raw("activation");
    const name = activationName(activation);
    if (name === "linear") return flow;
    return addActivation(
      this.builder,
      `${this.name}/${name}`,
      name,
      flow,
      namedActivation(activation, this.dialect, logicalShape(flow)),
    );
  }
}

/** Add an activation or, for a softmax over the last axis the layers see, a softmax node. */
export function addActivation(
  builder: GraphBuilder,
  name: string,
  sourceOp: string,
  flow: ShapedFlow,
  activation: ReturnType<typeof namedActivation>,
): ShapedFlow {
  if (activation.kind !== "softmax") {
    return builder.add(
      name,
      sourceOp,
      [flow],
      { op: "activation", function: activation },
      flow.shape,
      flow.channelsFirst,
    );
  }
  const source = builder.logical(flow);
  const content = { op: "softmax", axis: source.shape.length - 1, log: activation.log } as const;
  return builder.add(name, sourceOp, [source], content, source.shape);
}
