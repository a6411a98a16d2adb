import { stepTrace, type TraceRule } from "../../arch/dynamics/trace.js";

/** The next trace of each trace 0..255: without a spike, and from 256 on with one. */
export function traceTable(rule: TraceRule): Uint8Array {
  return Uint8Array.from({ length: 512 }, (_, i) => stepTrace(i & 255, i >> 8, rule));
}
