/** A whole HDF5 file as plain data. Maps are in the order of the file's index. Soft and external links are left out. */
export interface Hdf5Group {
  readonly kind: "group";
  readonly attributes: ReadonlyMap<string, Hdf5Value>;
  readonly children: ReadonlyMap<string, Hdf5Object>;
}

/** Attributes of datasets are left out. */
interface Hdf5Dataset {
  readonly kind: "dataset";
  readonly value: Hdf5Value;
}

export type Hdf5Object = Hdf5Group | Hdf5Dataset;

/** Content of a dataset or an attribute, row-major; `shape` is `[]` for a scalar. */
export type Hdf5Value =
  | {
      readonly type: "number";
      readonly shape: readonly number[];
      readonly format: NumberFormat;
      /** Alone in its buffer. */
      readonly bytes: Uint8Array;
    }
  | { readonly type: "string"; readonly shape: readonly number[]; readonly strings: readonly string[] }
  /** One run of numbers of its own length an element (variable-length sequences). */
  | {
      readonly type: "rows";
      readonly shape: readonly number[];
      readonly format: NumberFormat;
      readonly rows: readonly Uint8Array[];
    }
  /** Compounds, references and other types that no reader here needs; no content. */
  | { readonly type: "other"; readonly shape: readonly number[] }
  /** A value without elements (null dataspace). */
  | { readonly type: "empty"; readonly shape: readonly number[] };

/** How numbers lie in `bytes`: little-endian always, whatever the file has. */
export interface NumberFormat {
  readonly class: "integer" | "float";
  /** Bytes of one number. */
  readonly size: number;
  readonly signed: boolean;
}

/** The object at `path` ("a/b/c", relative to `group`), or undefined. */
function objectAt(group: Hdf5Group, path: string): Hdf5Object | undefined {
  let object: Hdf5Object | undefined = group;
  for (const name of path.split("/").filter((part) => part !== "")) {
    if (object?.kind !== "group") return undefined;
    object = object.children.get(name);
  }
  return object;
}

/** The group at `path`, or undefined when there is none or it is a dataset. */
export function groupAt(group: Hdf5Group, path: string): Hdf5Group | undefined {
  const object = objectAt(group, path);
  return object?.kind === "group" ? object : undefined;
}

/** The value of the dataset at `path`, or undefined. */
export function datasetAt(group: Hdf5Group, path: string): Hdf5Value | undefined {
  const object = objectAt(group, path);
  return object?.kind === "dataset" ? object.value : undefined;
}

/** The only string of `value`, or undefined for anything else. */
export function stringOf(value: Hdf5Value | undefined): string | undefined {
  return value?.type === "string" && value.strings.length === 1 ? value.strings[0] : undefined;
}

/** The strings of a list; empty for a list without elements; undefined for anything else. */
export function stringsOf(value: Hdf5Value | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (value.type === "string") return value.strings;
  // A writer gives an empty list the element type of NumPy's default, a float.
  const isEmpty = value.type === "empty" || value.shape.includes(0);
  return isEmpty ? [] : undefined;
}
