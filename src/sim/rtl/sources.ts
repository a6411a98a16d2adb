import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Design, wrapperOf } from "./design.js";

/** Write the design's Verilog and its wrapper into a folder; returns the paths inside it in reading order. */
export async function writeVerilog(design: Design, folder: string): Promise<string[]> {
  const files = new Map([...design.verilog, ["rtl_top.v", wrapperOf(design)]]);
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return [...files.keys()];
}
