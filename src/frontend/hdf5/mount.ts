import type { Hdf5Module } from "./library.js";
import type { Hdf5Source } from "./protocol.js";

/** What is used of `node:fs`. */
interface Files {
  openSync(path: string): number;
  readSync(file: number, buffer: Int8Array, offset: number, length: number, position: number): number;
  closeSync(file: number): void;
}

/**
 * Show a source to the library as the file `path`, without a copy: bytes in memory are lent, a file on disk is read where
 * the library asks for it.
 *
 * Runs in a worker thread as source text, so it must not refer to anything outside itself (types aside).
 *
 * @returns What undoes it.
 */
export function mountSource(library: Hdf5Module, path: string, source: Hdf5Source, files: Files): () => void {
  if ("bytes" in source) {
    library.FS.writeFile(path, source.bytes, { canOwn: true });
    return () => library.FS.unlink(path);
  }
  const { start, length } = source;
  const file = files.openSync(source.path);
  try {
    library.FS.writeFile(path, new Uint8Array(0));
    const { node } = library.FS.lookupPath(path);
    node.usedBytes = length;
    node.stream_ops = {
      ...node.stream_ops,
      read: (_, buffer, offset, wanted, position) =>
        position >= length
          ? 0
          : files.readSync(file, buffer, offset, Math.min(wanted, length - position), start + position),
    };
  } catch (error) {
    files.closeSync(file);
    throw error;
  }
  return () => {
    files.closeSync(file);
    library.FS.unlink(path);
  };
}
