import type { CoreConfig } from "../../arch/core-config.js";
import type { RtlOptions } from "../../sim/rtl/open.js";
import { CycleLinkEngine, type LinkEngine } from "../../sim/virtual/link-engine.js";
import { RtlLinkEngine } from "../../sim/virtual/rtl-link-engine.js";
import { coreSources } from "./core-sources.js";

/** What simulates a virtual board: the cycle-accurate simulator, or the Verilog of link and core itself. */
export type VirtualEngine = "cycle" | "rtl";

/** @throws `simulator-not-found` and others of `openRtl` with engine `rtl`. */
export async function openVirtualEngine(
  config: CoreConfig,
  engine: VirtualEngine = "cycle",
  options: RtlOptions = {},
): Promise<LinkEngine> {
  if (engine === "cycle") return new CycleLinkEngine(config);
  return await RtlLinkEngine.open(config, coreSources("generic", ["core", "link"]), options);
}
