import type { MessagePort } from "node:worker_threads";
import type { Hdf5Library, Hdf5Module, Metadata } from "./library.js";
import type { mountSource } from "./mount.js";
import type { Hdf5Reply, Hdf5Request } from "./protocol.js";
import type { Slab, slabsOf } from "./slabs.js";
import type { Hdf5Object, Hdf5Value, NumberFormat } from "./tree.js";

/** The part of the global that no type library here declares. */
interface WebAssemblyGlobal {
  readonly WebAssembly: {
    readonly Memory: { readonly prototype: { grow(this: { readonly buffer: ArrayBuffer }, pages: number): number } };
  };
}

/** What the thread gets from outside. */
interface Surroundings {
  readonly load: () => Promise<Hdf5Library>;
  readonly files: Parameters<typeof mountSource>[3];
  readonly mountSource: typeof mountSource;
  readonly slabsOf: typeof slabsOf;
}

/**
 * Answer requests on `port` with the whole file as a tree.
 *
 * Runs in a worker thread as source text, so it must not refer to anything outside itself (types aside).
 */
export function serveHdf5(port: MessagePort, { load, files, mountSource, slabsOf }: Surroundings): void {
  class Limit extends Error {}
  class Refusal extends Error {}
  /** Bytes of a dataset that pass through the memory of the library at once. */
  const block = 2 ** 22;
  /** Elements of variable length, which take memory of the library beside the block, that are read at once. */
  const pointersAtOnce = 1024;

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
    const text = (bytes: Uint8Array): string => {
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
    };
    /** A string of the library's memory, which is freed. */
    const cString = (pointer: number): string => {
      if (pointer === 0) return "";
      const end = library.HEAPU8.indexOf(0, pointer);
      if (end < 0) throw new Refusal("a string has no end");
      takeBytes(end - pointer);
      const found = text(library.HEAPU8.slice(pointer, end));
      library._free(pointer);
      return found;
    };
    /** A sequence of the library's memory, which is freed. */
    const sequence = (pointer: number, bytes: number): Uint8Array => {
      takeBytes(bytes);
      if (pointer + bytes > library.HEAPU8.length) throw new Refusal("a sequence lies outside the file");
      const found = library.HEAPU8.slice(pointer, pointer + bytes);
      if (pointer !== 0) library._free(pointer);
      return found;
    };
    const numberFormat = (meta: Metadata): NumberFormat | undefined => {
      const type = meta.type === 8 ? meta.enum_type?.type : meta.type;
      if (type !== 0 && type !== 1) return undefined;
      return { class: type === 0 ? "integer" : "float", size: meta.size, signed: type === 1 || meta.signed };
    };

    /** Hands the content to `take`, slab by slab; `read` puts one into the memory of the library. */
    const readSlabs = (
      meta: Metadata,
      slabs: readonly (Slab | null)[],
      shape: readonly number[],
      read: (pointer: bigint, slab: Slab | null) => number,
      take: (data: Uint8Array, elements: number) => void,
    ): void => {
      const elementsOf = (slab: Slab | null): number => (slab?.count ?? shape).reduce((product, n) => product * n, 1);
      // No later slab is larger than the first.
      const largest = elementsOf(slabs[0]!) * meta.size;
      const pointer = library._malloc(largest);
      if (pointer === 0) throw new Limit("it needs too much memory");
      try {
        for (const slab of slabs) {
          const bytes = elementsOf(slab) * meta.size;
          library.HEAPU8.fill(0, pointer, pointer + bytes);
          if (read(BigInt(pointer), slab) < 0) throw new Refusal("a value cannot be read");
          take(library.HEAPU8.subarray(pointer, pointer + bytes), elementsOf(slab));
        }
      } finally {
        library._free(pointer);
      }
    };

    const readValue = (
      meta: Metadata,
      shape: readonly number[] | null,
      slabs: readonly (Slab | null)[],
      read: (pointer: bigint, slab: Slab | null) => number,
    ): Hdf5Value => {
      if (!shape) return { type: "empty", shape: [] };
      const count = shape.reduce((product, extent) => product * extent, 1);
      if (count === 0) return { type: "empty", shape };
      const format = numberFormat(meta.type === 9 && meta.vlen_type ? meta.vlen_type : meta);
      const isString = meta.type === 3;
      if (!isString && !format) return { type: "other", shape };
      takeBytes(count * meta.size);
      if (isString && meta.vlen) {
        const strings: string[] = [];
        readSlabs(meta, slabs, shape, read, (data, elements) => {
          const pointers = new Uint32Array(data.slice().buffer, 0, elements);
          for (const pointer of pointers) strings.push(cString(pointer));
        });
        return { type: "string", shape, strings };
      }
      if (meta.type === 9 && format) {
        const rows: Uint8Array[] = [];
        readSlabs(meta, slabs, shape, read, (data, elements) => {
          const pairs = new Uint32Array(data.slice().buffer, 0, 2 * elements);
          for (let i = 0; i < elements; i++) rows.push(sequence(pairs[2 * i + 1]!, pairs[2 * i]! * format.size));
        });
        return { type: "rows", shape, format, rows };
      }
      const bytes = new Uint8Array(count * meta.size);
      let at = 0;
      readSlabs(meta, slabs, shape, read, (data) => {
        bytes.set(data, at);
        at += data.length;
      });
      if (format) return { type: "number", shape, format, bytes };
      const strings = Array.from({ length: count }, (_, i) => text(bytes.subarray(i * meta.size, (i + 1) * meta.size)));
      return { type: "string", shape, strings };
    };

    const readAttributes = (at: string): Map<string, Hdf5Value> => {
      const attributes = new Map<string, Hdf5Value>();
      for (const name of library.get_attribute_names(file, at)) {
        takeObject();
        const meta = library.get_attribute_metadata(file, at, name);
        attributes.set(
          name,
          readValue(meta, meta.shape?.map(Number) ?? null, [null], (p) =>
            library.get_attribute_data(file, at, name, p),
          ),
        );
      }
      return attributes;
    };

    const readDataset = (at: string): Hdf5Object => {
      const meta = library.get_dataset_metadata(file, at);
      const shape = meta.shape?.map(Number) ?? null;
      const isPartial = request.rows !== undefined && shape !== null && shape.length > 0;
      if (isPartial) shape[0] = Math.min(shape[0]!, request.rows!);
      const elements = shape?.reduce((product, n) => product * n, 1) ?? 0;
      const hasPointers = meta.type === 9 || (meta.type === 3 && meta.vlen);
      const most = hasPointers ? pointersAtOnce * meta.size : block;
      const isWhole = !isPartial && elements * meta.size <= most;
      // Limits come before the list of slabs, which a false extent would make long.
      const isHuge = elements * meta.size > bytesLeft;
      const slabs =
        isWhole || isHuge || elements === 0 || shape!.length === 0
          ? [null]
          : slabsOf(shape!, meta.size, meta.chunks?.map(Number) ?? null, most);
      const value = readValue(meta, shape, slabs, (pointer, slab) =>
        library.get_dataset_data(
          file,
          at,
          slab?.count.map(BigInt) ?? null,
          slab?.offset.map(BigInt) ?? null,
          slab?.count.map(() => 1n) ?? null,
          pointer,
        ),
      );
      return { kind: "dataset", value };
    };

    const readGroup = (at: string, depth: number): Hdf5Object => {
      if (depth > limits.depth) throw new Limit(`it nests groups deeper than ${limits.depth}`);
      const children = new Map<string, Hdf5Object>();
      for (const name of library.get_names(file, at, false)) {
        takeObject();
        const path = at === "/" ? `/${name}` : `${at}/${name}`;
        // A soft link may lead anywhere, also back to an outer group; an external link has a type of its own.
        if (library.get_symbolic_link(file, path) !== null) continue;
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

  /** The buffers of the content, which the receiver gets without a copy. */
  const buffersOf = (object: Hdf5Object): ArrayBuffer[] => {
    if (object.kind === "group") return [...object.children.values()].flatMap(buffersOf);
    return object.value.type === "number" ? [object.value.bytes.buffer as ArrayBuffer] : [];
  };

  let serial = 0;
  port.on("message", async (request: Hdf5Request) => {
    let reply: Hdf5Reply;
    heapBytes = request.limits.heapBytes;
    try {
      const library = await loaded;
      // A name of its own for each file: the library shares what it knows about a file between equal names.
      const path = `/${serial++}.h5`;
      const unmount = mountSource(library, path, request.source, files);
      try {
        reply = { root: readFile(library, request, path), heapBytes: library.HEAPU8.length };
      } finally {
        unmount();
      }
    } catch (error) {
      // The deepest line of a trace says what is wrong: "#015: … in H5G__cache_node_deserialize(): bad signature".
      const message = error instanceof Error ? error.message : String(error);
      const deepest = [...message.matchAll(/^ *#\d+: .*\(\): (.*)$/gm)].at(-1)?.[1];
      // An error thrown through the frames of the library leaves it in disorder.
      const isSound = error instanceof Limit || error instanceof Refusal;
      reply = { problem: (deepest ?? message).slice(0, 200), isLimit: error instanceof Limit, isSound };
    }
    port.postMessage(reply, "root" in reply ? buffersOf(reply.root) : []);
  });
}
