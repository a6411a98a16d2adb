/** Thrown by a layer builder for what AnnGraph has no node for; becomes an `unsupported` node. */
export class Unsupported extends Error {
  readonly hint: string;
  /** Batchless shape of the result where it is known all the same, so that the layers after it can be read. */
  readonly shape: readonly number[] | undefined;

  constructor(reason: string, hint: string, shape?: readonly number[]) {
    super(reason);
    this.hint = hint;
    this.shape = shape;
  }
}

/** Reason and hint for a layer of which nothing is known but that one before it is not supported. */
export const behindUnsupported = [
  "the shape of its input is unknown, because an unsupported layer comes before it",
  "Replace the unsupported layers before this one",
] as const;
