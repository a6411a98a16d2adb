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
