import type { Hdf5Object } from "./tree.js";

/** Where an HDF5 file lies: in memory, or `length` bytes of a file on disk. */
export type Hdf5Source =
  | { readonly bytes: Uint8Array }
  | { readonly path: string; readonly start: number; readonly length: number };

/** One file to read. */
export interface Hdf5Request {
  readonly source: Hdf5Source;
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

/** `heapBytes`: memory of the decoder, which it keeps. */
export type Hdf5Reply = { readonly root: Hdf5Object; readonly heapBytes: number } | Hdf5Problem;

export interface Hdf5Problem {
  /** A technical sentence for the message. */
  readonly problem: string;
  /** The file asks for too much. */
  readonly isLimit: boolean;
  /** The library refused the file in good order, and may go on with another. */
  readonly isSound: boolean;
}
