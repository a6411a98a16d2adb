import type { CoreConfig } from "../../arch/core-config.js";
import { type VcdChange, type VcdSignal, vcdText } from "../vcd.js";
import type { MonitorEvent } from "./batch.js";

/** The core's monitor signals of one sample as a value-change dump; one unit of time is one clock cycle. */
export function coreWaveform(config: CoreConfig, events: readonly MonitorEvent[]): string {
  const signals: VcdSignal[] = [
    { name: "pc", bits: Math.log2(config.programDepth) },
    { name: "neuron_valid", bits: 1 },
    { name: "neuron_v", bits: config.membraneBits },
    // spike tracer, or trace y
    { name: config.dynamics ? "neuron_y" : "neuron_s", bits: 8 },
    { name: "emit_valid", bits: 1 },
    { name: "emit_payload", bits: 8 },
  ];
  const start = events[0]?.cycle ?? 0;
  const changes: VcdChange[] = [];
  for (const { cycle, monitor, words } of events) {
    const time = (cycle - start) >>> 0;
    const first = monitor === 0 ? 1 : 4;
    changes.push({ time, signal: 0, value: words[0]! }, { time, signal: first, value: 1 });
    words.slice(1).forEach((value, i) => {
      changes.push({ time, signal: first + 1 + i, value });
    });
    changes.push({ time: time + 1, signal: first, value: 0 });
  }
  return vcdText("snn_core", "1 ns", signals, settle(changes));
}

/** Orders by time; of two values of a signal at one time the later stated one holds, so back-to-back events stay valid. */
function settle(changes: readonly VcdChange[]): VcdChange[] {
  const byKey = new Map<string, VcdChange>();
  for (const change of changes) byKey.set(`${change.time}:${change.signal}`, change);
  return [...byKey.values()].sort((a, b) => a.time - b.time || a.signal - b.signal);
}
