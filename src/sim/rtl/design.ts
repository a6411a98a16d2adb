import { createHash } from "node:crypto";
import { failure } from "../../support/diagnostic.js";

/** One port of a simulated design. */
export interface DesignPort {
  readonly name: string;
  readonly direction: "input" | "output";
  /** 1..1024. */
  readonly bits: number;
}

/** Verilog to simulate, with its ports as data. All registers run on the rising edge of one clock. */
export interface Design {
  /** Module whose ports are driven. */
  readonly top: string;
  /** Verilog by name, in reading order. */
  readonly verilog: ReadonlyMap<string, string>;
  /** Parameters of the top module as Verilog literals. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Input port that is the clock; not part of `ports`. */
  readonly clock: string;
  readonly ports: readonly DesignPort[];
}

/** Name of the module that `wrapperOf` writes. */
export const wrapperModule = "rtl_top";

/**
 * Verilog of a module without parameters that holds the design. With it, no simulator has to be told parameters, and the
 * name of the top is always the same.
 */
export function wrapperOf(design: Design): string {
  const ports = [{ name: design.clock, direction: "input" as const, bits: 1 }, ...design.ports];
  const declarations = ports.map(({ name, direction, bits }) => `  ${direction} wire [${bits - 1}:0] ${name}`);
  const parameters = [...design.parameters].map(([name, value]) => `    .${name}(${value})`);
  const connections = ports.map(({ name }) => `    .${name}(${name})`);
  return `\`default_nettype none
module ${wrapperModule} (
${declarations.join(",\n")}
);
  ${design.top} ${parameters.length > 0 ? `#(\n${parameters.join(",\n")}\n  ) ` : ""}dut (
${connections.join(",\n")}
  );
endmodule
\`default_nettype wire
`;
}

/** SHA-256 over the design and whatever else decides the compiled result, hexadecimal. */
export function designDigest(design: Design, others: readonly string[]): string {
  const value = [design.top, [...design.verilog], [...design.parameters], design.clock, design.ports, others];
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** Index of a port by name. Asking for a port that is not there is a bug of the caller. */
export function portIndex(design: Design, name: string): number {
  const index = design.ports.findIndex((port) => port.name === name);
  if (index < 0) throw new Error(`design ${design.top} has no port ${name}`);
  return index;
}

/** @throws SpikewrightError `design-ports` when a name is no Verilog identifier, comes twice, or a width is illegal. */
export function checkDesign(design: Design): void {
  const names = [design.clock, ...design.ports.map((port) => port.name)];
  const wrong = names.find((name, i) => !/^[A-Za-z_]\w*$/.test(name) || names.indexOf(name) !== i);
  const wide = design.ports.find(({ bits }) => !Number.isInteger(bits) || bits < 1 || bits > 1024);
  if (wrong === undefined && wide === undefined) return;
  const found = wrong ?? `${wide!.name}, ${wide!.bits} bits`;
  throw failure({
    code: "design-ports",
    message: `Cannot simulate "${design.top}": port ${found}, wanted distinct Verilog names and 1 to 1024 bits`,
    place: { item: design.top },
    found,
  });
}
