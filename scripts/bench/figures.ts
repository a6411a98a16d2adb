import { up5kW4 } from "../../src/arch/core-config.js";
import { findBoard } from "../../src/board/find.js";
import { loadBoards } from "../../src/board/load.js";
import { mapNetwork } from "../../src/map/map.js";
import type { Program } from "../../src/program/program.js";
import { QuantizedDevice } from "../../src/quantize/device.js";
import { connect } from "../../src/runtime/connect.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import { openRtlDevice } from "../../src/sim/rtl/core-device.js";
import { openVirtualTransport } from "../../src/sim/virtual/virtual-board.js";
import { buildCore } from "../../src/verbs/hardware/build.js";
import { coreSources } from "../../src/verbs/hardware/core-sources.js";
import { loadInto } from "../../src/verbs/hardware/load-network.js";
import { dynamicsFigures } from "./dynamics.js";
import { type BenchModel, benchNetwork } from "./networks.js";

/** One number that the project claims, measured when asked for. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly measure: () => Promise<number>;
}

async function onCycleDevice(
  model: BenchModel,
): Promise<{ device: CycleDevice; levels: readonly Uint8Array[]; program: Program }> {
  const { network, levels } = await benchNetwork(model);
  const { program } = mapNetwork(network.snn, up5kW4, { schedule: "graded" });
  const device = new CycleDevice(up5kW4);
  await device.load(program);
  return { device, levels, program };
}

/** Mean clock cycles a sample over the whole test set. */
async function meanCycles(model: BenchModel): Promise<number> {
  const { device, levels } = await onCycleDevice(model);
  return levels.reduce((sum, sample) => sum + device.runNow(sample).cycles!, 0) / levels.length;
}

async function operationsPerCycle(): Promise<number> {
  const { device, levels } = await onCycleDevice("mlp");
  let [operations, cycles] = [0, 0];
  for (const sample of levels) {
    const result = device.runNow(sample);
    operations += result.operations!;
    cycles += result.cycles!;
  }
  return operations / cycles;
}

/** Simulated cycles a second of the cycle simulator over those of Verilator, on the same program and samples. */
async function cycleAgainstVerilator(): Promise<number> {
  const { device, levels, program } = await onCycleDevice("lenet5");
  const rtl = await openRtlDevice(up5kW4, coreSources("generic"), { backend: "verilator" });
  try {
    await rtl.load(program);
    const few = levels.slice(0, 200);
    await rtl.runMany(few.slice(0, 5));
    for (const sample of few) device.runNow(sample);
    const ratios: number[] = [];
    for (let round = 0; round < 3; round++) {
      const start = performance.now();
      const found = await rtl.runMany(few);
      const rtlSeconds = performance.now() - start;
      const again = performance.now();
      const wanted = few.map((sample) => device.runNow(sample));
      const cycleSeconds = performance.now() - again;
      if (found.some((r, n) => r.cycles !== wanted[n]!.cycles)) throw new Error("the engines differ");
      ratios.push(rtlSeconds / cycleSeconds);
    }
    return ratios.sort((a, b) => a - b)[1]!;
  } finally {
    await rtl.close();
  }
}

async function goldenSpeed(): Promise<number> {
  const { network, levels } = await benchNetwork("mlp");
  const device = new QuantizedDevice();
  await device.load(network.quant);
  for (const sample of levels.slice(0, 2000)) device.runNow(sample);
  const start = performance.now();
  for (const sample of levels) device.runNow(sample);
  return levels.length / ((performance.now() - start) / 1000);
}

async function buildSeconds(): Promise<number> {
  const folder = `build/bench/build-${process.pid}`;
  const result = await buildCore({ board: "icebreaker", output: folder, toolchain: "wasm" });
  if (result.unchanged) throw new Error(`${folder} held the build already`);
  return result.seconds;
}

/**
 * Loading LeNet-5 into a virtual iCEBreaker over the link, every memory compared: the time that host and core take, and
 * the time that the bytes would take on the board's UART.
 */
async function loadSeconds(): Promise<number> {
  const { network } = await benchNetwork("lenet5");
  const { board } = findBoard(loadBoards(), "icebreaker");
  const device = await connect(openVirtualTransport(up5kW4));
  try {
    const start = performance.now();
    await loadInto(device, network, "graded", {});
    const { bytesSent, bytesReceived } = device.statistics;
    return (performance.now() - start) / 1000 + ((bytesSent + bytesReceived) * 10) / board.uart.baud;
  } finally {
    await device.close();
  }
}

/** In the order in which they are printed. */
export const figures: readonly Figure[] = [
  { name: "mlp-cycles", unit: "cycles a sample", measure: () => meanCycles("mlp") },
  { name: "lenet5-cycles", unit: "cycles a sample", measure: () => meanCycles("lenet5") },
  { name: "mlp-synaptic-operations-per-cycle", unit: "operations a cycle", measure: operationsPerCycle },
  ...dynamicsFigures,
  { name: "quantized-mlp-samples-per-second", unit: "samples/s", measure: goldenSpeed },
  { name: "cycle-vs-verilator", unit: "ratio", measure: cycleAgainstVerilator },
  { name: "load-seconds", unit: "s", measure: loadSeconds },
  { name: "build-seconds-wasm", unit: "s", measure: buildSeconds },
];
