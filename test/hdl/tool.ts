import { execFileSync } from "node:child_process";

/** Is a program on the PATH? */
export function hasTool(name: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${name}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Which of the programs are missing; says so, naming what is left out because of them. */
export function missingTools(subject: string, ...names: readonly string[]): readonly string[] {
  const missing = names.filter((name) => !hasTool(name));
  if (missing.length > 0) console.warn(`${subject}: left out, ${missing.join(", ")} not installed`);
  return missing;
}
