import { existsSync, readFileSync } from "node:fs";

/** Third-party models and data; tests that need them are skipped where the folder is not there. */
export const material = "../shared/material";

/** Whether a path of the material is there; says so on the console where it is not. */
export function hasMaterial(path: string): boolean {
  const found = existsSync(`${material}/${path}`);
  if (!found) console.warn(`tests skipped: ${material}/${path} is missing`);
  return found;
}

export function readMaterial(path: string): Uint8Array {
  return new Uint8Array(readFileSync(`${material}/${path}`));
}
