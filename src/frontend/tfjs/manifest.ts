import { failure, type SpikewrightError } from "../../support/diagnostic.js";
import { isList, isObject, type Json, listMember, member, stringMember } from "../bytes/json.js";

/** One group of `weightsManifest`: shards that are joined, then cut into weights. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly storage: Storage;
}

/** How the values of a weight lie in the file. Quantised: `value = stored * scale + min`, whole numbers when `isInteger`. */
export interface Storage {
  readonly class: "integer" | "float";
  readonly size: 1 | 2 | 4;
  readonly signed: boolean;
  readonly scale?: number;
  readonly min?: number;
  readonly isInteger: boolean;
}

const largestWeights = 2 ** 30;

/**
 * Read `weightsManifest` of a TensorFlow.js model.
 *
 * @throws `manifest-invalid`, `weights-type-refused` for strings and complex numbers, `weights-too-large` above 1 GiB.
 */
export function readManifest(model: Json, file: string): WeightGroup[] {
  const groups = member(model, "weightsManifest");
  if (!isList(groups)) throw invalid(file, "weightsManifest is missing");
  let bytes = 0;
  return groups.map((group) => {
    const paths = listMember(group, "paths");
    if (!paths.every((path): path is string => typeof path === "string"))
      throw invalid(file, "a group has paths that are no strings");
    const weights = listMember(group, "weights").map((entry) => readEntry(entry, file));
    bytes += weights.reduce((sum, entry) => sum + entry.elements * 4, 0);
    if (bytes > largestWeights) throw tooLarge(file, bytes);
    return { paths, weights };
  });
}

function readEntry(entry: Json, file: string): WeightEntry {
  const name = stringMember(entry, "name");
  const shape = member(entry, "shape");
  if (name === undefined || !isList(shape)) throw invalid(file, "a weight has no name and shape");
  const isExtent = (n: Json): n is number => typeof n === "number" && Number.isSafeInteger(n) && n >= 0 && n < 2 ** 31;
  if (shape.length > 8 || !shape.every(isExtent)) throw invalid(file, `weight "${name}" has a shape that is none`);
  const elements = shape.reduce((product, n) => product * n, 1);
  if (elements * 4 > largestWeights) throw tooLarge(file, elements * 4);
  return { name, shape, elements, storage: storageOf(name, entry, file) };
}

function storageOf(name: string, entry: Json, file: string): Storage {
  const dtype = stringMember(entry, "dtype") ?? "float32";
  const quantization = member(entry, "quantization");
  const isInteger = dtype !== "float32" && dtype !== "float16";
  const stored = isObject(quantization) ? stringMember(quantization, "dtype") : dtype;
  const plain = plainStorage.get(stored ?? "");
  if (!plain) {
    throw failure({
      code: "weights-type-refused",
      message: `Cannot read weight "${name}": its type is "${stored}", wanted numbers`,
      place: { file, item: name },
      wanted: [...plainStorage.keys()].join(", "),
      hint: "Save the model without this weight",
    });
  }
  if (!isObject(quantization) || stored === "float16") return { ...plain, isInteger };
  const [scale, min] = [member(quantization, "scale"), member(quantization, "min")];
  if (typeof scale !== "number" || typeof min !== "number")
    throw invalid(file, `weight "${name}" is quantised without scale and min`);
  return { ...plain, scale, min, isInteger };
}

type PlainStorage = Pick<Storage, "class" | "size" | "signed">;
const plainStorage: ReadonlyMap<string, PlainStorage> = new Map<string, PlainStorage>([
  ["float32", { class: "float", size: 4, signed: true }],
  ["float16", { class: "float", size: 2, signed: true }],
  ["int32", { class: "integer", size: 4, signed: true }],
  ["uint16", { class: "integer", size: 2, signed: false }],
  ["uint8", { class: "integer", size: 1, signed: false }],
  ["bool", { class: "integer", size: 1, signed: false }],
]);

function tooLarge(file: string, bytes: number): SpikewrightError {
  return failure({
    code: "weights-too-large",
    message: `Cannot read "${file}": its weights have ${bytes} bytes, wanted at most ${largestWeights}`,
    place: { file },
    hint: "Use a smaller model",
  });
}

function invalid(file: string, reason: string): SpikewrightError {
  return failure({
    code: "manifest-invalid",
    message: `Cannot read the weights of "${file}": ${reason}`,
    place: { file },
    hint: "Convert or save the model again",
  });
}
