/**
 * The rules of the reference reader, `nir.read` of neuromorphs/NIR 1.0.7 with its type check, written down again and apart
 * from the reader under test: the layout of the file, the fields that its classes take, and the shapes along every edge,
 * its own errors included (it takes the height of a kernel for its width, and knows no groups).
 */

type Shape = readonly number[];

interface Dataset {
  readonly shape: Shape | null;
  readonly metadata: { readonly type: number; readonly size: number; readonly vlen: boolean; readonly cset?: number };
  readonly attrs: object;
  readonly value: unknown;
}

interface Group {
  readonly attrs: object;
  keys(): string[];
  get(name: string): Dataset | Group | null;
}

interface Library {
  readonly ready: Promise<{
    readonly FS: { writeFile(path: string, data: Uint8Array): void; unlink(path: string): void };
  }>;
  readonly File: new (path: string, mode: "r") => Group & { close(): unknown };
}

const neuron = (...names: readonly string[]) => ({ same: names, fields: names });
/** Fields that a class asks for; `same`: those that must have one shape, that of the value. */
const classes: Readonly<
  Record<string, { fields: readonly string[]; optional?: readonly string[]; same?: readonly string[] }>
> = {
  Input: { fields: ["shape"] },
  Output: { fields: ["shape"] },
  Affine: { fields: ["weight", "bias"] },
  Linear: { fields: ["weight"] },
  Scale: neuron("scale"),
  Delay: neuron("delay"),
  Threshold: neuron("threshold"),
  Conv1d: { fields: ["input_shape", "weight", "stride", "padding", "dilation", "groups", "bias"] },
  Conv2d: { fields: ["input_shape", "weight", "stride", "padding", "dilation", "groups", "bias"] },
  SumPool2d: { fields: ["kernel_size", "stride", "padding"] },
  AvgPool2d: { fields: ["kernel_size", "stride", "padding"] },
  Flatten: { fields: ["start_dim", "end_dim"], optional: ["input_type"] },
  I: neuron("r"),
  IF: { ...neuron("r", "v_threshold", "v_reset") },
  LI: neuron("tau", "r", "v_leak"),
  LIF: neuron("tau", "r", "v_leak", "v_threshold", "v_reset"),
  CubaLI: { ...neuron("tau_syn", "tau_mem", "r", "v_leak"), optional: ["w_in"] },
  CubaLIF: { ...neuron("tau_syn", "tau_mem", "r", "v_leak", "v_threshold", "v_reset"), optional: ["w_in"] },
};
const integerFields = [
  "shape",
  "input_shape",
  "stride",
  "padding",
  "dilation",
  "groups",
  "kernel_size",
  "start_dim",
  "end_dim",
  "input_type",
];

/** A node as the reader sees it; undefined types are inferred. */
interface Node {
  readonly type: string;
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly numbers: ReadonlyMap<string, readonly number[] | string>;
  readonly inner?: Graph;
  input: Shape | undefined;
  output: Shape | undefined;
}

interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: readonly (readonly [string, string])[];
}

class Refusal extends Error {}

function refuse(path: string, reason: string): never {
  throw new Refusal(`${path}: ${reason}`);
}

/** Reads a file as the reference does; undefined when it is taken, else why it is not. */
export async function referenceRefusal(bytes: Uint8Array): Promise<string | undefined> {
  const { ready, File } = (await import("h5wasm")) as unknown as Library;
  const { FS } = await ready;
  FS.writeFile("reference.nir", bytes);
  const file = new File("reference.nir", "r");
  try {
    text(file, "version", "/");
    const root = file.get("node");
    if (!isGroup(root)) refuse("/node", "no group");
    if (text(root, "type", "/node") !== "NIRGraph") refuse("/node", "the outermost node is no graph");
    checkTypes(graphOf(root, "/node"), "/node");
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  } finally {
    file.close();
    FS.unlink("reference.nir");
  }
}

function isGroup(object: Dataset | Group | null): object is Group {
  return object !== null && "keys" in object;
}

function dataset(group: Group, name: string, path: string): Dataset {
  const found = group.get(name);
  if (found === null || isGroup(found)) return refuse(path, `no dataset "${name}"`);
  if (Object.keys(found.attrs).length > 0) refuse(path, `dataset "${name}" has attributes`);
  return found;
}

/** A scalar string of variable length in UTF-8, as h5py writes and decodes it. */
function text(group: Group, name: string, path: string): string {
  const { shape, metadata, value } = dataset(group, name, path);
  if (metadata.type !== 3 || !metadata.vlen || metadata.cset !== 1) refuse(path, `"${name}" is no UTF-8 text`);
  if (shape === null || shape.length > 0) refuse(path, `"${name}" is no scalar`);
  return value as string;
}

function graphOf(group: Group, path: string): Graph {
  const known = ["type", "nodes", "edges", "metadata"];
  const odd = group.keys().find((name) => !known.includes(name));
  if (odd !== undefined) refuse(path, `unexpected argument "${odd}"`);
  const all = group.get("nodes");
  if (!isGroup(all)) return refuse(path, "no group of nodes");
  const nodes = new Map(all.keys().map((name) => [name, nodeOf(all.get(name), `${path}/nodes/${name}`)]));
  const { shape, metadata, value } = dataset(group, "edges", path);
  const none = shape?.includes(0) === true;
  if (!none && (metadata.type !== 3 || shape?.length !== 2 || shape[1] !== 2))
    refuse(path, "edges are no pairs of names");
  const names = none ? [] : (value as string[]);
  const edges = Array.from({ length: names.length / 2 }, (_, k) => [names[2 * k]!, names[2 * k + 1]!] as const);
  for (const name of names) if (!nodes.has(name)) refuse(path, `an edge names "${name}", which is not there`);
  return { nodes, edges };
}

function nodeOf(group: Dataset | Group | null, path: string): Node {
  if (!isGroup(group)) return refuse(path, "no group");
  if (Object.keys(group.attrs).length > 0) refuse(path, "the group has attributes");
  const type = text(group, "type", path);
  const blank = { type, shapes: new Map<string, Shape>(), numbers: new Map(), input: undefined, output: undefined };
  if (type === "NIRGraph") {
    const inner = graphOf(group, path);
    const ends = (wanted: string) => [...inner.nodes.values()].filter((node) => node.type === wanted);
    return { ...blank, inner, input: ends("Input")[0]?.input, output: ends("Output")[0]?.output };
  }
  const rules = classes[type];
  if (!rules) return refuse(path, `no class "${type}"`);
  const known = ["type", "metadata", ...rules.fields, ...(rules.optional ?? [])];
  const odd = group.keys().find((name) => !known.includes(name));
  if (odd !== undefined) refuse(path, `unexpected argument "${odd}"`);
  const shapes = new Map<string, Shape>();
  const numbers = new Map<string, readonly number[] | string>();
  for (const name of known.slice(2).filter((field) => group.keys().includes(field) || rules.fields.includes(field))) {
    const { shape, metadata, value } = dataset(group, name, path);
    shapes.set(name, shape!);
    if (metadata.type === 3 && name === "padding") numbers.set(name, value as string);
    else if (integerFields.includes(name)) {
      if (metadata.type !== 0 || metadata.size !== 8) refuse(path, `"${name}" is no int64`);
      numbers.set(name, typeof value === "bigint" ? [Number(value)] : [...(value as BigInt64Array)].map(Number));
    } else if (metadata.type !== 1) refuse(path, `"${name}" holds no real numbers`);
  }
  const same = (rules.same ?? []).map((name) => shapes.get(name)!);
  if (same.some((shape) => shape.join() !== same[0]!.join())) refuse(path, "all parameters must have the same shape");
  const node: Node = { ...blank, shapes, numbers };
  [node.input, node.output] = typesOf(node, path);
  return node;
}

const list = (node: Node, field: string): readonly number[] => node.numbers.get(field) as readonly number[];

/** Types that a node has by itself. */
function typesOf(node: Node, path: string): [Shape | undefined, Shape | undefined] {
  const { type, shapes } = node;
  if (type === "Input" || type === "Output") return [list(node, "shape"), list(node, "shape")];
  if (type === "Affine" || type === "Linear") {
    const weight = shapes.get("weight")!;
    if (weight.length < 2) refuse(path, "weight must be at least 2D");
    return [[...weight.slice(0, -2), weight.at(-1)!], weight.slice(0, -1)];
  }
  if (type === "Conv1d" || type === "Conv2d") {
    const axes = type === "Conv1d" ? 0 : 1;
    if (shapes.get("input_shape")!.length !== axes) refuse(path, "an input shape of other axes");
    const [, channels] = shapes.get("weight")!;
    const extents = list(node, "input_shape");
    return [[channels!, ...extents], convolved(node, extents)];
  }
  if (type === "Flatten") {
    const input = node.numbers.has("input_type") ? list(node, "input_type") : undefined;
    return [input, input && flattened(node, input)];
  }
  if (type.endsWith("Pool2d")) return [undefined, undefined];
  const shape = [...shapes.values()][0]!;
  return [shape, shape];
}

function convolved(node: Node, extents: Shape): Shape {
  const weight = node.shapes.get("weight")!;
  return [
    weight[0]!,
    ...windows(
      node,
      extents,
      extents.map(() => weight[2]!),
    ),
  ];
}

function windows(node: Node, extents: Shape, kernel: readonly number[]): Shape {
  const padding = node.numbers.get("padding")!;
  const at = (field: string, k: number): number => list(node, field)[k] ?? list(node, field)[0]!;
  return extents.map((extent, k) => {
    if (padding === "same") return extent;
    const around = padding === "valid" ? 0 : 2 * at("padding", k);
    const dilation = node.numbers.has("dilation") ? at("dilation", k) : 1;
    return Math.floor((extent + around - dilation * (kernel[k]! - 1) - 1) / at("stride", k)) + 1;
  });
}

function flattened(node: Node, input: Shape): Shape {
  const [start, end] = [list(node, "start_dim")[0]!, list(node, "end_dim")[0]!];
  const to = end === -1 ? input.length : end + 1;
  return [...input.slice(0, start), input.slice(start, to).reduce((a, b) => a * b, 1), ...input.slice(to)];
}

/** `infer_types` from the inputs on, then `check_types` along every edge. */
function checkTypes({ nodes, edges }: Graph, path: string): void {
  if (nodes.size === 0) return;
  const targets = new Set(edges.map(([, target]) => target));
  const sources = new Set(edges.map(([source]) => source));
  for (const [name, node] of nodes) {
    if (!targets.has(name) && node.input === undefined) refuse(path, `root node "${name}" has no input type`);
  }
  const ready = edges.filter(([source]) => nodes.get(source)!.type === "Input");
  if (ready.length === 0) refuse(path, "no input nodes found");
  const seen = new Set(ready.map(([source]) => source));
  for (let edge = ready.pop(); edge; edge = ready.pop()) {
    const [from, to] = [nodes.get(edge[0])!, nodes.get(edge[1])!];
    if (to.inner) checkTypes(to.inner, `${path}/nodes/${edge[1]}`);
    to.input ??= from.output;
    fits(from.output, to.input, path, edge);
    if (to.type === "Output") to.output = to.input;
    to.output ??= inferred(to);
    seen.add(edge[1]);
    ready.push(...edges.filter(([source, target]) => source === edge![1] && !seen.has(target)));
  }
  if ([...nodes.keys()].every((name) => sources.has(name))) refuse(path, "no output nodes found");
  for (const edge of edges) fits(nodes.get(edge[0])!.output, nodes.get(edge[1])!.input, path, edge);
}

function inferred(node: Node): Shape | undefined {
  const input = node.input!;
  if (node.type === "Flatten") return flattened(node, input);
  if (node.type.endsWith("Pool2d")) return [input[0]!, ...windows(node, input.slice(1), list(node, "kernel_size"))];
  return undefined;
}

function fits(
  from: Shape | undefined,
  to: Shape | undefined,
  path: string,
  [source, target]: readonly [string, string],
): void {
  if (!from) refuse(path, `pre node "${source}" has no output type`);
  if (!to) refuse(path, `post node "${target}" has no input type`);
  if (from!.join() !== to!.join()) refuse(path, `type mismatch: ${source}.output [${from}], ${target}.input [${to}]`);
}
