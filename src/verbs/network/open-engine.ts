import { type CoreConfig, coreConfigs } from "../../arch/core-config.js";
import type { Engine, RunOptions, SampleResult } from "../../arch/device.js";
import { QuantizedDevice } from "../../quantize/device.js";
import { CycleDevice } from "../../sim/cycle/device.js";
import { DynamicsDevice } from "../../sim/dynamics/device.js";
import { ReferenceDevice } from "../../sim/reference/device.js";
import { openRtlDevice, type RtlDevice } from "../../sim/rtl/core-device.js";
import type { RtlBackend } from "../../sim/rtl/machine.js";
import type { DynamicsNetwork } from "../../snn/dynamics/file/file.js";
import type { DynamicsGraph } from "../../snn/dynamics/graph.js";
import type { Schedule } from "../../snn/graph.js";
import { failure, SpikewrightError } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { coreSources } from "../hardware/core-sources.js";
import type { RunnableNetwork } from "./any-network.js";
import { type CoreChoice, mapToChosenCore } from "./core-choice.js";
import { mapDynamicsToChosenCore } from "./dynamics-core-choice.js";
import { netlistProgram, openNetlistEngine } from "./netlist-engine.js";

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

/** Puts a network into an engine. @throws SpikewrightError `engine-unsupported`, as the mapper and the engine. */
export async function openEngine(
  engine: (typeof simulatedEngines)[number],
  network: RunnableNetwork | DynamicsNetwork,
  options: EngineOptions,
  context: VerbContext,
): Promise<OpenEngine> {
  if ("graph" in network) return await openDynamicsEngine(engine, network.graph, options, context);
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
      return await loaded(await openVerilog(config, options, context), mapping.program);
    }
    case "netlist":
      return await loaded(await openNetlistEngine(options, context), netlistProgram(network.snn, options, schedule));
  }
}

async function openDynamicsEngine(
  engine: (typeof simulatedEngines)[number],
  graph: DynamicsGraph,
  options: EngineOptions,
  context: VerbContext,
): Promise<OpenEngine> {
  switch (engine) {
    case "snn":
      // draws of stochastic learning come in the order of the core's lanes
      return await loaded(new DynamicsDevice({ lanes: lanesOf(graph, options) }), graph);
    case "cycle": {
      const { mapping, config } = mapDynamicsToChosenCore(graph, options);
      return await loaded(new CycleDevice(config), mapping.program);
    }
    case "rtl": {
      const { mapping, config } = mapDynamicsToChosenCore(graph, options);
      return await loaded(await openVerilog(config, options, context), mapping.program);
    }
    default:
      throw failure({
        code: "engine-unsupported",
        message: `Cannot run "${graph.name}" on engine ${engine}: it is a network with dynamics`,
        place: { item: "--engine" },
        found: engine,
        wanted: "snn, cycle or rtl",
      });
  }
}

/** Lanes of the core that would run the network; of the first with dynamics when it fits none. */
export function lanesOf(graph: DynamicsGraph, options: CoreChoice): number {
  try {
    return mapDynamicsToChosenCore(graph, options).config.lanes;
  } catch (error) {
    if (error instanceof SpikewrightError) return coreConfigs.find(({ dynamics }) => dynamics === 1)!.lanes;
    throw error;
  }
}

async function openVerilog(config: CoreConfig, options: EngineOptions, context: VerbContext): Promise<RtlDevice> {
  const device = await openRtlDevice(config, coreSources("generic"), {
    ...(options.rtl ? { backend: options.rtl } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
  });
  context.note?.(`the Verilog runs in ${device.backend}`);
  return device;
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
