import type { Range } from "./wire.js";

/** An ONNX model as the file states it; tensors and sub-graphs stay ranges of the file until they are used. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of each operator set by domain; the standard domain is "". */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly TensorRecord[];
  /** Names of sparse initialisers: known, not read. */
  readonly sparse: readonly string[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly values: readonly ValueInfo[];
}

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** "" for the standard domain. */
  readonly domain: string;
  readonly overload: string;
  /** "" for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An attribute; only the field of its type holds something. */
export interface OnnxAttribute {
  readonly name: string;
  readonly float?: number;
  readonly int?: number;
  readonly string?: string;
  readonly tensor?: TensorRecord;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly string[];
  /** There is a sub-graph, sparse tensor, list of tensors or type, which no supported operator has. */
  readonly other: boolean;
  /** Inside a function: the attribute of the calling node that this one stands for. */
  readonly reference: string;
}

/** A function of the model: an operator defined by other operators. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Default values of its attributes. */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
  readonly nodes: readonly OnnxNode[];
  readonly opsets: ReadonlyMap<string, number>;
}

/** A declared value: graph input, output or annotated intermediate. */
export interface ValueInfo {
  readonly name: string;
  /** Code of the element type; 0 where the value is not a tensor or has no type. */
  readonly elementCode: number;
  /** Absent where the rank is not declared. */
  readonly dims?: readonly Dim[];
}

/** An extent: a number, or a symbol ("" where it has no name). */
export type Dim = number | string;

/** A tensor whose numbers are still where the file has them. */
export interface TensorRecord {
  readonly name: string;
  readonly dims: readonly number[];
  readonly elementCode: number;
  readonly raw?: Range;
  /** Runs of the typed fields, by field number (4 floats, 5 int32, 7 int64, 10 doubles, 11 uint64). */
  readonly runs: readonly { readonly field: number; readonly range: Range }[];
  /** Set where the data lies in another file. */
  readonly external?: ReadonlyMap<string, string>;
}
