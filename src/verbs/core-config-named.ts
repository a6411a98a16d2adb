import { type CoreConfig, coreConfigs } from "../arch/core-config.js";
import { failure } from "../support/diagnostic.js";

/** @throws code `core-unknown` */
export function coreConfigNamed(name: string): CoreConfig {
  const config = coreConfigs.find((c) => c.name === name);
  if (config) return config;
  const names = coreConfigs.map((c) => c.name).join(", ");
  throw failure({
    code: "core-unknown",
    message: `Cannot find core configuration "${name}": wanted one of ${names}`,
    found: name,
    wanted: names,
    hint: `Choose one of ${names}`,
  });
}
