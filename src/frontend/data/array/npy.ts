import { failure } from "../../../support/diagnostic.js";
import { decodeNumbers, type ElementType, elementReader, isKnownElementType } from "../../bytes/number-array.js";
import { checkExtents, type DataArray, damagedData, limited } from "../samples.js";

/** Whether `bytes` start like a NumPy array file. */
export function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}

interface Header {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly start: number;
  readonly isByte: boolean;
}

/**
 * Read a `.npy` file: booleans, integers and floats of any size and byte order, in C or Fortran order. The result is
 * row-major.
 *
 * @param limit Entries of the first axis to read.
 * @throws `data-damaged`, `data-too-large`, `data-type-refused` for complex numbers, strings, records and objects.
 */
export function readNpy(bytes: Uint8Array, file: string, limit?: number): DataArray {
  const header = readHeader(bytes, file);
  const wanted = header.shape.reduce((product, n) => product * n, header.type.size);
  if (bytes.length - header.start !== wanted) {
    throw damagedData(file, `its values have ${bytes.length - header.start} bytes, wanted ${wanted}`);
  }
  const shape = limited(header.shape, limit);
  const count = checkExtents(shape, file);
  const { isByte } = header;
  if (!header.fortranOrder || shape.length < 2) {
    return { shape, data: decodeNumbers(bytes, header.type, header.littleEndian, header.start, count), isByte };
  }
  return { shape, data: fromFortranOrder(bytes, header, shape, count), isByte };
}

function fromFortranOrder(bytes: Uint8Array, header: Header, shape: readonly number[], count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.start);
  const read = elementReader(view, header.type, header.littleEndian);
  const strides: number[] = [];
  let stride = header.type.size;
  for (const extent of header.shape) {
    strides.push(stride);
    stride *= extent;
  }
  const data = new Float32Array(count);
  const index = new Int32Array(shape.length);
  let from = 0;
  for (let to = 0; to < count; to++) {
    data[to] = read(from);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return data;
}

function readHeader(bytes: Uint8Array, file: string): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6] ?? 0;
  const prefix = major === 1 ? 10 : 12;
  if (bytes.length < prefix || major < 1 || major > 3)
    throw damagedData(file, "its header is cut off or of an unknown version");
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = prefix + length;
  if (length > 65_536 || start > bytes.length) throw damagedData(file, "its header is cut off");
  const text = new TextDecoder("latin1").decode(bytes.subarray(prefix, start));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const extents = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (order === undefined || extents === undefined) throw damagedData(file, "its header has no fortran_order or shape");
  const type = elementType(descr);
  if (!type) throw refusedType(file, descr);
  const shape = extents
    .split(",")
    .map((part) => part.trim().replace("L", ""))
    .filter((part) => part !== "")
    .map(Number);
  return {
    type,
    littleEndian: descr?.[0] !== ">",
    fortranOrder: order === "True",
    shape,
    start,
    isByte: /^[<>|=]?u1$/.test(descr ?? ""),
  };
}

/** The type of a NumPy descriptor like `<f4`; undefined for one that is no number. */
function elementType(descr: string | undefined): ElementType | undefined {
  const [, kind, digits] = /^[<>|=]?([biuf])(\d+)$/.exec(descr ?? "") ?? [];
  if (kind === undefined) return undefined;
  const type: ElementType = {
    class: kind === "f" ? "float" : "integer",
    size: Number(digits),
    signed: kind === "i" || kind === "f",
  };
  return isKnownElementType(type) && (kind !== "b" || type.size === 1) ? type : undefined;
}

function refusedType(file: string, descr: string | undefined) {
  return failure({
    code: "data-type-refused",
    message: `Cannot read "${file}": its elements have type ${descr === undefined ? "record" : `"${descr}"`}, wanted numbers`,
    place: { file },
    wanted: "booleans, integers or floats of up to 8 bytes",
    hint: "Convert the array with .astype('float32') before saving it",
  });
}
