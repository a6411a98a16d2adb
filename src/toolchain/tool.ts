/** What the resolver has to know about an external tool. One file a project of tools, in `tools/`. */
export interface Tool {
  /** Name in messages, manifests and options, e.g. `nextpnr-ice40`. */
  readonly name: string;
  /** Absent for tools that exist as WebAssembly only. */
  readonly native?: NativeTool;
  /** WebAssembly build on npm: package, exported function, and arguments that come before all others. */
  readonly wasm?: { readonly module: string; readonly run: string; readonly before?: readonly string[] };
  /** The line that installs the tool. */
  readonly install: string;
  /** A line of the log that says what went wrong. */
  readonly errorPattern: RegExp;
}

/** How to find the executable of a tool. */
interface NativeTool {
  /** Executable looked for on PATH. */
  readonly command: string;
  /** Environment variable that holds the path of the executable. */
  readonly variable: string;
  /** Arguments that print the version; absent when the tool has none. */
  readonly versionArguments?: readonly string[];
  /** First group is the version. */
  readonly versionPattern?: RegExp;
}

/** Which builds of the tools may be taken. */
export type ToolchainKind = "auto" | "native" | "wasm";

/** A tool that was found. `url` is the module to import. */
export type ResolvedTool =
  | { readonly tool: Tool; readonly kind: "native"; readonly version: string; readonly path: string }
  | { readonly tool: Tool; readonly kind: "wasm"; readonly version: string; readonly url: string };
