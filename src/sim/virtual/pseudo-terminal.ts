import { spawn } from "node:child_process";
import { failure, type SpikewrightError } from "../../support/diagnostic.js";

/** A pseudo-terminal: what one end writes to `path`, `onReceive` gets, and the other way round. */
export interface PseudoTerminal {
  /** What a serial program opens. */
  readonly path: string;
  send(bytes: Uint8Array): void;
  onReceive(listener: (bytes: Uint8Array) => void): void;
  /** Removes the terminal; whoever has it open is told that it is gone. */
  close(): Promise<void>;
}

const startMs = 5000;

/**
 * Opens a pseudo-terminal with `script` of util-linux, which relays its master side on its own standard input and output;
 * so no native module is needed. Linux only.
 *
 * @throws SpikewrightError `pty-unavailable`.
 */
export async function openPseudoTerminal(): Promise<PseudoTerminal> {
  if (process.platform !== "linux") throw unavailable(`not supported on ${process.platform}`);
  // the loop keeps the terminal open between programs that use it, and ends when this process is gone
  const hold = `stty raw -echo; tty; while kill -0 ${process.pid} 2>/dev/null; do sleep 1; done`;
  const child = spawn("script", ["-qfec", hold, "/dev/null"], { stdio: ["pipe", "pipe", "ignore"] });
  const path = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable("script prints no path")), startMs);
    let text = "";
    const read = (bytes: Buffer): void => {
      text += bytes.toString("latin1");
      const line = /(\/dev\/\S+)\r?\n/.exec(text)?.[1];
      if (line === undefined) return;
      clearTimeout(timer);
      child.stdout.off("data", read);
      resolve(line);
    };
    child.stdout.on("data", read);
    child.once("error", (error) => reject(unavailable(error.message)));
    child.once("exit", () => reject(unavailable("script has ended")));
  });
  let listener: ((bytes: Uint8Array) => void) | undefined;
  child.stdout.on("data", (bytes: Buffer) => listener?.(bytes));
  // the other side may be closed while bytes are on their way
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    path,
    send: (bytes) => void child.stdin.write(bytes),
    onReceive: (receive) => {
      listener = receive;
    },
    close: async () => {
      listener = undefined;
      // at once: what is in the terminal is of no use any more, and the shell in it gets a hang-up
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function unavailable(why: string): SpikewrightError {
  return failure(
    {
      code: "pty-unavailable",
      message: `Cannot open a pseudo-terminal: ${why}, wanted program "script" of util-linux`,
      found: why,
      wanted: "script (util-linux)",
      hint: "Run: apt-get install util-linux bsdutils; or use the virtual board in process",
    },
    "tool",
  );
}
