import type { CoreConfig } from "../arch/core-config.js";

/**
 * Parameters of `snn_system` as Verilog literals, by name: every field of the configuration in UpperCamelCase.
 * What the core does without (0) is left to the defaults of the Verilog.
 */
export function coreParameters(config: CoreConfig): ReadonlyMap<string, string> {
  const entries = Object.entries(config)
    .filter(([field, value]) => field !== "name" && value !== 0)
    .map(([field, value]) => [upperCamel(field), typeof value === "number" ? String(value) : `"${value}"`] as const);
  return new Map(entries);
}

function upperCamel(field: string): string {
  return field[0]!.toUpperCase() + field.slice(1);
}
