import type { Hdf5Object } from "./tree.js";

/** One file to read. */
export interface Hdf5Request {
  readonly bytes: Uint8Array;
  /** Read at most this many entries of the first axis of every dataset. */
  readonly rows?: number;
  readonly limits: Hdf5Limits;
}

export interface Hdf5Limits {
  /** Decoded bytes of all values together. */
  readonly bytes: number;
  /** Groups, datasets and attributes together. */
  readonly objects: number;
  /** Groups inside groups. */
  readonly depth: number;
  /** Bytes the decoder may hold. */
  readonly heapBytes: number;
}

export type Hdf5Reply = { readonly root: Hdf5Object } | Hdf5Problem;

export interface Hdf5Problem {
  /** A technical sentence for the message. */
  readonly problem: string;
  /** The file asks for too much. */
  readonly isLimit: boolean;
  /** The library refused the file in good order, and may go on with another. */
  readonly isSound: boolean;
}
