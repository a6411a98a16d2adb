import type { Diagnostic } from "../../support/diagnostic.js";
import type { Tensor } from "../../support/tensor.js";
import { nodeFinding, showShape } from "../finding.js";
import type { NodeBase } from "../nodes/base.js";
import type { Demand } from "./numbers.js";

/** Collects what is wrong with the attributes of one node. */
export class Inspector {
  readonly findings: Diagnostic[] = [];
  readonly #node: NodeBase;

  constructor(node: NodeBase) {
    this.#node = node;
  }

  /** Code `attribute-invalid` where `value` is not as demanded. */
  number<T>(field: string, value: T, demand: Demand<T>): void {
    this.require(
      demand.holds(value),
      `${field} ${typeof value === "number" ? value : JSON.stringify(value)}`,
      demand.wanted,
    );
  }

  /** Code `attribute-invalid` where `holds` is false. */
  require(holds: boolean, found: string, wanted: string): void {
    if (!holds) this.findings.push(nodeFinding("attribute-invalid", this.#node, found, wanted));
  }

  /** Code `parameter-shape` where a parameter is there and differs from `wanted`; -1 allows any extent. */
  shape(field: string, tensor: Tensor | undefined, wanted: readonly number[]): void {
    if (!tensor) return;
    const fits =
      tensor.shape.length === wanted.length &&
      wanted.every((extent, axis) => extent < 0 || tensor.shape[axis] === extent);
    if (!fits) {
      const found = `${field} ${showShape(tensor.shape)}`;
      this.findings.push(nodeFinding("parameter-shape", this.#node, found, showShape(wanted)));
    }
  }
}

/** Inspects the attributes of one node, each by itself: what depends on input shapes is a matter of the shape rules. */
export type AttributeRule<N> = (node: N, see: Inspector) => void;
