import type { AnnGraph, AnnNode, TimeDistributedNode } from "../graph.js";
import { type Context, type Kernel, sameBatch, type Value } from "./kernel.js";
import { prepareKernel } from "./kernels/table.js";

interface Step {
  readonly node: AnnNode;
  readonly kernel: Kernel;
}

/** A graph with its parameters on the back-end. */
export interface Executor {
  /**
   * Computes the values named in `wanted` and nothing that they do not need. Every other intermediate value is let go
   * right after its last use. The caller owns the inputs and the results.
   */
  readonly run: (inputs: ReadonlyMap<string, Value>, wanted: ReadonlySet<string>) => Map<string, Value>;
}

/** Puts the parameters of a legal graph without unsupported operators on the back-end. */
export function prepareGraph(graph: AnnGraph, context: Context): Executor {
  const steps = graph.nodes.map((node) => ({ node, kernel: prepareNode(node, context) }));
  return { run: (inputs, wanted) => runSteps(neededSteps(steps, wanted), inputs, wanted, context) };
}

function prepareNode(node: AnnNode, context: Context): Kernel {
  if (node.op === "time-distributed") return prepareTimeDistributed(node, context);
  if (node.op === "unsupported") throw new Error(`Unsupported operator ${node.sourceOp} reached the evaluation`);
  return prepareKernel(node, context);
}

/** Frames become samples of a larger batch. */
function prepareTimeDistributed(node: TimeDistributedNode, context: Context): Kernel {
  const { tf } = context;
  const body = prepareGraph(node.body, context);
  const wanted = new Set(node.body.outputs);
  return (inputs) => {
    const values = sameBatch(tf, inputs);
    const [batch, time] = values[0]!.shape as [number, number];
    const frames = new Map(
      values.map((value, at) => {
        return [node.body.inputs[at]!.name, tf.reshape(value, [batch * time, ...value.shape.slice(2)])] as const;
      }),
    );
    const results = body.run(frames, wanted);
    return node.body.outputs.map((name) => {
      const result = results.get(name)!;
      // A result that no frame changes has batch extent 1, and so has no axis of frames yet.
      const all =
        result.shape[0] === 1 ? tf.tile(result, [batch * time, ...result.shape.slice(1).map(() => 1)]) : result;
      return tf.reshape(all, [batch, time, ...result.shape.slice(1)]);
    });
  };
}

/** The steps that the wanted values depend on, in order. */
function neededSteps(steps: readonly Step[], wanted: ReadonlySet<string>): readonly Step[] {
  const needed = new Set(wanted);
  const result: Step[] = [];
  for (const step of [...steps].reverse()) {
    if (!step.node.outputs.some((name) => needed.has(name))) continue;
    for (const name of step.node.inputs) needed.add(name);
    result.push(step);
  }
  return result.reverse();
}

function runSteps(
  steps: readonly Step[],
  inputs: ReadonlyMap<string, Value>,
  wanted: ReadonlySet<string>,
  { tf }: Context,
): Map<string, Value> {
  const uses = new Map<string, number>();
  for (const { node } of steps) for (const name of node.inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
  const live = new Map(inputs);
  const release = (name: string): void => {
    if (wanted.has(name) || inputs.has(name) || (uses.get(name) ?? 0) > 0) return;
    live.get(name)?.dispose();
    live.delete(name);
  };
  for (const { node, kernel } of steps) {
    const arguments_ = node.inputs.map((name) => live.get(name)!);
    // A kernel may hand back an input or one value twice; each name owns a handle of its own.
    const seen = new Set<Value>(arguments_);
    const results = tf.tidy(() =>
      kernel(arguments_).map((value) => {
        const own = seen.has(value) ? tf.clone(value) : value;
        seen.add(own);
        return own;
      }),
    );
    node.outputs.forEach((name, at) => {
      live.set(name, results[at]!);
    });
    for (const name of node.inputs) uses.set(name, uses.get(name)! - 1);
    for (const name of [...node.inputs, ...node.outputs]) release(name);
  }
  return new Map([...wanted].map((name) => [name, inputs.has(name) ? tf.clone(live.get(name)!) : live.get(name)!]));
}
