import type { CoreConfig } from "../../arch/core-config.js";
import { type RowHalves, readSynapseRow, type ScatterSynapse, type SynapseRow } from "../../arch/dynamics/scatter.js";
import { failure } from "../../support/diagnostic.js";
import { decodePassRegisters } from "./registers.js";

/** Rows of weights in a memory or a program. */
export interface WeightRows {
  readonly weights: Int8Array;
  /** Bytes from row to row: the lanes, or more. */
  readonly stride: number;
  readonly config: Pick<CoreConfig, "lanes" | "weightBits" | "weightDepth">;
}

/** The registers of a `scatter`, decoded; addresses modulo the memory they point into. */
export interface ScatterRegisters {
  /** Pointer word of the events; the next one ends them. */
  readonly pointer: number;
  /** Row in which the list of presynaptic neuron 0 begins; modulo 2^16. */
  readonly weightBase: number;
}

/** Decodes the 22-bit values that `set` has loaded, one a register. */
export function decodeScatterRegisters(values: ArrayLike<number>, config: CoreConfig): ScatterRegisters {
  const { originPointer, weightBase } = decodePassRegisters(values, config);
  return { pointer: originPointer & (config.pointerDepth - 1), weightBase };
}

/** A row as 64 bits: what its lanes hold, lane 0 low. Rows beyond the last are 0. */
export function rowHalves({ weights, stride, config: { lanes, weightBits } }: WeightRows, row: number): RowHalves {
  const mask = 2 ** weightBits - 1;
  const half = (first: number): number => {
    let word = 0;
    for (let lane = 0; lane < lanes / 2; lane++)
      word |= ((weights[row * stride + first + lane] ?? 0) & mask) << (lane * weightBits);
    return word >>> 0;
  };
  return [half(0), half(lanes / 2)];
}

/** Writes 64 bits into the lanes of a row. */
export function writeRowHalves({ weights, stride, config }: WeightRows, row: number, halves: RowHalves): void {
  const { lanes, weightBits } = config;
  const perHalf = lanes / 2;
  for (let lane = 0; lane < lanes; lane++) {
    const word = halves[lane < perHalf ? 0 : 1] >>> ((lane % perHalf) * weightBits);
    weights[row * stride + lane] = (word << (32 - weightBits)) >> (32 - weightBits);
  }
}

/**
 * The synapses of the list that begins in a row.
 *
 * @param row Modulo the depth.
 * @throws SpikewrightError `synapse-list`: the list comes to a row without synapses, or has no end.
 */
export function readSynapseList(rows: WeightRows, row: number): readonly ScatterSynapse[] {
  const { weightDepth } = rows.config;
  const found: ScatterSynapse[] = [];
  let at: number | undefined = row;
  for (let walked = 0; at !== undefined; walked++) {
    const { synapses, next }: SynapseRow = readSynapseRow(rowHalves(rows, at & (weightDepth - 1)));
    if (walked === weightDepth) throw badList(row & (weightDepth - 1), "has no end");
    if (walked > 0 && synapses.length === 0) throw badList(row & (weightDepth - 1), `goes on in empty row ${at}`);
    found.push(...synapses);
    at = next;
  }
  return found;
}

function badList(row: number, fault: string) {
  return failure({
    code: "synapse-list",
    message: `Cannot run the program: the list of synapses that begins in weight row ${row} ${fault}`,
    place: { item: `weight row ${row}` },
    wanted: "rows with 1 to 3 in their highest bits, the last with 1 or 2",
    hint: "Correct the rows of the list, or weight-base",
  });
}
