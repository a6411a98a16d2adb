import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "../../../src/frontend/bytes/crc32.js";

/** Runs `work` with a folder that is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "spikewright-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs `work` with a file of these bytes. */
export function withFile<T>(name: string, bytes: Uint8Array | string, work: (path: string) => Promise<T>): Promise<T> {
  return withFolder((folder) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return work(path);
  });
}

/** An `.npy` file of version 1. */
export function npy(descr: string, fortran: boolean, shape: readonly number[], values: Uint8Array): Uint8Array {
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }`;
  const header = text.padEnd(117 - 10 + 10 - 1) + "\n";
  const out = new Uint8Array(10 + header.length + values.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(new TextEncoder().encode(header), 10);
  out.set(values, 10 + header.length);
  return out;
}

/** A zip archive with stored entries. */
export function zip(entries: readonly (readonly [name: string, content: Uint8Array])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of entries) {
    const text = new TextEncoder().encode(name);
    const fields = new DataView(new ArrayBuffer(26));
    fields.setUint16(0, 20, true);
    fields.setUint32(10, crc32(content), true);
    fields.setUint32(14, content.length, true);
    fields.setUint32(18, content.length, true);
    fields.setUint16(22, text.length, true);
    const shared = new Uint8Array(fields.buffer);
    const local = concat([bytesOf(0x04034b50), shared, text, content]);
    directory.push(
      concat([bytesOf(0x02014b50), new Uint8Array([20, 0]), shared, new Uint8Array(10), bytesOf(at), text]),
    );
    parts.push(local);
    at += local.length;
  }
  const central = concat(directory);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, entries.length, true);
  end.setUint16(6, entries.length, true);
  end.setUint32(8, central.length, true);
  end.setUint32(12, at, true);
  return concat([...parts, central, bytesOf(0x06054b50), new Uint8Array(end.buffer)]);
}

function bytesOf(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
