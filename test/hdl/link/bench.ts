import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { up5kW4 } from "../../../src/arch/core-config.js";
import { LinkTwin } from "../../../src/sim/virtual/link.js";
import { StandIn } from "./stand-in.js";

export type Simulator = "verilator" | "iverilog";

/** What comes to the link: bytes, damaged bytes, pauses (`wait` until idle, `pause` and `quiet` longer), a new case. */
export type Stimulus =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "damaged"; readonly byte: number }
  | { readonly kind: "wait" | "pause" | "quiet" }
  | { readonly kind: "cycles"; readonly count: number }
  | { readonly kind: "case"; readonly number: number };

/** What came out in one case; order within each list only. */
export interface Outcome {
  readonly sent: string;
  readonly writes: readonly string[];
  readonly values: string;
}

const letters = { wait: "w", pause: "p", quiet: "q" } as const;
const sources = ["snn_link", "snn_link_rx", "snn_link_tx", "snn_link_command", "snn_crc", "snn_byte_fifo"];

/** The link of hdl/rtl in a simulator; `patch` changes a source, to see whether a test notices. */
export class Bench {
  readonly #folder = mkdtempSync(join(tmpdir(), "snn-link-"));
  readonly #command: readonly string[];

  constructor(simulator: Simulator, patch: (name: string, text: string) => string = (_, text) => text) {
    const files = sources.map((name) => {
      const file = join(this.#folder, `${name}.v`);
      writeFileSync(file, patch(name, readFileSync(`hdl/rtl/${name}.v`, "utf8")));
      return file;
    });
    const bench = "hdl/tb/snn_link_tb.v";
    const program = join(this.#folder, "bench");
    if (simulator === "verilator") {
      const options = ["--binary", "--timing", "-O3", "-Wno-fatal", "-CFLAGS", "-O1", "--top-module", "snn_link_tb"];
      const folder = join(this.#folder, "obj");
      execFileSync("verilator", [...options, "--Mdir", folder, "-o", program, bench, ...files], { stdio: "pipe" });
      this.#command = [program];
    } else {
      execFileSync("iverilog", ["-g2005", "-o", program, bench, ...files], { stdio: "pipe" });
      this.#command = ["vvp", "-n", program];
    }
  }

  run(stimuli: readonly Stimulus[]): Map<number, Outcome> {
    const stimulus = join(this.#folder, "stimulus");
    const log = join(this.#folder, "log");
    writeFileSync(stimulus, stimuli.map(lines).join(""));
    const [program, ...rest] = this.#command;
    const said = execFileSync(program!, [...rest, `+stimulus=${stimulus}`, `+log=${log}`], { timeout: 300_000 });
    if (said.includes("busy for ever")) throw new Error("the link is busy for ever");
    return outcomes(readFileSync(log, "utf8").split("\n"));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function lines(stimulus: Stimulus): string {
  switch (stimulus.kind) {
    case "bytes":
      return Array.from(stimulus.bytes, (byte) => `b ${byte.toString(16)}\n`).join("");
    case "damaged":
      return `e ${stimulus.byte.toString(16)}\n`;
    case "cycles":
      return `s ${stimulus.count.toString(16)}\n`;
    case "case":
      return `c ${stimulus.number.toString(16)}\n`;
    default:
      return `${letters[stimulus.kind]} 0\n`;
  }
}

/** The software twin on the same stimuli. */
export function runTwin(stimuli: readonly Stimulus[]): Map<number, Outcome> {
  const core = new StandIn();
  const twin = new LinkTwin(up5kW4, core);
  const log: string[] = [];
  const work = (): void => {
    const sent = twin.work();
    log.push(...core.log.splice(0), ...Array.from(sent, (byte) => `t ${byte.toString(16).padStart(2, "0")}`));
  };
  for (const stimulus of stimuli) {
    if (stimulus.kind === "bytes") twin.receive(stimulus.bytes);
    else if (stimulus.kind === "damaged") twin.receiveByte(stimulus.byte, true);
    else if (stimulus.kind === "case") log.push(`c ${stimulus.number}`);
    else {
      work();
      if (stimulus.kind === "pause" || stimulus.kind === "quiet") twin.quiet(stimulus.kind === "quiet");
      work();
    }
  }
  return outcomes(log);
}

function outcomes(log: readonly string[]): Map<number, Outcome> {
  const cases = new Map<number, { sent: string; writes: string[]; values: string }>();
  let current = { sent: "", writes: [] as string[], values: "" };
  for (const line of log) {
    const [kind, ...rest] = line.split(" ");
    if (kind === "c") {
      current = { sent: "", writes: [], values: "" };
      cases.set(Number(rest[0]), current);
    } else if (kind === "t") current.sent += rest[0]!;
    else if (kind === "v") current.values += rest[0]!;
    else if (kind === "m") current.writes.push(rest.join(" "));
  }
  return cases;
}
