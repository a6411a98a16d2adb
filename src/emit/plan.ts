import { createHash } from "node:crypto";
import type { Device } from "../board/board.js";
import { failure } from "../support/diagnostic.js";

/** Tools that a build runs. */
export type BuildTool = "yosys" | "nextpnr-ice40" | "icepack" | "icetime";

/** One run of one tool. Paths are relative to the build folder; `${SEED}` in an argument is the seed of the run. */
export interface BuildStep {
  readonly tool: BuildTool;
  readonly arguments: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Left out when the tool is not there. */
  readonly optional?: boolean;
}

/** A design for one device, before it is planned. */
export interface Design {
  /** Base name of the bitstream. */
  readonly name: string;
  /** Board whose pins the constraints name. */
  readonly board: string;
  readonly top: string;
  /** Verilog by relative path, in the order in which it is read. */
  readonly verilog: ReadonlyMap<string, string>;
  /** Text of the pin constraints. */
  readonly constraints: string;
  readonly device: Device;
  /** Frequency that every clock must reach, Hz. */
  readonly targetHz: number;
  /** Frequency that place and route tries for, Hz; `targetHz` or more. Default `targetHz`. */
  readonly aimHz?: number;
  /** How many seeds place and route may try until one reaches `aimHz`. 1 or more. */
  readonly seeds: number;
}

/** A build as a value: what is written, what is run, and a digest that changes when either does. */
export interface BuildPlan {
  readonly name: string;
  readonly board: string;
  readonly device: string;
  readonly files: ReadonlyMap<string, string>;
  readonly steps: readonly BuildStep[];
  readonly targetHz: number;
  /** A seed that reaches this frequency, Hz, is the last. */
  readonly aimHz: number;
  readonly seeds: readonly number[];
  /** Path of the bitstream that the last step writes. */
  readonly bitstream: string;
  /** SHA-256 of everything above, hexadecimal. */
  readonly digest: string;
}

/**
 * Plan synthesis, place and route, timing sign-off and packing of a design.
 *
 * @throws SpikewrightError `family-unsupported` for devices other than iCE40, `seeds-range`.
 */
export function planBuild(design: Design): BuildPlan {
  const { device } = design;
  if (device.family !== "ice40") {
    throw failure({
      code: "family-unsupported",
      message: `Cannot build for ${device.part}: its family is ${device.family}, wanted ice40`,
      found: device.family,
      wanted: "ice40",
      hint: "List the boards that can be built with: spikewright boards",
    });
  }
  if (!Number.isInteger(design.seeds) || design.seeds < 1 || design.seeds > 1000) {
    throw failure({
      code: "seeds-range",
      message: `Cannot place and route: ${design.seeds} seeds, wanted 1 to 1000`,
      found: String(design.seeds),
      wanted: "1..1000",
    });
  }
  const verilog = [...design.verilog.keys()];
  const bitstream = `${design.name}.bin`;
  const body = {
    name: design.name,
    board: design.board,
    device: device.id,
    files: new Map([...design.verilog, ["pins.pcf", design.constraints]]),
    steps: ice40Steps(design, verilog, bitstream),
    targetHz: design.targetHz,
    aimHz: aimOf(design),
    seeds: Array.from({ length: design.seeds }, (_, i) => i + 1),
    bitstream,
  };
  return { ...body, digest: digestOf({ ...body, files: [...body.files] }) };
}

function ice40Steps(design: Design, verilog: readonly string[], bitstream: string): BuildStep[] {
  const { device } = design;
  const megahertz = (aimOf(design) / 1e6).toFixed(3);
  const nextpnr = [
    ...device.nextpnr,
    ...["--json", "design.json", "--pcf", "pins.pcf", "--asc", "design.asc", "--report", "timing.json"],
    ...["--freq", megahertz, "--seed", `\${SEED}`, "--timing-allow-fail"],
  ];
  const steps: BuildStep[] = [
    { tool: "yosys", arguments: ["-p", synthesis(design.top, verilog)], inputs: verilog, outputs: ["design.json"] },
    {
      tool: "nextpnr-ice40",
      arguments: nextpnr,
      inputs: ["design.json", "pins.pcf"],
      outputs: ["design.asc", "timing.json"],
    },
    { tool: "icepack", arguments: ["design.asc", bitstream], inputs: ["design.asc"], outputs: [bitstream] },
  ];
  if (!device.icetime) return steps;
  const { device: part, package: name } = device.icetime;
  steps.splice(2, 0, {
    tool: "icetime",
    arguments: ["-d", part, "-P", name, "-p", "pins.pcf", "-t", "design.asc"],
    inputs: ["design.asc", "pins.pcf"],
    outputs: [],
    optional: true,
  });
  return steps;
}

/** The script of Yosys: the same for every version, and what comes out smaller and faster than its own choice. */
function synthesis(top: string, verilog: readonly string[]): string {
  return [
    // deferred: a module exists with the parameters it is given only, so that no source of another technology is missed
    `read_verilog -defer ${verilog.join(" ")}`,
    // an enable for fewer flip-flops costs more than the multiplexers that it saves
    `synth_ice40 -dffe_min_ce_use 4 -top ${top} -run begin:map_luts`,
    // newer versions map with abc9, whose result is larger here; the lookup tables that stand already are left alone
    "techmap -map +/ice40/latches_map.v",
    "abc -dress -lut 4",
    "synth_ice40 -run map_luts:json",
    // remarks about scopes; nextpnr before 0.8 takes them for cells
    "delete t:$scopeinfo",
    "write_json design.json",
  ].join("; ");
}

function aimOf({ targetHz, aimHz = targetHz }: Design): number {
  return Math.max(targetHz, aimHz);
}

/** SHA-256 of the JSON form of a value, hexadecimal. */
function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
