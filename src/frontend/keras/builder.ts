import type { AnnGraph, AnnNode, AnnValue, ModelSource } from "../../ann/graph.js";
import { failure } from "../../support/diagnostic.js";

/** A value on its way through the layers of a model. */
export interface Flow {
  /** Name in the graph. */
  readonly value: string;
  /** Batchless shape of that value; undefined behind an unsupported layer. */
  readonly shape: readonly number[] | undefined;
  /**
   * The layers see the last axis first: the source model is channels-first, the value channels-last. A transpose is made
   * only where a layer needs the order of the source model.
   */
  readonly channelsFirst: boolean;
  /** The shape is a guess: an unsupported layer before it was taken to keep the shape of its input. */
  readonly isGuess?: true;
}

/** A flow of known shape. */
export interface ShapedFlow extends Flow {
  readonly shape: readonly number[];
}

type NodeOf<T> = T extends AnnNode ? Omit<T, "name" | "sourceOp" | "inputs" | "outputs"> : never;
/** What a node says beside its name and its values. */
export type NodeContent = NodeOf<AnnNode>;

const largestValue = 2 ** 31;

/** Collects the nodes of a graph under unique names. */
export class GraphBuilder {
  readonly inputs: AnnValue[] = [];
  readonly nodes: AnnNode[] = [];
  readonly #names = new Set<string>();
  /** Transposed twins by value, so that a value is transposed once. */
  readonly #twins = new Map<string, ShapedFlow>();

  /** A builder for the body of a node. */
  nested(): GraphBuilder {
    return new GraphBuilder();
  }

  /** `name`, or `name:2`, `name:3` … when it is taken. */
  unique(name: string): string {
    let free = name;
    for (let i = 2; this.#names.has(free); i++) free = `${name}:${i}`;
    this.#names.add(free);
    return free;
  }

  addInput(name: string, shape: readonly number[]): ShapedFlow {
    const value = this.unique(name);
    checkShape(value, shape);
    this.inputs.push({ name: value, shape });
    return { value, shape, channelsFirst: false };
  }

  /**
   * Add a node with one result of shape `shape`.
   *
   * @throws `shape-impossible` when an extent is below 1 or the value has 2^31 elements or more.
   */
  add(
    name: string,
    sourceOp: string,
    inputs: readonly Flow[],
    content: NodeContent,
    shape: readonly number[],
    channelsFirst = false,
  ): ShapedFlow {
    checkShape(name, shape);
    const value = this.#push(name, sourceOp, inputs, content, 1)[0]!;
    return { value, shape, channelsFirst };
  }

  /** Add a node with several results, one a shape; undefined shapes are unknown. */
  addMany(
    name: string,
    sourceOp: string,
    inputs: readonly Flow[],
    content: NodeContent,
    shapes: readonly (readonly number[] | undefined)[],
  ): Flow[] {
    for (const shape of shapes) if (shape) checkShape(name, shape);
    const values = this.#push(name, sourceOp, inputs, content, shapes.length);
    return values.map((value, i) => ({ value, shape: shapes[i], channelsFirst: false }));
  }

  #push(name: string, sourceOp: string, inputs: readonly Flow[], content: NodeContent, outputs: number): string[] {
    const free = this.unique(name);
    const values = Array.from({ length: outputs }, (_, i) => (i === 0 ? free : this.unique(`${free}#${i}`)));
    this.nodes.push({
      name: free,
      sourceOp,
      inputs: inputs.map((flow) => flow.value),
      outputs: values,
      ...content,
    } as AnnNode);
    return values;
  }

  /** The value in the axis order of the source model. */
  logical(flow: ShapedFlow): ShapedFlow;
  logical(flow: Flow): Flow;
  logical(flow: Flow): Flow {
    if (!flow.channelsFirst || !flow.shape) return flow;
    const last = flow.shape.length - 1;
    const permutation = [last, ...Array(last).keys()];
    return this.#transpose(`${flow.value}/channels-first`, flow as ShapedFlow, permutation, false);
  }

  /** The value with channels last, whichever axis of the source model they are on. */
  channelsLast(flow: ShapedFlow, isChannelsFirst: boolean): ShapedFlow {
    if (flow.channelsFirst === isChannelsFirst) return flow;
    const source = this.logical(flow);
    if (!isChannelsFirst) return source;
    const permutation = [...source.shape.keys()].slice(1);
    return this.#transpose(`${source.value}/channels-last`, source, [...permutation, 0], true);
  }

  #transpose(name: string, flow: ShapedFlow, permutation: readonly number[], channelsFirst: boolean): ShapedFlow {
    const known = this.#twins.get(flow.value);
    if (known) return known;
    const shape = permutation.map((axis) => flow.shape[axis]!);
    const twin = this.add(name, "Transpose", [flow], { op: "transpose", permutation }, shape, channelsFirst);
    this.#twins.set(flow.value, twin).set(twin.value, flow);
    return twin;
  }

  /** The finished graph. */
  graph(name: string, source: ModelSource, outputs: readonly Flow[]): AnnGraph {
    const results = outputs.map((flow) => this.logical(flow).value);
    return { name, source, inputs: this.inputs, nodes: this.nodes, outputs: results };
  }
}

/** Shape of a flow as the layers of the source model see it. */
export function logicalShape(flow: ShapedFlow): readonly number[] {
  return flow.channelsFirst ? [flow.shape.at(-1)!, ...flow.shape.slice(0, -1)] : flow.shape;
}

function checkShape(name: string, shape: readonly number[]): void {
  const isPossible = shape.every((n) => n === -1 || (Number.isSafeInteger(n) && n >= 1));
  const elements = shape.reduce((product, n) => product * Math.abs(n), 1);
  if (isPossible && elements < largestValue && shape.length <= 8) return;
  throw failure({
    code: "shape-impossible",
    message: `Cannot read layer "${name}": its result would have shape [${shape.slice(0, 12).join(", ")}]`,
    place: { item: name },
    wanted: "extents of at least 1, at most 8 axes and fewer than 2^31 elements",
    hint: "Check the input shape and the layers before this one",
  });
}
