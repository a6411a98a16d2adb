import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** What is proven about a module. */
export interface Proof {
  /** The file under `hdl/` whose module is the top: a module with properties of its own, or a harness of `hdl/formal`. */
  readonly top: string;
  /** Other files under `hdl/`. */
  readonly files?: readonly string[];
  readonly parameters?: Readonly<Record<string, number>>;
  /** Longest induction that is tried: assertions that held so many cycles hold in the next. 0: none, see `depth`. */
  readonly induction: number;
  /** Cycles from the start: of a proof without induction, and within which every cover statement is reached. */
  readonly depth: number;
}

export type Verdict = "proved" | "fails from the start" | "not inductive";

/** Changes a source, to see whether a proof notices. */
export type Patch = (path: string, text: string) => string;

/** Runs the SAT solver of Yosys on the assertions of the top. */
function solve(proof: Proof, patch: Patch, search: string): string {
  const folder = mkdtempSync(join(tmpdir(), "snn-proof-"));
  try {
    const files = [proof.top, ...(proof.files ?? [])].map((path) => {
      const file = join(folder, basename(path));
      writeFileSync(file, patch(path, readFileSync(join("hdl", path), "utf8")));
      return file;
    });
    const top = basename(proof.top, ".v");
    const parameters = Object.entries(proof.parameters ?? {}).map(([name, value]) => `-chparam ${name} ${value}`);
    const steps = [
      `read_verilog -formal -DFORMAL ${files.join(" ")}`,
      `hierarchy -check -top ${top} ${parameters.join(" ")}`,
      "prep; flatten; memory_map; async2sync; chformal -cover -remove; opt -full",
      `cd ${top}; sat -tempinduct -prove-asserts -set-assumes ${search}`,
    ];
    return execFileSync("yosys", ["-Q", "-T", "-p", steps.join("; ")], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      timeout: 300_000,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Proves the assertions of a module, from the start and, by induction, for all time. */
export function prove(proof: Proof, patch: Patch = (_, text) => text): Verdict {
  const { induction, depth } = proof;
  const search = induction > 0 ? `-maxsteps ${induction}` : `-tempinduct-baseonly -maxsteps ${depth}`;
  const said = solve(proof, patch, search);
  if (!said.includes("Import proof for assert")) throw new Error(`${proof.top} has no assertions`);
  if (said.includes("model found for base case")) return "fails from the start";
  if (induction === 0) return "proved";
  return said.includes("Induction step proven: SUCCESS") ? "proved" : "not inductive";
}

const coverLine = /cover \((.*)\);/g;

/** Cover statements of the top, and which of them nothing reaches within the depth: what holds only because nothing happens. */
export function unreached(proof: Proof): { count: number; missed: string[] } {
  const wanted = [...readFileSync(join("hdl", proof.top), "utf8").matchAll(coverLine)].map(([, what]) => what!);
  const missed = wanted.filter((what) => {
    // what is proven may be assumed; the search for a trace is the failing proof that there is none
    const patch: Patch = (_, text) =>
      text
        .replaceAll("assert (", "assume (")
        .replace(coverLine, (line, said: string) => (said === what ? `assert (!(${what}));` : line));
    return !solve(proof, patch, `-tempinduct-baseonly -maxsteps ${proof.depth}`).includes("model found for base case");
  });
  return { count: wanted.length, missed };
}
