import type { ActivationFunction, AnnGraph, AnnNode, Padding } from "../../../src/ann/graph.js";
import { seededRandom } from "../../../src/support/random.js";
import { elements, type Tensor } from "../../../src/support/tensor.js";

type Rest<Op extends AnnNode["op"]> = Omit<
  Extract<AnnNode, { op: Op }>,
  "op" | "name" | "sourceOp" | "inputs" | "outputs"
>;

/** Writes small networks with random weights, one call a layer. Each call returns the name of its value. */
export class Model {
  readonly nodes: AnnNode[] = [];
  readonly random: () => number;
  private readonly input: readonly number[];

  constructor(input: readonly number[], seed = 1) {
    this.input = input;
    this.random = seededRandom(seed);
  }

  tensor(shape: readonly number[], low = -0.5, high = 0.5): Tensor {
    return { shape, data: new Float32Array(elements(shape)).map(() => low + (high - low) * this.random()) };
  }

  add<Op extends AnnNode["op"]>(op: Op, inputs: readonly string[], rest: Rest<Op>, outputs = 1): string {
    const name = `${op}_${this.nodes.length}`;
    const made = outputs === 1 ? [name] : Array.from({ length: outputs }, (_, k) => `${name}:${k}`);
    this.nodes.push({ op, name, sourceOp: op, inputs, outputs: made, ...rest } as unknown as AnnNode);
    return made[0]!;
  }

  conv(
    from: string,
    kernel: readonly number[],
    options: { strides?: readonly number[]; padding?: Padding; dilations?: readonly number[]; groups?: number } = {},
  ): string {
    const spatial = kernel.length - 2;
    const all = (n: number) => new Array<number>(spatial).fill(n);
    return this.add("conv", [from], {
      kernel: this.tensor(kernel),
      bias: this.tensor([kernel.at(-1)!]),
      strides: options.strides ?? all(1),
      padding: options.padding ?? all(0).map(() => [0, 0] as const),
      dilations: options.dilations ?? all(1),
      groups: options.groups ?? 1,
    });
  }

  dense(from: string, inputs: number, outputs: number): string {
    return this.add("dense", [from], { kernel: this.tensor([inputs, outputs]), bias: this.tensor([outputs]) });
  }

  act(from: string, f: ActivationFunction): string {
    return this.add("activation", [from], { function: f });
  }

  relu(from: string, maxValue?: number): string {
    return this.act(from, {
      kind: "relu",
      negativeSlope: 0,
      threshold: 0,
      ...(maxValue === undefined ? {} : { maxValue }),
    });
  }

  batchNorm(from: string, channels: number): string {
    return this.add("batch-norm", [from], {
      mean: this.tensor([channels]),
      variance: this.tensor([channels], 0.1, 2),
      scale: this.tensor([channels], -1, 1.5),
      offset: this.tensor([channels]),
      epsilon: 0.001,
    });
  }

  pool(from: string, kind: "max" | "average", size: readonly number[], padding?: Padding, strides = size): string {
    const zero = size.map(() => [0, 0] as const);
    return this.add("pool", [from], { kind, size, strides, padding: padding ?? zero, includePadding: true });
  }

  reshape(from: string, shape: readonly number[]): string {
    return this.add("reshape", [from], { shape });
  }

  transpose(from: string, permutation: readonly number[]): string {
    return this.add("transpose", [from], { permutation });
  }

  graph(output: string): AnnGraph {
    const inputs = [{ name: "x", shape: this.input }];
    return { name: "model", source: { format: "test" }, inputs, nodes: this.nodes, outputs: [output] };
  }
}
