import { Attributes } from "../attributes.js";
import { type Constant, constant, integers, type Workspace } from "../constant/constant.js";
import { shapeSlice } from "../fold/creation.js";
import { folds } from "../fold/fold.js";
import { operators } from "../operators/table.js";
import { elementInfo, elementOfCode } from "../proto/element-type.js";
import type { TensorRecord, ValueInfo } from "../proto/model.js";
import { Refusal, type Refused, refuse } from "../refusal.js";
import { Builder } from "./builder.js";
import type { Call } from "./call.js";
import type { VersionedNode } from "./functions.js";
import type { Runtime, Unknown, Value } from "./value.js";

/** A node that became an `unsupported` node. */
export interface RefusedNode extends Refused, SourceNode {}

/** A node of the model. */
export interface SourceNode {
  readonly node: string;
  readonly operator: string;
}

/** What the importer needs to know about the model. */
export interface ImportContext {
  readonly workspace: Workspace;
  readonly payload: (record: TensorRecord) => Constant;
  /** Shapes that the model declares for values between nodes. */
  readonly declared: ReadonlyMap<string, ValueInfo>;
  /** How often each value is read, graph outputs included. */
  readonly uses: ReadonlyMap<string, number>;
  readonly fixedBatch: number;
  /** The batch is open or fixed above 1. */
  readonly isBatched: boolean;
}

/** Domains whose operators are those of QONNX. */
const qonnxDomain = /^(qonnx\.custom_op\..*|finn\.custom_op\..*|onnx\.brevitas)$/;

/** Operators that ONNX Runtime had before ONNX, and that mean the same. */
const adopted = new Set(["QuantizeLinear", "DequantizeLinear", "Gelu"]);

/** `domain:operator`, as the tables of operators have it. */
function keyOf({ domain, operator }: VersionedNode): string {
  if (qonnxDomain.test(domain)) return `qonnx:${operator}`;
  return domain === "com.microsoft" && adopted.has(operator) ? `:${operator}` : `${domain}:${operator}`;
}

/** Converts node after node; keeps the values of the model and the graph made of them. */
export class Importer {
  readonly build = new Builder();
  readonly values = new Map<string, Value>();
  readonly refused: RefusedNode[] = [];
  /** Nodes of the model, by name, that the graph may have no node for. */
  readonly converted: SourceNode[] = [];
  /** Values whose shape is a guess: an unsupported node before them was taken to keep the shape of its input. */
  private readonly guessed = new Set<string>();
  private readonly context: ImportContext;

  constructor(context: ImportContext) {
    this.context = context;
  }

  /** Read an initialiser; what cannot be read is not known to the nodes that use it. */
  addInitializer(record: TensorRecord): void {
    try {
      this.values.set(record.name, this.context.payload(record));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.values.set(record.name, { kind: "unknown", origin: record.name, refused: error.refused });
    }
  }

  /** Convert one node: fold it, turn it into nodes of the graph, or make an `unsupported` node of it. */
  add(node: VersionedNode, index: number): void {
    const name = node.name === "" ? `${node.operator}_${index}` : node.name;
    this.build.begin({ name, sourceOp: node.operator, outputs: node.outputs });
    const mark = this.build.nodes.length;
    const guess = node.inputs.find((input) => this.guessed.has(input));
    try {
      const results = this.convert(node);
      this.converted.push({ node: name, operator: node.operator });
      node.outputs.forEach((output, k) => {
        const value = results[k];
        if (output !== "" && value) this.values.set(output, value);
        else if (output !== "") this.values.set(output, { kind: "unknown", origin: name });
        if (guess !== undefined) this.guessed.add(output);
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.build.rollBack(mark);
      // What does not fit a guess says nothing about the model.
      const isMisfit = guess !== undefined && misfits.has(error.refused.code);
      this.refuse(node, name, isMisfit ? behind({ kind: "unknown", origin: guess }).refused : error.refused);
    }
  }

  private convert(node: VersionedNode): readonly Value[] {
    const inputs = node.inputs.map((input) => (input === "" ? undefined : this.values.get(input)));
    const attributes = new Attributes(node.attributes);
    const key = keyOf(node);
    const { workspace, payload, fixedBatch, isBatched } = this.context;
    const outputs = node.outputs.length;
    const shape = shapeOf(key, inputs, attributes);
    if (shape) return [shape];
    const operator = operators.get(key);
    const fold = folds.get(key);
    if (!operator && !fold) throw this.notKnown(node);
    const missing = inputs.find((value): value is Unknown => value?.kind === "unknown");
    if (missing && !isControl(node)) throw behind(missing);
    const constants = inputs.filter((value) => value !== undefined).every((value) => value.kind === "constant");
    if (fold && constants) {
      const call = { inputs: inputs as (Constant | undefined)[], attributes, version: node.version };
      return fold({ ...call, outputs, workspace, payload });
    }
    if (!operator) throw refuse("parameter-not-constant", "it depends on the input of the network");
    const uses = (value: string | undefined) => (value ? (this.context.uses.get(value) ?? 0) : 0);
    const call: Call = {
      operator: node.operator,
      version: node.version,
      attributes,
      inputs,
      outputs,
      isUsed: (k) => uses(node.outputs[k]) > 0,
      isSole: (k) => uses(node.inputs[k]) === 1,
      build: this.build,
      workspace,
      fixedBatch,
      isBatched,
    };
    return operator(call);
  }

  /** The result of an unsupported node with one value, as if it kept the shape of that. */
  private keptShape(node: VersionedNode, output: string, made: ReadonlySet<string>): Runtime | undefined {
    const values = node.inputs.map((input) => this.values.get(input));
    const [value, ...others] = values.filter((input) => input?.kind === "runtime");
    if (!value || others.length > 0 || !made.has(output) || isControl(node)) return undefined;
    if (values.some((input) => input?.kind === "unknown")) return undefined;
    this.build.declare(output, this.build.shapeOf(value.stored));
    this.guessed.add(output);
    return { ...value, stored: output };
  }

  private notKnown(node: VersionedNode): Refusal {
    const domain = node.domain === "" ? "" : ` of domain "${node.domain}"`;
    return refuse("operator-not-supported", `operator ${node.operator}${domain} is not supported`);
  }

  /** Make an `unsupported` node. Its results have the shape that the model declares, if it does. */
  private refuse(node: VersionedNode, name: string, refused: Refused): void {
    this.refused.push({ ...refused, node: name, operator: node.operator });
    const inputs = node.inputs.flatMap((input) => {
      const value = this.values.get(input);
      return value?.kind === "runtime" ? [value.stored] : [];
    });
    const { reason, hint } = refused;
    const made = new Set(this.build.emitUnsupported({ inputs, reason, hint }));
    for (const output of node.outputs) {
      if (output === "") continue;
      const info = this.context.declared.get(output);
      const type = elementOfCode(info?.elementCode ?? 0)?.type;
      if (!info?.dims || !type || !made.has(output)) {
        this.values.set(output, this.keptShape(node, output, made) ?? { kind: "unknown", origin: name });
        continue;
      }
      const shape = info.dims.map((dim, axis) => (typeof dim === "number" ? dim : axis === 0 ? 1 : -1));
      if (shape[0] === this.context.fixedBatch) shape[0] = 1;
      const axes = [...shape.keys()].filter((axis) => axis !== 0 || shape[0] !== 1);
      this.build.declare(
        output,
        axes.map((axis) => shape[axis]!),
      );
      this.values.set(output, { kind: "runtime", type, shape, axes, stored: output });
    }
  }
}

/** Codes of what may be wrong with a guess and not with the model. */
const misfits = new Set(["shape", "shape-mismatch", "axis", "open-extent", "batch"]);

function isControl(node: VersionedNode): boolean {
  return node.operator === "If" || node.operator === "Loop" || node.operator === "Scan";
}

/** `Shape` and `Size` need the shape only. */
function shapeOf(key: string, inputs: readonly (Value | undefined)[], attributes: Attributes): Constant | undefined {
  const value = inputs[0];
  if (value?.kind !== "runtime") return undefined;
  const extents = value.shape.map((extent) => (extent === -1 ? Number.NaN : extent));
  if (key === ":Shape") return integers(shapeSlice(extents, attributes));
  if (key !== ":Size") return undefined;
  return constant("int64", [], Float64Array.of(extents.reduce((a, b) => a * b, 1)));
}

function behind(missing: Unknown): Refusal {
  const { refused } = missing;
  if (refused)
    return refuse(refused.code, `tensor "${missing.origin}" cannot be read: ${refused.reason}`, refused.hint);
  return refuse(
    "behind-unsupported",
    `the shape of an input is not known, because "${missing.origin}" is not supported`,
    `Replace "${missing.origin}" first`,
  );
}

/** Whether the graph can hold values of the type with the code of the model, in float32. */
export function isCarried(elementCode: number): boolean {
  const type = elementOfCode(elementCode)?.type;
  if (!type) return false;
  const { kind, bits } = elementInfo(type);
  return (
    kind === "bool" ||
    kind === "signed" ||
    kind === "unsigned" ||
    (kind === "float" && bits >= 16 && type !== "bfloat16")
  );
}
