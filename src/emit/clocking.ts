import type { CoreConfig } from "../arch/core-config.js";
import type { Device } from "../board/board.js";
import { failure } from "../support/diagnostic.js";
import { type PllSettings, pllSettings } from "./pll.js";

/** How the core gets its clock, and the divider of the UART that follows. */
export interface Clocking {
  /** Absent when the crystal clocks the core. */
  readonly pll?: PllSettings;
  /** Frequency of the core, Hz. */
  readonly frequencyHz: number;
  /** Clock cycles a bit of the UART: whole part, 4..65535. */
  readonly baudDivider: number;
  /** Sixteenths of a cycle in addition, 0..15. */
  readonly baudFraction: number;
  /** Rate that the divider gives, baud; within 0.8 % of the one asked for. */
  readonly baud: number;
}

/** The clock of a core on a device unless the user asks for another, Hz. */
export function coreFrequency(device: Device, config: CoreConfig): number {
  return config.dynamics === 1 ? device.dynamicsFrequencyHz : device.coreFrequencyHz;
}

/**
 * Clock and UART divider for a core at `wantedHz` on a board with a crystal of `crystalHz`.
 *
 * @throws SpikewrightError `pll-range`, `baud-unreachable`.
 */
export function planClocking(crystalHz: number, wantedHz: number, wantedBaud: number): Clocking {
  const pll = wantedHz === crystalHz ? undefined : pllSettings(crystalHz, wantedHz);
  const frequencyHz = pll?.frequencyHz ?? crystalHz;
  const sixteenths = Math.round((16 * frequencyHz) / wantedBaud);
  if (!(sixteenths >= 4 * 16 && sixteenths < 65536 * 16)) {
    const found = `${(sixteenths / 16).toFixed(2)} cycles a bit`;
    throw failure({
      code: "baud-unreachable",
      message: `Cannot run the UART at ${wantedBaud} baud from ${frequencyHz / 1e6} MHz: ${found}, wanted 4 to 65535`,
      found,
      wanted: "4 to 65535 cycles a bit",
      hint: "Choose another baud rate or core frequency",
    });
  }
  const clocking = {
    frequencyHz,
    baudDivider: Math.floor(sixteenths / 16),
    baudFraction: sixteenths % 16,
    baud: (16 * frequencyHz) / sixteenths,
  };
  return pll ? { pll, ...clocking } : clocking;
}
