import { failure } from "../support/diagnostic.js";

/** Settings of an iCE40 PLL with simple feedback: `output = reference / (divr + 1) * (divf + 1) / 2^divq`. */
export interface PllSettings {
  readonly divr: number;
  readonly divf: number;
  readonly divq: number;
  readonly filterRange: number;
  /** Frequency that comes out, Hz; may differ from the one asked for. */
  readonly frequencyHz: number;
}

/** Legal frequencies, Hz. See Lattice iCE40 LP/HX and UltraPlus family data sheets, "sysCLOCK PLL timing". */
const referenceHz = { min: 10e6, max: 133e6 };
const outputHz = { min: 16e6, max: 275e6 };
const phaseDetectorHz = { min: 10e6, max: 133e6 };
const oscillatorHz = { min: 533e6, max: 1066e6 };
/** Loop filter for a phase detector below the frequency, Hz; 6 above the last. */
const filterLimitsHz = [17e6, 26e6, 44e6, 66e6, 101e6];

/**
 * The settings whose output is nearest to `wantedHz`; of equals the one with the smallest `divr`, then `divf`.
 *
 * Reaches the same frequency as icepll.
 *
 * @throws SpikewrightError `pll-range` when no setting can make the frequency.
 */
export function pllSettings(inputHz: number, wantedHz: number): PllSettings {
  requireRange("reference", inputHz, referenceHz);
  requireRange("output", wantedHz, outputHz);
  let best: PllSettings | undefined;
  for (let divr = 0; divr < 16; divr++) {
    const detectorHz = inputHz / (divr + 1);
    if (detectorHz < phaseDetectorHz.min || detectorHz > phaseDetectorHz.max) continue;
    for (let divf = 0; divf < 128; divf++) {
      const vcoHz = detectorHz * (divf + 1);
      if (vcoHz < oscillatorHz.min || vcoHz > oscillatorHz.max) continue;
      for (let divq = 1; divq <= 6; divq++) {
        const frequencyHz = vcoHz / 2 ** divq;
        if (best && Math.abs(frequencyHz - wantedHz) >= Math.abs(best.frequencyHz - wantedHz)) continue;
        best = { divr, divf, divq, filterRange: filterRange(detectorHz), frequencyHz };
      }
    }
  }
  // the oscillator spans an octave and the detector is below its lower end, so a setting exists for every legal pair
  return best!;
}

function filterRange(detectorHz: number): number {
  const index = filterLimitsHz.findIndex((limit) => detectorHz < limit);
  return index < 0 ? 6 : index + 1;
}

function requireRange(what: string, hz: number, range: { readonly min: number; readonly max: number }): void {
  if (hz >= range.min && hz <= range.max) return;
  const found = `${hz / 1e6} MHz`;
  const wanted = `${range.min / 1e6} to ${range.max / 1e6} MHz`;
  throw failure({
    code: "pll-range",
    message: `Cannot make the core clock: PLL ${what} frequency ${found}, wanted ${wanted}`,
    found,
    wanted,
  });
}
