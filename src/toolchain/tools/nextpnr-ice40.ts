import type { Tool } from "../tool.js";

/** Place and route for iCE40. Logs to the error stream. */
export const nextpnrIce40: Tool = {
  name: "nextpnr-ice40",
  native: {
    command: "nextpnr-ice40",
    variable: "NEXTPNRICE40",
    versionArguments: ["--version"],
    versionPattern: /\(Version ([^)]+)\)/,
  },
  wasm: { module: "@yowasp/nextpnr-ice40", run: "runNextpnrIce40" },
  install: "npm install @yowasp/nextpnr-ice40, or apt install nextpnr-ice40",
  errorPattern: /^ERROR: .*/m,
};
