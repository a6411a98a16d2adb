import { type Blame, SpikewrightError } from "../support/diagnostic.js";
import type { Terminal } from "./terminal.js";

/** What the process exits with; part of the stable interface. */
export const exitCodes = {
  done: 0,
  bug: 1,
  input: 2,
  verification: 3,
  tool: 4,
  device: 5,
  interrupted: 130,
} as const;

const exitCodeOf: Record<Blame, number> = {
  input: exitCodes.input,
  verification: exitCodes.verification,
  tool: exitCodes.tool,
  device: exitCodes.device,
};

/** Prints an error with all its findings and returns the exit code. Under `--json`: `{"error": {"diagnostics": [...]}}`. */
export function renderFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof SpikewrightError) {
    for (const d of error.diagnostics) terminal.diagnostic(d);
    terminal.json({ error: { blame: error.blame, diagnostics: error.diagnostics } });
    return exitCodeOf[error.blame];
  }
  const known = systemError(error);
  if (known) {
    terminal.diagnostic({ severity: "error", ...known });
    terminal.json({ error: { blame: "input", diagnostics: [{ severity: "error", ...known }] } });
    return exitCodes.input;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: internal fault: ${text}\n`);
  terminal.json({
    error: { blame: "bug", diagnostics: [{ code: "internal-fault", severity: "error", message: text }] },
  });
  return exitCodes.bug;
}

/** A file-system error in the words of the user's problem. */
function systemError(error: unknown): { code: string; message: string; hint: string } | undefined {
  const { code, path = "the file", syscall } = (error ?? {}) as { code?: string; path?: string; syscall?: string };
  if (syscall === undefined) return undefined;
  switch (code) {
    case "ENOENT":
      return { code: "file-not-found", message: `Cannot open "${path}": no such file`, hint: "check the path" };
    case "EACCES":
    case "EPERM":
      return {
        code: "file-not-permitted",
        message: `Cannot open "${path}": permission denied`,
        hint: "check the owner and mode of the file",
      };
    case "EISDIR":
      return {
        code: "file-is-folder",
        message: `Cannot read "${path}": it is a folder, wanted a file`,
        hint: "name the file inside it",
      };
    case "ENOSPC":
      return { code: "disk-full", message: `Cannot write "${path}": no space left`, hint: "free some space" };
    default:
      return undefined;
  }
}
