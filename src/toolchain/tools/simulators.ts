import type { Tool } from "../tool.js";

/** Verilog → C++. */
export const verilator: Tool = {
  name: "verilator",
  native: {
    command: "verilator",
    variable: "VERILATOR",
    versionArguments: ["--version"],
    versionPattern: /Verilator (\S+)/,
  },
  install: "apt install verilator g++ make",
  errorPattern: /^%Error.*/m,
};

/** Compiles the C++ of Verilator. */
export const cxx: Tool = {
  name: "c++",
  native: { command: "c++", variable: "CXX", versionArguments: ["-dumpversion"], versionPattern: /(\S+)/ },
  install: "apt install g++",
  errorPattern: /^.*\berror\b.*/im,
};

/** C++ → WebAssembly. */
export const clang: Tool = {
  name: "clang",
  wasm: { module: "@yowasp/clang", run: "runClang", before: ["clang++"] },
  install: "npm install @yowasp/clang",
  errorPattern: /^.*\berror\b.*/im,
};

/** Verilog → Icarus byte code. */
export const iverilog: Tool = {
  name: "iverilog",
  native: {
    command: "iverilog",
    variable: "IVERILOG",
    versionArguments: ["-V"],
    versionPattern: /Icarus Verilog version (\S+)/,
  },
  install: "apt install iverilog",
  errorPattern: /^.*\berror\b.*/im,
};

/** Runs Icarus byte code. */
export const vvp: Tool = {
  name: "vvp",
  native: { command: "vvp", variable: "VVP", versionArguments: ["-V"], versionPattern: /version (\S+)/ },
  install: "apt install iverilog",
  errorPattern: /^.*\berror\b.*/im,
};
