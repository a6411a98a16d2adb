import type { Tool } from "../tool.js";

const install = "npm install @yowasp/nextpnr-ice40, or apt install fpga-icestorm";
const errorPattern = /^(?:Error|Assertion).*/im;

/** `.asc` → bitstream. */
export const icepack: Tool = {
  name: "icepack",
  native: { command: "icepack", variable: "ICEPACK" },
  wasm: { module: "@yowasp/nextpnr-ice40", run: "runIcepack" },
  install,
  errorPattern,
};

/** Bitstream → `.asc`. */
export const iceunpack: Tool = {
  name: "iceunpack",
  native: { command: "iceunpack", variable: "ICEUNPACK" },
  wasm: { module: "@yowasp/nextpnr-ice40", run: "runIceunpack" },
  install,
  errorPattern,
};

/** Timing of a placed design, a second opinion: nextpnr does not time unregistered MAC16 paths. No WebAssembly build. */
export const icetime: Tool = {
  name: "icetime",
  native: { command: "icetime", variable: "ICETIME" },
  install: "apt install fpga-icestorm",
  errorPattern,
};
