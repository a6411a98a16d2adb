/** A value of an attribute of a test model. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | TensorSpec;

export interface TensorSpec {
  readonly name?: string;
  readonly shape: readonly number[];
  /** Code of the element type; 1 (float32) where absent. */
  readonly type?: number;
  /** Numbers, or bytes of raw data. */
  readonly data?: readonly number[] | Float32Array;
  readonly raw?: Uint8Array;
  readonly external?: Readonly<Record<string, string>>;
}

export interface NodeSpec {
  readonly op: string;
  readonly name?: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Attributes that stand for those of the function they are in. */
  readonly references?: Readonly<Record<string, string>>;
}

export interface ValueSpec {
  readonly name: string;
  readonly type?: number;
  readonly shape?: readonly (number | string)[];
}

export interface FunctionSpec {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeSpec[];
}

export interface ModelSpec {
  readonly opset?: number;
  readonly nodes: readonly NodeSpec[];
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly initializers?: readonly TensorSpec[];
  readonly values?: readonly ValueSpec[];
  readonly functions?: readonly FunctionSpec[];
}

const text = new TextEncoder();

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const more = rest > 127n ? 128 : 0;
    bytes.push(Number(rest & 127n) | more);
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** A length-delimited field. */
export function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? text.encode(content) : content;
  return join([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A varint field. */
export function integer(number: number, value: number): Uint8Array {
  return join([varint(number * 8), varint(value)]);
}

function float(number: number, value: number): Uint8Array {
  return join([varint(number * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)]);
}

function entries(number: number, map: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(map).map(([key, value]) => field(number, join([field(1, key), field(2, value)])));
}

export function writeTensor(spec: TensorSpec): Uint8Array {
  const parts = [...spec.shape.map((extent) => integer(1, extent)), integer(2, spec.type ?? 1)];
  if (spec.name !== undefined) parts.push(field(8, spec.name));
  if (spec.external) parts.push(...entries(13, spec.external), integer(14, 1));
  else if (spec.raw) parts.push(field(9, spec.raw));
  else if ((spec.type ?? 1) === 1) parts.push(field(9, new Uint8Array(Float32Array.from(spec.data ?? []).buffer)));
  else if (spec.type === 7) parts.push(field(7, join((spec.data as readonly number[]).map(varint))));
  else parts.push(field(5, join(Array.from(spec.data ?? [], varint))));
  return join(parts);
}

function attribute(name: string, value: AttributeValue): Uint8Array {
  const head = field(1, name);
  if (typeof value === "number") return join([head, integer(3, value), integer(20, 2)]);
  if (typeof value === "string") return join([head, field(4, value), integer(20, 3)]);
  if (Array.isArray(value)) {
    const isText = typeof value[0] === "string";
    return join([
      head,
      ...value.map((x) => (isText ? field(9, x as string) : integer(8, x as number))),
      integer(20, isText ? 8 : 7),
    ]);
  }
  if ("float" in value) return join([head, float(2, value.float), integer(20, 1)]);
  return join([head, field(5, writeTensor(value as TensorSpec)), integer(20, 4)]);
}

function node(spec: NodeSpec): Uint8Array {
  return join([
    ...spec.inputs.map((name) => field(1, name)),
    ...spec.outputs.map((name) => field(2, name)),
    field(3, spec.name ?? ""),
    field(4, spec.op),
    ...Object.entries(spec.attributes ?? {}).map(([name, value]) => field(5, attribute(name, value))),
    ...Object.entries(spec.references ?? {}).map(([name, to]) => field(5, join([field(1, name), field(21, to)]))),
    field(7, spec.domain ?? ""),
  ]);
}

function value({ name, type, shape }: ValueSpec): Uint8Array {
  const dims = (shape ?? []).map((dim) => field(1, typeof dim === "number" ? integer(1, dim) : field(2, dim)));
  const tensor = join([integer(1, type ?? 1), ...(shape ? [field(2, join(dims))] : [])]);
  return join([field(1, name), field(2, field(1, tensor))]);
}

function opset(domain: string, version: number): Uint8Array {
  return join([field(1, domain), integer(2, version)]);
}

function functionOf(spec: FunctionSpec): Uint8Array {
  return join([
    field(1, spec.name),
    ...spec.inputs.map((name) => field(4, name)),
    ...spec.outputs.map((name) => field(5, name)),
    ...spec.nodes.map((inner) => field(7, node(inner))),
    field(9, opset("", 17)),
    field(10, spec.domain),
  ]);
}

/** The bytes of a small ONNX model. */
export function writeModel(spec: ModelSpec): Uint8Array {
  const graph = join([
    ...spec.nodes.map((n) => field(1, node(n))),
    field(2, "test"),
    ...(spec.initializers ?? []).map((tensor) => field(5, writeTensor(tensor))),
    ...spec.inputs.map((v) => field(11, value(v))),
    ...spec.outputs.map((v) => field(12, value(v))),
    ...(spec.values ?? []).map((v) => field(13, value(v))),
  ]);
  return join([
    integer(1, 8),
    field(2, "writer"),
    field(7, graph),
    field(8, opset("", spec.opset ?? 17)),
    ...(spec.functions ?? []).map((f) => field(25, functionOf(f))),
  ]);
}
