import { open, readFile, stat } from "node:fs/promises";
import { failure } from "../../support/diagnostic.js";

/** Largest file that is read whole, in bytes. */
const largestFile = 2 ** 30;

/**
 * Read a whole file.
 *
 * @throws `file-not-found`, `file-not-readable` (folders and devices too), `file-too-large` above 1 GiB.
 */
export async function readWhole(path: string): Promise<Uint8Array> {
  await checkFile(path);
  return await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

/** Size and first bytes of a file, which tell its format. */
export interface FileStart {
  readonly length: number;
  /** At most 64 bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Read the start of a file that `readWhole` would read.
 *
 * @throws As `readWhole`.
 */
export async function readStart(path: string): Promise<FileStart> {
  const length = await checkFile(path);
  const bytes = new Uint8Array(Math.min(64, length));
  try {
    const file = await open(path);
    try {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return { length, bytes: bytes.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Size of a file that may be read whole. */
async function checkFile(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!found.isFile())
    throw unreadable(path, new Error(found.isDirectory() ? "it is a folder" : "it is no regular file"));
  if (found.size <= largestFile) return found.size;
  throw failure({
    code: "file-too-large",
    message: `Cannot read "${path}": it has ${found.size} bytes, wanted at most ${largestFile}`,
    place: { file: path },
    found: `${found.size} bytes`,
    wanted: `at most ${largestFile} bytes`,
    hint: "Save the model without optimizer state, or split the data",
  });
}

function unreadable(path: string, error: unknown) {
  const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
  const reason = error instanceof Error ? error.message.split("\n")[0]! : String(error);
  return failure({
    code: isMissing ? "file-not-found" : "file-not-readable",
    message: isMissing ? `Cannot find "${path}"` : `Cannot read "${path}": ${reason}`,
    place: { file: path },
    hint: isMissing ? "Check the path" : "Check that it is a file you may read",
  });
}
