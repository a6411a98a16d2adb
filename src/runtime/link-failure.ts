import { type Operation, reasons } from "../arch/packet.js";
import { failure, type SpikewrightError } from "../support/diagnostic.js";

/** Nothing came back. */
export function silentDevice(name: string): SpikewrightError {
  return failure(
    {
      code: "device-silent",
      message: `Cannot talk to the core at ${name}: no answer`,
      place: { item: name },
      found: "silence",
      wanted: "an answer",
      hint: "Flash the core first (spikewright flash), check that this is the board's UART port, and try its other port if it has two",
    },
    "device",
  );
}

/** Bytes came back, but no frame. */
export function nonsenseFrom(name: string, bytes: number): SpikewrightError {
  return failure(
    {
      code: "device-nonsense",
      message: `Cannot understand the device at ${name}: ${bytes} bytes without a valid frame`,
      place: { item: name },
      found: `${bytes} bytes`,
      wanted: "frames of the core",
      hint: "Check the baud rate, and that the core and not another design runs on the board",
    },
    "device",
  );
}

/** The device answers, but a request did not get through. */
export function tooNoisy(name: string, attempts: number): SpikewrightError {
  return failure(
    {
      code: "link-noise",
      message: `Cannot get a request through to ${name}: damaged ${attempts} times`,
      place: { item: name },
      found: `${attempts} damaged transmissions`,
      hint: "Use a shorter cable or a lower baud rate",
    },
    "device",
  );
}

/** The device understood a request and refused it. `found` is the name of the reason. */
export function refusedBy(name: string, operation: Operation, code: number): SpikewrightError {
  const entry = Object.entries(reasons).find(([, reason]) => reason.code === code);
  return failure(
    {
      code: "link-refused",
      message: `Cannot ${operation.name} at ${name}: the core refused, ${entry ? entry[1].meaning : `reason ${code}`}`,
      place: { item: name },
      found: entry?.[0] ?? String(code),
      ...(entry ? {} : { hint: "The core on the board is newer than this software: update spikewright" }),
    },
    "device",
  );
}

/** The other side is gone. */
export function lostDevice(name: string, why: string): SpikewrightError {
  return failure(
    {
      code: "device-lost",
      message: `Lost the device at ${name}: ${why}`,
      place: { item: name },
      hint: "Plug the board in again and repeat the command",
    },
    "device",
  );
}
