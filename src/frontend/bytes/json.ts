import { failure } from "../../support/diagnostic.js";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Read members with `member` only: a file may use names like `__proto__`. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Lists inside lists, and lists and objects in all: a thousand times what models have, and bounded memory. */
const [deepest, mostContainers] = [512, 1_000_000];

/**
 * Parse JSON text of a file.
 *
 * @throws `json-invalid`, `json-too-large` for more than 512 levels, or a million lists and objects.
 */
export function parseJson(text: string, file: string | undefined): Json {
  const excess = excessOf(text);
  if (excess !== undefined) {
    throw failure({
      code: "json-too-large",
      message: `Cannot read "${file ?? "the model"}": its JSON has ${excess}`,
      ...(file === undefined ? {} : { place: { file } }),
      wanted: `at most ${deepest} levels and ${mostContainers} lists and objects`,
      hint: "Give the file of a model",
    });
  }
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

/** What a text has too much of, found without building anything. */
function excessOf(text: string): string | undefined {
  let depth = 0;
  let containers = 0;
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) isString = false;
    } else if (c === 0x22) isString = true;
    else if (c === 0x5b || c === 0x7b) {
      if (++depth > deepest) return `more than ${deepest} levels`;
      if (++containers > mostContainers) return `more than ${mostContainers} lists and objects`;
    } else if (c === 0x5d || c === 0x7d) depth--;
  }
  return undefined;
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
