import type { Tool } from "../tool.js";

/** Synthesis. */
export const yosys: Tool = {
  name: "yosys",
  native: { command: "yosys", variable: "YOSYS", versionArguments: ["-V"], versionPattern: /Yosys (\S+)/ },
  wasm: { module: "@yowasp/yosys", run: "runYosys" },
  install: "npm install @yowasp/yosys, or apt install yosys",
  errorPattern: /^(?:.*: )?ERROR: .*/m,
};
