import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";
import { probeBackend } from "../../ann/evaluate/tensorflow.js";
import { findTool } from "../../toolchain/resolve.js";
import type { Tool } from "../../toolchain/tool.js";
import { icepack, icetime } from "../../toolchain/tools/icestorm.js";
import { nextpnrIce40 } from "../../toolchain/tools/nextpnr-ice40.js";
import { yosys } from "../../toolchain/tools/yosys.js";

export interface DoctorResult {
  /** Everything that a first tour needs is there. */
  readonly healthy: boolean;
  readonly findings: readonly Examined[];
}

export interface Examined {
  readonly item: string;
  readonly state: "ok" | "missing" | "problem";
  /** Version, path, or what is wrong. */
  readonly detail: string;
  readonly neededFor: string;
  /** What to run to mend it, or null. */
  readonly remedy: string | null;
}

/** Looks at tools, back-ends and permissions, and says what to run where something is wrong. Never throws for a missing tool. */
export async function doctor(): Promise<DoctorResult> {
  const findings = [
    node(),
    ...(await Promise.all(buildTools.map(examineTool))),
    ...(await backends()),
    ...serialPorts(),
  ];
  const vital = findings.filter((f) => f.neededFor.startsWith("build") || f.item === "node");
  return { healthy: vital.every((f) => f.state === "ok"), findings };
}

const buildTools: readonly { tool: Tool; neededFor: string }[] = [
  { tool: yosys, neededFor: "build" },
  { tool: nextpnrIce40, neededFor: "build" },
  { tool: icepack, neededFor: "build" },
  { tool: icetime, neededFor: "second opinion on timing (optional)" },
];

function node(): Examined {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    item: "node",
    state: major >= 20 ? "ok" : "problem",
    detail: process.versions.node,
    neededFor: "everything",
    remedy: major >= 20 ? null : "install Node.js 20 or newer",
  };
}

async function examineTool({ tool, neededFor }: { tool: Tool; neededFor: string }): Promise<Examined> {
  try {
    const found = await findTool(tool);
    if (!found) return { item: tool.name, state: "missing", detail: "not found", neededFor, remedy: tool.install };
    const where = found.kind === "native" ? found.path : "WebAssembly from npm";
    return { item: tool.name, state: "ok", detail: `${found.version} (${where})`, neededFor, remedy: null };
  } catch (error) {
    return { item: tool.name, state: "problem", detail: (error as Error).message, neededFor, remedy: tool.install };
  }
}

async function backends(): Promise<Examined[]> {
  const neededFor = "float evaluation and calibration";
  const examined: Examined[] = [];
  for (const name of ["native", "wasm", "cpu"] as const) {
    const probe = await probeBackend(name);
    const item = `TensorFlow.js ${name}`;
    if (probe.usable) examined.push({ item, state: "ok", detail: "works", neededFor, remedy: null });
    else if (name === "native") {
      examined.push({
        item,
        state: "missing",
        detail: "not loadable (optional)",
        neededFor,
        remedy: "npm install @tensorflow/tfjs-node",
      });
    } else
      examined.push({ item, state: "problem", detail: probe.reason ?? "does not load", neededFor, remedy: "npm ci" });
  }
  return examined;
}

/** Linux: serial devices that exist and whether this user may open them. */
function serialPorts(): Examined[] {
  if (process.platform !== "linux") return [];
  const names = readdirSync("/dev").filter((name) => /^tty(USB|ACM)\d+$/.test(name));
  return names.map((name): Examined => {
    const path = join("/dev", name);
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
      return { item: path, state: "ok", detail: "may be opened", neededFor: "load, run", remedy: null };
    } catch {
      const remedy = `sudo usermod -aG dialout ${process.env["USER"] ?? "$USER"} (then log in again)`;
      return { item: path, state: "problem", detail: "permission denied", neededFor: "load, run", remedy };
    }
  });
}
