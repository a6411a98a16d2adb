import type { CoreConfig } from "../../arch/core-config.js";
import { pointerBits } from "../../arch/memory.js";
import { registerField, signedRegisterField } from "./register-field.js";

/** The registers of a pass, decoded; addresses modulo the memory they point into. */
export interface PassRegisters {
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly kernelWidth: number;
  readonly kernelRows: number;
  readonly originX: number;
  readonly originY: number;
  readonly originPointer: number;
  readonly weightBase: number;
  readonly rowStep: number;
  readonly gridColumns: number;
  readonly gridRows: number;
  readonly windowColumns: number;
  readonly windowRows: number;
  readonly groups: number;
  readonly lanesVisit: number;
  readonly lanesLast: number;
  readonly lanesPosition: number;
  readonly parameters: number;
  readonly state: number;
  readonly fireMask: number;
  readonly fireMax: number;
  readonly list: number;
  readonly pointer: number;
  readonly channels: number;
  readonly index: number;
}

/** Decodes the 22-bit values that `set` has loaded, one a register. */
export function decodePassRegisters(values: ArrayLike<number>, config: CoreConfig): PassRegisters {
  const field = (register: string, name: string) => registerField(values, register, name);
  const signedField = (register: string, name: string) => signedRegisterField(values, register, name);
  return {
    sourceWidth: field("source-size", "width"),
    sourceHeight: field("source-size", "height"),
    kernelWidth: field("kernel", "width"),
    kernelRows: field("kernel", "rows"),
    originX: signedField("origin", "x"),
    originY: signedField("origin", "y"),
    originPointer: field("origin-pointer", "address"),
    weightBase: field("weight-base", "row"),
    rowStep: field("row-step", "row"),
    gridColumns: field("grid", "columns"),
    gridRows: field("grid", "rows"),
    windowColumns: field("window", "columns"),
    windowRows: field("window", "rows"),
    groups: field("window", "groups"),
    lanesVisit: field("lanes", "visit"),
    lanesLast: field("lanes", "last"),
    lanesPosition: field("lanes", "position"),
    parameters: field("parameters", "address") & (config.parameterDepth - 1),
    state: field("state", "address") & (config.stateDepth - 1),
    fireMask: field("fire", "mask") & (2 ** config.quotientBits - 1),
    fireMax: field("fire", "max"),
    list: field("list", "address") & (2 ** pointerBits(config) - 1),
    pointer: field("pointer", "address") & (config.pointerDepth - 1),
    channels: field("channels", "count") & (2 ** (config.indexBits + 1) - 1),
    index: field("index", "value") & (2 ** config.indexBits - 1),
  };
}
