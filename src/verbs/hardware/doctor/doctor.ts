import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";
import { probeBackend } from "../../../ann/evaluate/tensorflow.js";
import type { Examined } from "./examined.js";
import { examineTools } from "./tools.js";

export interface DoctorResult {
  /** Everything that has no substitute is there. */
  readonly healthy: boolean;
  readonly findings: readonly Examined[];
}

/** Looks at tools, back-ends and permissions, and says what to run where something is wrong. Never throws for a missing tool. */
export async function doctor(): Promise<DoctorResult> {
  const findings = [node(), ...(await examineTools()), ...(await backends()), ...serialPorts()];
  return { healthy: findings.every((f) => f.optional || f.state === "ok"), findings };
}

function node(): Examined {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    item: "node",
    state: major >= 20 ? "ok" : "problem",
    detail: process.versions.node,
    neededFor: "everything",
    optional: false,
    remedy: major >= 20 ? null : "install Node.js 20 or newer",
  };
}

async function backends(): Promise<Examined[]> {
  const neededFor = "float evaluation and calibration";
  const examined: Examined[] = [];
  for (const name of ["native", "wasm", "cpu"] as const) {
    const { usable, reason } = await probeBackend(name);
    const common = { item: `TensorFlow.js ${name}`, neededFor, optional: name !== "cpu" };
    if (usable) examined.push({ ...common, state: "ok", detail: "works", remedy: null });
    else if (name === "native") {
      const remedy = "npm install @tensorflow/tfjs-node";
      examined.push({ ...common, state: "missing", detail: "does not load", remedy });
    } else examined.push({ ...common, state: "problem", detail: reason ?? "does not load", remedy: "npm ci" });
  }
  return examined;
}

/** Linux: serial devices that exist and whether this user may open them. */
function serialPorts(): Examined[] {
  if (process.platform !== "linux") return [];
  const names = readdirSync("/dev").filter((name) => /^tty(USB|ACM)\d+$/.test(name));
  return names.map((name): Examined => {
    const path = join("/dev", name);
    const common = { item: path, neededFor: "load, run", optional: true };
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
      return { ...common, state: "ok", detail: "may be opened", remedy: null };
    } catch {
      const remedy = `sudo usermod -aG dialout ${process.env["USER"] ?? "$USER"} (then log in again)`;
      return { ...common, state: "problem", detail: "permission denied", remedy };
    }
  });
}
