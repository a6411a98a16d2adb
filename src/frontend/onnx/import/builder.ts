import type { AnnGraph, AnnNode, AnnValue, NodeBase } from "../../../ann/graph.js";
import { inferShapes } from "../../../ann/shape.js";
import { verifyGraph } from "../../../ann/verify.js";
import { refuse } from "../refusal.js";

/** A node without what the builder gives: name, source operator and names of the outputs. */
export type NodeFields<N extends AnnNode = AnnNode> = N extends AnnNode
  ? Omit<N, "name" | "sourceOp" | "outputs">
  : never;

/** The node of the model that is being converted: its name, operator and names of its outputs. */
export interface Origin {
  readonly name: string;
  readonly sourceOp: string;
  readonly outputs: readonly string[];
}

const auxiliary = new WeakSet<AnnNode>();

/** Whether the reader made the node to bring a value into another form; the model has no such operator. */
export function isAuxiliary(node: AnnNode): boolean {
  return auxiliary.has(node);
}

/** Collects nodes of a graph. Gives every node and value a unique name and knows the shape of every value. */
export class Builder {
  readonly inputs: AnnValue[] = [];
  nodes: AnnNode[] = [];
  private part: string | undefined;
  private origin: Origin = { name: "", sourceOp: "", outputs: [] };
  private readonly shapes = new Map<string, readonly number[]>();
  private readonly producers = new Map<string, AnnNode>();
  private readonly nodeNames = new Set<string>();
  private readonly memory = new Map<string, string>();

  addInput(input: AnnValue): void {
    this.inputs.push(input);
    this.shapes.set(input.name, input.shape);
  }

  /** Nodes emitted from now on belong to `origin`. */
  begin(origin: Origin): void {
    this.origin = origin;
  }

  /** Run `convert`; the nodes that it emits for the operator of the model become auxiliary ones, named `part`. */
  within<T>(part: string, convert: () => T): T {
    const before = this.part;
    this.part = part;
    try {
      return convert();
    } finally {
      this.part = before;
    }
  }

  /**
   * Add a node and check it.
   *
   * @param part Absent for the node that stands for the operator of the model; else what this one is for.
   * @param count Number of outputs.
   * @returns Names of its outputs. The standing node takes those of the model where they are free.
   */
  emit(fields: NodeFields, part = this.part, count = 1): string[] {
    const { sourceOp } = this.origin;
    const name = unique(part === undefined ? this.origin.name : `${this.origin.name}/${part}`, this.nodeNames);
    const outputs: string[] = [];
    for (let k = 0; k < count; k++) {
      const wanted = part === undefined ? this.origin.outputs[k] : undefined;
      const taken = (value: string) => this.shapes.has(value) || outputs.includes(value);
      const output = wanted && !taken(wanted) ? wanted : `${name}:${k}`;
      outputs.push(unique(output, { has: taken }));
    }
    const node = { ...fields, name, sourceOp, outputs } as AnnNode;
    const shapes = this.check(node);
    this.nodes.push(node);
    this.nodeNames.add(name);
    outputs.forEach((output, k) => {
      this.shapes.set(output, shapes[k]!);
      this.producers.set(output, node);
    });
    if (part !== undefined) auxiliary.add(node);
    return outputs;
  }

  /** Add a node with one output that only changes the form of a value; the same change of the same value is shared. */
  emitShared(fields: NodeFields, part: string): string {
    const key = JSON.stringify(fields);
    const known = this.memory.get(key);
    if (known !== undefined) return known;
    const output = this.emit(fields, part)[0]!;
    this.memory.set(key, output);
    return output;
  }

  /** Add an `unsupported` node; its results have no shape. */
  emitUnsupported(fields: Pick<NodeBase, "inputs"> & { readonly reason: string; readonly hint: string }): string[] {
    const { sourceOp, outputs } = this.origin;
    const name = unique(this.origin.name, this.nodeNames);
    const names = outputs.filter((output) => output !== "" && !this.shapes.has(output));
    this.nodes.push({ op: "unsupported", name, sourceOp, ...fields, outputs: names });
    this.nodeNames.add(name);
    return names;
  }

  /** State the shape of a result of an unsupported node, where the model declares it. */
  declare(output: string, shape: readonly number[]): void {
    this.shapes.set(output, shape);
  }

  /** Shape of a value of the graph. */
  shapeOf(stored: string): readonly number[] {
    const shape = this.shapes.get(stored);
    if (!shape) throw new Error(`no shape of value ${stored}`);
    return shape;
  }

  producerOf(stored: string): AnnNode | undefined {
    return this.producers.get(stored);
  }

  /** Put `node`, which makes the same values, in the place of `old`. */
  replace(old: AnnNode, node: AnnNode): void {
    this.nodes[this.nodes.lastIndexOf(old)] = node;
    for (const output of node.outputs) this.producers.set(output, node);
  }

  /** Forget the nodes from `length` on. */
  rollBack(length: number): void {
    for (const node of this.nodes.splice(length)) {
      this.nodeNames.delete(node.name);
      for (const output of node.outputs) {
        this.shapes.delete(output);
        this.producers.delete(output);
      }
    }
    for (const [key, output] of this.memory) if (!this.shapes.has(output)) this.memory.delete(key);
  }

  /** Shapes of the outputs of a node; refuses a node that the rules of the graph do not allow. */
  private check(node: AnnNode): readonly (readonly number[])[] {
    const inputs = [...new Set(node.inputs)].map((name) => ({ name, shape: this.shapeOf(name) }));
    const alone: AnnGraph = { name: "", source: { format: "onnx" }, inputs, nodes: [node], outputs: node.outputs };
    const { shapes, findings } = inferShapes(alone);
    const results = node.outputs.map((output) => shapes.get(output));
    if (results.every((shape) => shape !== undefined) && findings.length === 0) return results;
    const finding = findings[0] ?? verifyGraph(alone).find(({ code }) => code !== "no-input");
    const reason = finding
      ? `${finding.found ?? finding.message}, wanted ${finding.wanted ?? "a legal layer"}`
      : "shapes";
    throw refuse(finding?.code ?? "shape", reason, finding?.hint);
  }
}

/** `wanted`, or `wanted` with the first number behind it that makes it unique. */
function unique(wanted: string, taken: { has(name: string): boolean }): string {
  if (!taken.has(wanted)) return wanted;
  for (let k = 2; ; k++) if (!taken.has(`${wanted}.${k}`)) return `${wanted}.${k}`;
}
