import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NirDialect } from "../../frontend/nir/dynamics.js";
import type { NirGraph } from "../../frontend/nir/graph.js";
import { writeNir } from "../../frontend/nir/write.js";
import type { QuantGraph } from "../../quantize/graph.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import { packageRoot } from "../../support/package-root.js";
import type { VerbContext } from "../context.js";
import { openNetwork } from "../network/read-network.js";
import { writeWhole } from "../write-file.js";
import { rateNetwork } from "./rate-network.js";

export interface ExportNirOptions {
  readonly output: string;
  /** Framework that will read the file. Default `spec`. */
  readonly dialect?: NirDialect;
  /** Duration of a step in the unit of the file. Default 1: time counts steps; 1e-4 for SpikingJelly, which asks for it. */
  readonly dt?: number;
  readonly dryRun?: boolean;
}

export interface ExportNirResult {
  readonly output: string;
  readonly dialect: NirDialect;
  readonly dt: number;
  readonly nodes: number;
  /** Bytes of the file. */
  readonly size: number;
  /** What NIR cannot say about the network. */
  readonly warnings: readonly Diagnostic[];
}

/** Dialects whose neurons fire at the threshold itself. */
const firesAtEquality: ReadonlySet<NirDialect> = new Set(["spikingjelly", "sinabs"]);

/** SpikingJelly takes integrate-and-fire neurons with a resistance of 1 / dt alone, with this step unless told. */
const spikingJellyStep = 1e-4;

/**
 * Writes a converted network as NIR: integrate-and-fire neurons whose rates stand for levels.
 *
 * @throws The codes of `rateNetwork`.
 */
export async function exportNir(
  network: string,
  options: ExportNirOptions,
  context: VerbContext = {},
): Promise<ExportNirResult> {
  const { quant, source } = await openNetwork(network);
  const dialect = options.dialect ?? "spec";
  const dt = options.dt ?? (dialect === "spikingjelly" ? spikingJellyStep : 1);
  const metadata = {
    generator: `spikewright ${packageVersion()}`,
    source: source.format,
    coding: "rate: one spike a step is the largest level",
    dt: String(dt),
    reset: "subtract",
    dialect,
    input_scale: String(quant.input.inputScale),
    input_offset: String(quant.input.inputOffset),
    input_level: String(quant.input.scale),
  };
  const graph = rateNetwork(quant, { dt, firesAtEquality: firesAtEquality.has(dialect), metadata });
  const warnings = [...untold(quant, dialect), ...unchecked(graph)];
  for (const warning of warnings) context.warn?.(warning);
  const bytes = await writeNir({ version: "", graph });
  if (!options.dryRun) await writeWhole(options.output, bytes);
  return { output: options.output, dialect, dt, nodes: graph.nodes.length, size: bytes.length, warnings };
}

/** What gets lost on the way. */
function untold(quant: QuantGraph, dialect: NirDialect): readonly Diagnostic[] {
  const firing = quant.layers.flatMap((layer) =>
    layer.kind === "neurons" && layer.activation.kind === "quantize" ? [{ name: layer.name, ...layer.activation }] : [],
  );
  const warn = (code: string, message: string, hint: string): Diagnostic => ({
    code,
    severity: "warning",
    message,
    hint,
  });
  const signed = firing.filter(({ min }) => min < 0).map(({ name }) => name);
  return [
    ...(firing.length === 0
      ? []
      : [
          warn(
            "nir-no-tracer",
            "NIR has no bound on the spikes of a neuron and none that take spikes back: results are those of rates, not the exact levels",
            "Run the file for several times as many steps as a layer has levels",
          ),
        ]),
    ...(signed.length === 0
      ? []
      : [
          warn(
            "nir-no-negative-spikes",
            `NIR has no negative spikes: values below 0 of ${signed.join(", ")} are lost`,
            "Train these layers with ReLU",
          ),
        ]),
    ...(dialect === "norse"
      ? [
          warn(
            "nir-reset-lost",
            "Norse resets to a value and does not subtract the threshold: rates come out too low",
            "Tell the reader to subtract, or use another framework",
          ),
        ]
      : []),
  ];
}

/** Kernels for which no zeros make a square with equal padding. */
function unchecked(graph: NirGraph): readonly Diagnostic[] {
  const names = graph.nodes.flatMap((node) =>
    node.type === "Conv2d" && node.weight.shape[2] !== node.weight.shape[3] ? [node.name] : [],
  );
  if (names.length === 0) return [];
  return [
    {
      code: "nir-kernel-not-square",
      severity: "warning",
      message: `The reference reader takes the height of a kernel for its width: its type check refuses ${names.join(", ")}`,
      hint: "Read the file with nir.read(file, type_check=False)",
    },
  ];
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string }).version;
}
