import type { Engine, RunOptions, SampleResult } from "../../arch/device.js";
import { QuantizedDevice } from "../../quantize/device.js";
import type { QuantGraph } from "../../quantize/graph.js";
import { CycleDevice } from "../../sim/cycle/device.js";
import { ReferenceDevice } from "../../sim/reference/device.js";
import { openRtlDevice } from "../../sim/rtl/core-device.js";
import type { RtlBackend } from "../../sim/rtl/machine.js";
import type { Schedule, SnnGraph } from "../../snn/graph.js";
import type { VerbContext } from "../context.js";
import { coreSources } from "../hardware/core-sources.js";
import { type CoreChoice, mapToChosenCore } from "./core-choice.js";
import { netlistProgram, openNetlistEngine } from "./netlist-engine.js";

/** A network in both forms that engines run. */
export interface RunnableNetwork {
  readonly quant: QuantGraph;
  readonly snn: SnnGraph;
  readonly schedule: Schedule;
}

export interface EngineOptions extends CoreChoice {
  readonly schedule?: Schedule;
  /** Simulator of the Verilog; default: the first that is there of Verilator, CXXRTL in WebAssembly, Icarus. */
  readonly rtl?: RtlBackend;
}

/** An engine with a network in it. `runNow` is there where an answer needs no waiting. */
export interface OpenEngine {
  readonly engine: Engine;
  readonly run: (levels: Uint8Array, options?: RunOptions) => Promise<SampleResult>;
  readonly runNow?: (levels: Uint8Array, options?: RunOptions) => SampleResult;
  /** Runs samples without a round trip in between, where that is much faster. */
  readonly runMany?: (samples: readonly Uint8Array[], options?: RunOptions) => Promise<SampleResult[]>;
  readonly close: () => Promise<void>;
}

/** Engines that `openEngine` knows; `float` takes a model, not a network, and `board` a port. */
export const simulatedEngines = ["quantized", "snn", "cycle", "rtl", "netlist"] as const;

/** Puts a network into an engine. */
export async function openEngine(
  engine: (typeof simulatedEngines)[number],
  network: RunnableNetwork,
  options: EngineOptions,
  context: VerbContext,
): Promise<OpenEngine> {
  const schedule = options.schedule ?? network.schedule;
  switch (engine) {
    case "quantized":
      return await loaded(new QuantizedDevice(), network.quant);
    case "snn":
      return await loaded(new ReferenceDevice(), { graph: network.snn, schedule });
    case "cycle": {
      const { mapping, config } = mapToChosenCore(network.snn, options, { schedule }, context);
      return await loaded(new CycleDevice(config), mapping.program);
    }
    case "rtl": {
      const { mapping, config } = mapToChosenCore(network.snn, options, { schedule }, context);
      const device = await openRtlDevice(config, coreSources("generic"), {
        ...(options.rtl ? { backend: options.rtl } : {}),
        ...(context.signal ? { signal: context.signal } : {}),
      });
      context.note?.(`the Verilog runs in ${device.backend}`);
      return await loaded(device, mapping.program);
    }
    case "netlist":
      return await loaded(await openNetlistEngine(options, context), netlistProgram(network.snn, options, schedule));
  }
}

interface Loadable<Model> {
  readonly engine: Engine;
  load(model: Model): Promise<void>;
  run(levels: Uint8Array, options?: RunOptions): Promise<SampleResult>;
  runNow?(levels: Uint8Array, options?: RunOptions): SampleResult;
  runMany?(samples: readonly Uint8Array[], options?: RunOptions): Promise<SampleResult[]>;
  close(): Promise<void>;
}

async function loaded<Model>(device: Loadable<Model>, model: Model): Promise<OpenEngine> {
  await device.load(model);
  return {
    engine: device.engine,
    run: (levels, options) => device.run(levels, options),
    ...(device.runNow ? { runNow: (levels: Uint8Array, options?: RunOptions) => device.runNow!(levels, options) } : {}),
    ...(device.runMany
      ? { runMany: (samples: readonly Uint8Array[], options?: RunOptions) => device.runMany!(samples, options) }
      : {}),
    close: () => device.close(),
  };
}
