import { execFile } from "node:child_process";

/** What one run of the command line said. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiled command line; `npm run build` must have run. */
export function spikewright(...words: string[]): Promise<CommandEnd> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["build/js/src/cli/main.js", ...words],
      { maxBuffer: 1 << 26, timeout: 110_000 },
      (error, stdout, stderr) => {
        const code = error ? ((error as { code?: number }).code ?? -1) : 0;
        resolve({ code: typeof code === "number" ? code : -1, stdout, stderr });
      },
    );
  });
}
