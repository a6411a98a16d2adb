import { failure } from "../../../support/diagnostic.js";
import type { Tensor } from "../../../support/tensor.js";

/** A weight array with the name that the file gives it, e.g. `conv2d_1/kernel:0`. */
export interface NamedTensor extends Tensor {
  readonly name: string;
}

/** Where the weights of a model come from; one implementation a file format. */
export interface WeightStore {
  /**
   * Weights of the layer at `path` (names of the models it is nested in, then its own), in the order of creation.
   * Empty for a layer without weights.
   *
   * @throws `weights-missing` and others when the file should have them and has not.
   */
  weightsOf(path: readonly string[], className: string): readonly NamedTensor[];
}

/** The weights of one layer, given out by their role. */
export class LayerWeights {
  readonly layer: string;
  readonly all: readonly NamedTensor[];

  constructor(layer: string, all: readonly NamedTensor[]) {
    this.layer = layer;
    this.all = all;
  }

  /**
   * The arrays for `roles`, by name where the file uses exactly these names, else by position.
   *
   * @throws `weights-do-not-match` when their number differs.
   */
  take(roles: readonly string[]): NamedTensor[] {
    const byRole = new Map(this.all.map((tensor) => [roleName(tensor.name), tensor]));
    if (this.all.length !== roles.length) {
      throw this.mismatch(`it has ${this.all.length} weight arrays, wanted ${roles.length} (${roles.join(", ")})`);
    }
    const isNamed = roles.every((role) => byRole.has(role));
    return roles.map((role, i) => (isNamed ? byRole.get(role)! : this.all[i]!));
  }

  /**
   * `tensor` when it has the shape `wanted` (-1 fits any extent).
   *
   * @throws `weights-do-not-match`.
   */
  shaped(role: string, tensor: Tensor, wanted: readonly number[]): Tensor {
    const fits =
      tensor.shape.length === wanted.length && tensor.shape.every((n, i) => wanted[i] === -1 || n === wanted[i]);
    if (fits) return { shape: tensor.shape, data: tensor.data };
    throw this.mismatch(`its ${role} has shape [${tensor.shape.join(", ")}], wanted [${wanted.join(", ")}]`);
  }

  mismatch(reason: string) {
    return failure({
      code: "weights-do-not-match",
      message: `Cannot read layer "${this.layer}": ${reason}`,
      place: { item: this.layer },
      hint: "Check that weights and topology belong to the same model",
    });
  }
}

/** `kernel` of `model/conv2d_1/kernel:0`. */
function roleName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/:\d+$/, "");
}

/**
 * Check that every weight is finite.
 *
 * @throws `weights-not-finite`.
 */
export function checkFiniteWeights(path: readonly string[], tensor: NamedTensor, file: string): void {
  const { data } = tensor;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i]!)) continue;
    const layer = path.join("/");
    throw failure({
      code: "weights-not-finite",
      message: `Cannot read layer "${layer}": array "${tensor.name}" has a value that is ${data[i]}`,
      place: { file, item: layer },
      wanted: "finite weights",
      hint: "Train the model again; its training diverged",
    });
  }
}
