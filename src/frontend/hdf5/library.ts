/** What is used of the HDF5 library compiled to WebAssembly. Object ids are 64-bit. */
export interface Hdf5Library {
  readonly ready: Promise<Hdf5Module>;
}

export interface Hdf5Module {
  readonly FS: Hdf5FileSystem;
  readonly HEAPU8: Uint8Array;
  readonly H5G_GROUP: number;
  readonly H5G_DATASET: number;
  open(path: string, mode: number, trackOrder: boolean, low: number, high: number): bigint;
  close_file(file: bigint): number;
  /** From then on a failing call throws with the trace of the library as text. */
  activate_throwing_error_handler(): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_symbolic_link(file: bigint, path: string): string | null;
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): Metadata;
  get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
  get_dataset_metadata(file: bigint, path: string): Metadata;
  get_dataset_data(
    file: bigint,
    path: string,
    count: bigint[] | null,
    offset: bigint[] | null,
    strides: bigint[] | null,
    pointer: bigint,
  ): number;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

interface Hdf5FileSystem {
  /** With `canOwn`, `data` becomes the content without a copy. */
  writeFile(path: string, data: Uint8Array, options?: { readonly canOwn: boolean }): void;
  lookupPath(path: string): { readonly node: Hdf5FileNode };
  unlink(path: string): void;
}

/** A file in memory, of which streams take their operations. */
interface Hdf5FileNode {
  usedBytes: number;
  stream_ops: {
    /** @returns The number of bytes that were read. */
    readonly read: (stream: unknown, buffer: Int8Array, offset: number, length: number, position: number) => number;
  };
}

export interface Metadata {
  readonly type: number;
  readonly size: number;
  readonly signed: boolean;
  readonly shape: readonly number[] | null;
  readonly chunks?: readonly number[] | null;
  readonly total_size: number;
  readonly vlen: boolean;
  readonly cset?: number;
  readonly vlen_type?: Metadata;
  readonly enum_type?: { readonly type: number };
}
