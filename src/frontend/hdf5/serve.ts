import type { MessagePort } from "node:worker_threads";
import type { Hdf5Library, Hdf5Module, Metadata } from "./library.js";
import type { Hdf5Reply, Hdf5Request } from "./protocol.js";
import type { Hdf5Object, Hdf5Value, NumberFormat } from "./tree.js";

/** The part of the global that no type library here declares. */
interface WebAssemblyGlobal {
  readonly WebAssembly: {
    readonly Memory: { readonly prototype: { grow(this: { readonly buffer: ArrayBuffer }, pages: number): number } };
  };
}

/**
 * Answer requests on `port` with the whole file as a tree.
 *
 * Runs in a worker thread as source text, so it must not refer to anything outside itself (types aside).
 */
export function serveHdf5(port: MessagePort, load: () => Promise<Hdf5Library>): void {
  class Limit extends Error {}
  class Refusal extends Error {}

  const readFile = (library: Hdf5Module, request: Hdf5Request, path: string): Hdf5Object => {
    const { limits } = request;
    let bytesLeft = limits.bytes;
    let objectsLeft = limits.objects;
    const file = library.open(path, 0, false, -1, -1);
    if (file < 0n) throw new Refusal("it cannot be opened as HDF5");

    const takeObject = (): void => {
      if (--objectsLeft < 0) throw new Limit(`it has more than ${limits.objects} objects`);
    };
    const takeBytes = (bytes: number): void => {
      if (!(bytes >= 0 && bytes <= bytesLeft)) throw new Limit(`its content is larger than ${limits.bytes} bytes`);
      bytesLeft -= bytes;
    };
    const cString = (pointer: number): string => {
      const heap = library.HEAPU8;
      if (pointer === 0) return "";
      const end = heap.indexOf(0, pointer);
      if (end < 0) throw new Refusal("a string has no end");
      takeBytes(end - pointer);
      return new TextDecoder().decode(heap.slice(pointer, end));
    };
    const numberFormat = (meta: Metadata): NumberFormat | undefined => {
      const type = meta.type === 8 ? meta.enum_type?.type : meta.type;
      if (type !== 0 && type !== 1) return undefined;
      return { class: type === 0 ? "integer" : "float", size: meta.size, signed: type === 1 || meta.signed };
    };

    const decode = (meta: Metadata, shape: number[], data: Uint8Array, count: number): Hdf5Value => {
      if (meta.type === 3) {
        const strings: string[] = [];
        if (meta.vlen) {
          const pointers = new Uint32Array(data.buffer, 0, count);
          for (const pointer of pointers) strings.push(cString(pointer));
        } else {
          for (let i = 0; i < count; i++) {
            const text = data.subarray(i * meta.size, (i + 1) * meta.size);
            const end = text.indexOf(0);
            strings.push(new TextDecoder().decode(end < 0 ? text : text.subarray(0, end)));
          }
        }
        return { type: "string", shape, strings };
      }
      if (meta.type === 9) {
        const format = meta.vlen_type && numberFormat(meta.vlen_type);
        if (!format) return { type: "other", shape };
        const pairs = new Uint32Array(data.buffer, 0, 2 * count);
        const rows: Uint8Array[] = [];
        for (let i = 0; i < count; i++) {
          const bytes = pairs[2 * i]! * format.size;
          const pointer = pairs[2 * i + 1]!;
          takeBytes(bytes);
          if (pointer + bytes > library.HEAPU8.length) throw new Refusal("a sequence lies outside the file");
          rows.push(library.HEAPU8.slice(pointer, pointer + bytes));
        }
        return { type: "rows", shape, format, rows };
      }
      const format = numberFormat(meta);
      return format ? { type: "number", shape, format, bytes: data } : { type: "other", shape };
    };

    const readValue = (
      meta: Metadata,
      rows: number | undefined,
      read: (p: bigint, shape: number[]) => number,
    ): Hdf5Value => {
      if (!meta.shape) return { type: "empty", shape: [] };
      const shape = meta.shape.map(Number);
      if (rows !== undefined && shape.length > 0) shape[0] = Math.min(shape[0]!, rows);
      const count = shape.reduce((product, extent) => product * extent, 1);
      if (count === 0) return { type: "empty", shape };
      const bytes = count * meta.size;
      if (![0, 1, 3, 8, 9].includes(meta.type)) return { type: "other", shape };
      takeBytes(bytes);
      const pointer = library._malloc(bytes);
      if (pointer === 0) throw new Limit("it needs too much memory");
      try {
        library.HEAPU8.fill(0, pointer, pointer + bytes);
        if (read(BigInt(pointer), shape) < 0) throw new Refusal("a value cannot be read");
        return decode(meta, shape, library.HEAPU8.slice(pointer, pointer + bytes), count);
      } finally {
        library._free(pointer);
      }
    };

    const readAttributes = (at: string): Map<string, Hdf5Value> => {
      const attributes = new Map<string, Hdf5Value>();
      for (const name of library.get_attribute_names(file, at)) {
        takeObject();
        const meta = library.get_attribute_metadata(file, at, name);
        attributes.set(
          name,
          readValue(meta, undefined, (p) => library.get_attribute_data(file, at, name, p)),
        );
      }
      return attributes;
    };

    const readDataset = (at: string): Hdf5Object => {
      const meta = library.get_dataset_metadata(file, at);
      const partial = request.rows !== undefined && meta.shape !== null && meta.shape.length > 0;
      const value = readValue(meta, request.rows, (pointer, shape) =>
        partial
          ? library.get_dataset_data(
              file,
              at,
              shape.map(BigInt),
              shape.map(() => 0n),
              shape.map(() => 1n),
              pointer,
            )
          : library.get_dataset_data(file, at, null, null, null, pointer),
      );
      return { kind: "dataset", attributes: readAttributes(at), value };
    };

    const readGroup = (at: string, depth: number): Hdf5Object => {
      if (depth > limits.depth) throw new Limit(`it nests groups deeper than ${limits.depth}`);
      const children = new Map<string, Hdf5Object>();
      for (const name of library.get_names(file, at, false)) {
        takeObject();
        const path = at === "/" ? `/${name}` : `${at}/${name}`;
        // A soft or external link may lead anywhere, also back to an outer group.
        if (
          library.get_symbolic_link(file, path) !== null ||
          library.get_external_link(file, path).filename !== undefined
        )
          continue;
        const type = library.get_type(file, path);
        if (type === library.H5G_GROUP) children.set(name, readGroup(path, depth + 1));
        else if (type === library.H5G_DATASET) children.set(name, readDataset(path));
        else if (type < 0) throw new Refusal(`object "${path}" cannot be found`);
      }
      return { kind: "group", attributes: readAttributes(at), children };
    };

    try {
      return readGroup("/", 0);
    } finally {
      library.close_file(file);
    }
  };

  const memory = (globalThis as unknown as WebAssemblyGlobal).WebAssembly.Memory.prototype;
  const grow = memory.grow;
  let heapBytes = 2 ** 28;
  memory.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65536 > heapBytes) throw new RangeError("memory limit");
    return grow.call(this, pages);
  };

  // The library is loaded before the first file comes, so that its time is not taken from that file.
  const loaded = load().then(async (library) => {
    const ready = await library.ready;
    // Without it some calls fail without a sign: a group whose index is damaged would look empty.
    ready.activate_throwing_error_handler();
    return ready;
  });
  void loaded.then(() => port.postMessage("ready"));

  let serial = 0;
  port.on("message", async (request: Hdf5Request) => {
    let reply: Hdf5Reply;
    heapBytes = request.limits.heapBytes;
    try {
      const library = await loaded;
      // A name of its own for each file: the library shares what it knows about a file between equal names.
      const path = `/${serial++}.h5`;
      library.FS.writeFile(path, request.bytes);
      try {
        reply = { root: readFile(library, request, path) };
      } finally {
        library.FS.unlink(path);
      }
    } catch (error) {
      // The deepest line of a trace says what is wrong: "#015: … in H5G__cache_node_deserialize(): bad signature".
      const text = error instanceof Error ? error.message : String(error);
      const deepest = [...text.matchAll(/^ *#\d+: .*\(\): (.*)$/gm)].at(-1)?.[1];
      // An error thrown through the frames of the library leaves it in disorder.
      const isSound = error instanceof Limit || error instanceof Refusal;
      reply = { problem: (deepest ?? text).slice(0, 200), isLimit: error instanceof Limit, isSound };
    }
    port.postMessage(reply);
  });
}
