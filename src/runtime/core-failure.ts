import type { MemoryName } from "../arch/memory.js";
import { failure, type SpikewrightError } from "../support/diagnostic.js";

const faults = ["", "met an illegal instruction", "exceeded its watchdog"];
const states = ["stopped", "waits for more input", "still runs", "stopped with a fault", "reached a breakpoint"];

/** A memory does not hold what was written. */
export function contentDiffers(name: string, memory: MemoryName, word: number): SpikewrightError {
  return failure(
    {
      code: "memory-differs",
      message: `Cannot load the network at ${name}: memory ${memory} differs from what was written, from word ${word} on`,
      place: { item: name },
      found: "another checksum",
      hint: "Load again; if it happens again, build the core for a lower clock",
    },
    "device",
  );
}

/** A sample did not end with `done`. `status` is that of a result. */
export function sampleFailed(name: string, sample: number, status: number): SpikewrightError {
  const why = faults[status >> 4] || states[status & 7] || `is in state ${status & 7}`;
  return failure(
    {
      code: "core-stopped",
      message: `Cannot finish sample ${sample} at ${name}: the core ${why}`,
      place: { item: name },
      found: `status 0x${status.toString(16)}`,
      wanted: "a decision",
      hint: "Load the network again",
    },
    "device",
  );
}

/** The core holds something else. `hash` is what its register says. */
export function notLoaded(name: string, hash: number): SpikewrightError {
  const found = hash === 0 ? "no program" : `program ${hash.toString(16).padStart(8, "0")}`;
  return failure(
    {
      code: "program-not-loaded",
      message: `Cannot run at ${name}: the core holds ${found}, wanted this network`,
      place: { item: name },
      found,
      hint: "Load it first (spikewright load)",
    },
    "device",
  );
}

/** A sample has not as many values as the network. */
export function wrongSize(found: number, wanted: number): SpikewrightError {
  return failure({
    code: "input-shape",
    message: `Cannot run a sample of ${found} levels: the program wants ${wanted}`,
    found: String(found),
    wanted: String(wanted),
  });
}
