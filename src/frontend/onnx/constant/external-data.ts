import { closeSync, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { failure, type SpikewrightError } from "../../../support/diagnostic.js";

/** Where the model lies. */
export interface ModelPlace {
  /** Path as the user gave it, for messages. */
  readonly file?: string;
  /** Folder of the model; tensors in other files are looked for in it and below, and nowhere else. */
  readonly folder?: string;
}

/** Reads tensors whose data lies beside the model. */
export class ExternalData {
  private readonly place: ModelPlace;

  constructor(place: ModelPlace) {
    this.place = place;
  }

  /**
   * The bytes of one tensor.
   *
   * @param entries The `external_data` entries: `location`, `offset`, `length`.
   * @param size Bytes that shape and type ask for.
   * @throws `external-data-missing` without a folder or file, `path-outside-model` for a location that leaves the
   * folder, `external-data-size` where offset, length or size do not fit the file.
   */
  read(tensor: string, entries: ReadonlyMap<string, string>, size: number): Uint8Array {
    const location = entries.get("location") ?? "";
    const path = this.resolve(tensor, location);
    const offset = this.number(tensor, entries, "offset", 0);
    const length = this.number(tensor, entries, "length", size);
    if (length !== size) throw this.misfit(tensor, `length ${length}`, `${size} bytes`);
    const handle = openSync(path, "r");
    try {
      const status = fstatSync(handle);
      if (!status.isFile()) throw this.misfit(tensor, `"${location}", which is not a file`, `${size} bytes`);
      const total = status.size;
      if (offset > total - size)
        throw this.misfit(tensor, `a file of ${total} bytes`, `${size} bytes from ${offset} on`);
      const bytes = new Uint8Array(size);
      for (let done = 0; done < size; ) {
        const read = readSync(handle, bytes, done, size - done, offset + done);
        if (read === 0) throw this.misfit(tensor, `${done} bytes`, `${size} bytes`);
        done += read;
      }
      return bytes;
    } finally {
      closeSync(handle);
    }
  }

  /** The real path of `location`, which must lie in the folder of the model. */
  private resolve(tensor: string, location: string): string {
    const { folder } = this.place;
    if (folder === undefined) {
      throw this.error("external-data-missing", tensor, `data in "${location}"`, "the folder of the model", {
        hint: "Read the model from its folder, or save it with the weights inside",
      });
    }
    const wanted = `a file inside the folder of the model`;
    if (location === "" || isAbsolute(location) || /[\\\0:]/.test(location) || location.split("/").includes("..")) {
      throw this.error("path-outside-model", tensor, `location "${location}"`, wanted, {});
    }
    let path: string;
    let root: string;
    try {
      root = realpathSync(folder);
      path = realpathSync(join(folder, location));
    } catch (cause) {
      throw this.error("external-data-missing", tensor, `no file "${location}"`, wanted, {
        hint: "Keep the data files that came with the model beside it",
        cause,
      });
    }
    const inside = relative(root, path);
    if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) {
      throw this.error("path-outside-model", tensor, `location "${location}"`, wanted, {});
    }
    return path;
  }

  private number(tensor: string, entries: ReadonlyMap<string, string>, key: string, fallback: number): number {
    const text = entries.get(key);
    if (text === undefined) return fallback;
    if (!/^\d{1,15}$/.test(text)) throw this.misfit(tensor, `${key} "${text}"`, "a number of bytes");
    return Number(text);
  }

  private misfit(tensor: string, found: string, wanted: string): SpikewrightError {
    return this.error("external-data-size", tensor, found, wanted, {});
  }

  private error(
    code: string,
    tensor: string,
    found: string,
    wanted: string,
    more: { readonly hint?: string; readonly cause?: unknown },
  ): SpikewrightError {
    const place = { item: tensor, ...(this.place.file === undefined ? {} : { file: this.place.file }) };
    const message = `Cannot read the data of tensor "${tensor}": found ${found}, wanted ${wanted}`;
    return failure({ code, message, place, found, wanted, ...(more.hint ? { hint: more.hint } : {}) });
  }
}
