import { failure } from "../support/diagnostic.js";
import { type PllSettings, pllSettings } from "./pll.js";

/** How the core gets its clock, and the divider of the UART that follows. */
export interface Clocking {
  /** Absent when the crystal clocks the core. */
  readonly pll?: PllSettings;
  /** Frequency of the core, Hz. */
  readonly frequencyHz: number;
  /** Clock cycles a bit of the UART, 4 or more. */
  readonly baudDivider: number;
  /** Rate that the divider gives, baud. */
  readonly baud: number;
}

/** Largest difference of the rates of the two ends that a frame of ten bits survives with margin. */
const baudTolerance = 0.02;

/**
 * Clock and UART divider for a core at `wantedHz` on a board with a crystal of `crystalHz`.
 *
 * @throws SpikewrightError `pll-range`, `baud-unreachable`.
 */
export function planClocking(crystalHz: number, wantedHz: number, wantedBaud: number): Clocking {
  const pll = wantedHz === crystalHz ? undefined : pllSettings(crystalHz, wantedHz);
  const frequencyHz = pll?.frequencyHz ?? crystalHz;
  const baudDivider = Math.max(1, Math.round(frequencyHz / wantedBaud));
  const baud = frequencyHz / baudDivider;
  if (!(baudDivider >= 4 && baudDivider < 65536 && Math.abs(baud / wantedBaud - 1) <= baudTolerance)) {
    throw failure({
      code: "baud-unreachable",
      message: `Cannot run the UART at ${wantedBaud} baud from ${frequencyHz / 1e6} MHz: nearest is ${Math.round(baud)} baud, wanted within ${baudTolerance * 100} % and at least 4 cycles a bit`,
      found: `${Math.round(baud)} baud`,
      wanted: `${wantedBaud} baud`,
      hint: "Choose a baud rate that divides the core clock",
    });
  }
  return pll ? { pll, frequencyHz, baudDivider, baud } : { frequencyHz, baudDivider, baud };
}
