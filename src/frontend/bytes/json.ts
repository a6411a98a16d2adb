import { failure } from "../../support/diagnostic.js";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Read members with `member` only: a file may use names like `__proto__`. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * Parse JSON text of a file.
 *
 * @throws `json-invalid`.
 */
export function parseJson(text: string, file: string | undefined): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : "";
    throw failure({
      code: "json-invalid",
      message: `Cannot read "${file ?? "the model"}": its JSON does not parse: ${reason}`,
      ...(file === undefined ? {} : { place: { file } }),
      hint: "Copy or download the file again; it is damaged or incomplete",
    });
  }
}

const largestText = 2 ** 28;

/**
 * The text of a file in UTF-8.
 *
 * @throws `file-too-large` above 256 MiB, which no text of a model has.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  if (bytes.length <= largestText) return new TextDecoder().decode(bytes);
  throw failure({
    code: "file-too-large",
    message: `Cannot read "${file}" as text: it has ${bytes.length} bytes, wanted at most ${largestText}`,
    place: { file },
    hint: "Give the file that holds the layers, not the weights",
  });
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The member `key` that the object itself has; undefined when it is absent or `value` is no object. */
export function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The member `key` when it is a string. */
export function stringMember(value: Json | undefined, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === "string" ? found : undefined;
}

/** The member `key` when it is a list, else an empty list. */
export function listMember(value: Json | undefined, key: string): readonly Json[] {
  const found = member(value, key);
  return isList(found) ? found : [];
}
