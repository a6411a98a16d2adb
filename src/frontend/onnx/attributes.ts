import type { OnnxAttribute, TensorRecord } from "./proto/model.js";
import { refuse } from "./refusal.js";

/** Typed access to the attributes of a node. A missing attribute without default is refused. */
export class Attributes {
  private readonly all: ReadonlyMap<string, OnnxAttribute>;

  constructor(all: ReadonlyMap<string, OnnxAttribute>) {
    this.all = all;
  }

  has(name: string): boolean {
    return this.all.has(name);
  }

  int(name: string, fallback?: number): number {
    return this.one(name, (attribute) => attribute.int, fallback);
  }

  float(name: string, fallback?: number): number {
    return this.one(name, (attribute) => attribute.float, fallback);
  }

  string(name: string, fallback?: string): string {
    return this.one(name, (attribute) => attribute.string, fallback);
  }

  flag(name: string, fallback = false): boolean {
    return this.int(name, fallback ? 1 : 0) !== 0;
  }

  /** Undefined where the attribute is not there. */
  ints(name: string): readonly number[] | undefined {
    return this.all.get(name)?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.all.get(name)?.floats;
  }

  strings(name: string): readonly string[] | undefined {
    return this.all.get(name)?.strings;
  }

  tensor(name: string): TensorRecord | undefined {
    return this.all.get(name)?.tensor;
  }

  private one<T>(name: string, pick: (attribute: OnnxAttribute) => T | undefined, fallback: T | undefined): T {
    const attribute = this.all.get(name);
    const value = attribute ? pick(attribute) : fallback;
    if (value === undefined) throw refuse("attribute", `attribute "${name}" is missing or has another type`);
    return value;
  }
}
