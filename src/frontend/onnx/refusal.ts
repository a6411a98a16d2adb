/** Why the reader cannot express a node. `code` is kebab-case and stable. */
export interface Refused {
  readonly code: string;
  /** What about the node is not supported. */
  readonly reason: string;
  /** What the user can do about it. */
  readonly hint: string;
}

/** Thrown inside the reader where a node cannot be expressed; the importer turns it into an `unsupported` node. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.reason);
    this.refused = refused;
  }
}

const defaultHint = "Export the model without it, or replace the layer by a supported one";

/** A refusal with the common hint. */
export function refuse(code: string, reason: string, hint: string = defaultHint): Refusal {
  return new Refusal({ code, reason, hint });
}
