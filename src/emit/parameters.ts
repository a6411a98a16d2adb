import type { CoreConfig } from "../arch/core-config.js";

/** Parameters of `snn_system` as Verilog literals, by name: every field of the configuration in UpperCamelCase. */
export function coreParameters(config: CoreConfig): ReadonlyMap<string, string> {
  const entries = Object.entries(config)
    .filter(([field]) => field !== "name")
    .map(([field, value]) => [upperCamel(field), typeof value === "number" ? String(value) : `"${value}"`] as const);
  return new Map(entries);
}

function upperCamel(field: string): string {
  return field[0]!.toUpperCase() + field.slice(1);
}
