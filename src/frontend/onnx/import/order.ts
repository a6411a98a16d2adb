import { damaged } from "../damaged.js";
import type { OnnxNode } from "../proto/model.js";

/**
 * The nodes in an order in which every value is made before it is used; the order of the file where it is one already.
 *
 * @param given Values that are there from the start.
 * @throws `damaged-file` for a value made twice, a cycle, or an input that nothing makes.
 */
export function ordered<N extends OnnxNode>(nodes: readonly N[], given: ReadonlySet<string>): readonly N[] {
  const makers = new Map<string, number>();
  nodes.forEach((node, k) => {
    for (const output of node.outputs) {
      if (output === "") continue;
      if (makers.has(output) || given.has(output))
        throw damaged("values", `"${output}" made twice`, "one maker a value");
      makers.set(output, k);
    }
  });
  const result: N[] = [];
  const state = new Uint8Array(nodes.length);
  const stack: number[] = [];
  for (let root = 0; root < nodes.length; root++) {
    stack.push(root);
    while (stack.length > 0) {
      const k = stack.at(-1)!;
      if (state[k] === 2) {
        stack.pop();
        continue;
      }
      const before = state[k] === 1 ? undefined : pending(nodes[k]!, makers, state, given, stack);
      if (before) {
        state[k] = 1;
        continue;
      }
      state[k] = 2;
      result.push(nodes[k]!);
      stack.pop();
    }
  }
  return result;
}

/** Push the makers of the inputs of `node` that are not done yet; true where there are any. */
function pending(
  node: OnnxNode,
  makers: ReadonlyMap<string, number>,
  state: Uint8Array,
  given: ReadonlySet<string>,
  stack: number[],
): boolean {
  let found = false;
  for (const input of node.inputs) {
    if (input === "" || given.has(input)) continue;
    const maker = makers.get(input);
    if (maker === undefined)
      throw damaged(`inputs of node "${node.name}"`, `"${input}"`, "a value that something makes");
    if (state[maker] === 1 || nodeIs(node, maker, makers)) {
      throw damaged("graph", `a cycle through "${input}"`, "a graph without cycles");
    }
    if (state[maker] === 0) {
      stack.push(maker);
      found = true;
    }
  }
  return found;
}

function nodeIs(node: OnnxNode, maker: number, makers: ReadonlyMap<string, number>): boolean {
  return node.outputs.some((output) => output !== "" && makers.get(output) === maker);
}
