import { type Diagnostic, SpikewrightError } from "../support/diagnostic.js";
import type { RangeMethod } from "./calibrate/range.js";

/** Widths of one layer; absent fields follow the network's. */
export interface LayerOptions {
  /** 2..8. */
  readonly weightBits?: number;
  /** 1..8. */
  readonly activationBits?: number;
}

/** How a network is rounded. Everything has a default. */
export interface QuantizeOptions extends LayerOptions {
  /** Bits of an input level, 1..8; those of the activations unless given. */
  readonly inputBits?: number;
  /** Exceptions by layer name. */
  readonly perLayer?: Readonly<Record<string, LayerOptions>>;
  /** How activation ranges are chosen; least squared error unless given. */
  readonly method?: RangeMethod;
  /** Round weights on what their layer sees (`compensate.ts`) instead of each to the nearest; where weights have at most 6 bits unless given. */
  readonly compensate?: boolean;
  /** The network sees `value * inputScale + inputOffset`; 1 and 0 unless given. */
  readonly inputScale?: number;
  readonly inputOffset?: number;
  /** Seed of the choice of positions that weights are rounded on; 1 unless given. */
  readonly seed?: number;
}

export interface ResolvedOptions {
  readonly inputBits: number;
  readonly method: RangeMethod;
  readonly inputScale: number;
  readonly inputOffset: number;
  readonly seed: number;
  readonly ofLayer: (name: string) => {
    readonly weightBits: number;
    readonly activationBits: number;
    readonly compensate: boolean;
  };
}

/** Above this width rounding to the nearest is good enough, and much faster. */
const compensatedBits = 6;

/**
 * Fills in defaults.
 *
 * @param layers Names of the layers that have weights.
 * @throws `invalid-option`, `unknown-layer`; all findings at once.
 */
export function resolveOptions(options: QuantizeOptions, layers: readonly string[]): ResolvedOptions {
  const findings: Diagnostic[] = [];
  const refuse = (code: string, item: string, found: string, wanted: string): void => {
    const message = `Cannot use option ${item}: ${found}, wanted ${wanted}`;
    findings.push({ code, severity: "error", message, place: { item }, found, wanted });
  };
  const bits = (item: string, value: number | undefined, least: number): void => {
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= 8)) {
      refuse("invalid-option", item, String(value), `a whole number from ${least} to 8`);
    }
  };
  const finite = (item: string, value: number | undefined): void => {
    if (value !== undefined && !Number.isFinite(value))
      refuse("invalid-option", item, String(value), "a finite number");
  };
  bits("weightBits", options.weightBits, 2);
  bits("activationBits", options.activationBits, 1);
  bits("inputBits", options.inputBits, 1);
  finite("inputScale", options.inputScale);
  finite("inputOffset", options.inputOffset);
  const { method = { kind: "mse" } } = options;
  if (method.kind === "percentile" && !(method.percent > 0 && method.percent <= 100)) {
    refuse("invalid-option", "method.percent", String(method.percent), "above 0 and at most 100");
  }
  for (const [name, own] of Object.entries(options.perLayer ?? {})) {
    if (!layers.includes(name)) refuse("unknown-layer", `perLayer "${name}"`, "no such layer", layers.join(", "));
    bits(`perLayer "${name}" weightBits`, own.weightBits, 2);
    bits(`perLayer "${name}" activationBits`, own.activationBits, 1);
  }
  if (findings.length > 0) throw new SpikewrightError(findings);
  const { weightBits = 8, activationBits = 8 } = options;
  return {
    inputBits: options.inputBits ?? activationBits,
    method,
    inputScale: options.inputScale ?? 1,
    inputOffset: options.inputOffset ?? 0,
    seed: options.seed ?? 1,
    ofLayer(name) {
      const own = options.perLayer?.[name];
      const ownWeightBits = own?.weightBits ?? weightBits;
      return {
        weightBits: ownWeightBits,
        activationBits: own?.activationBits ?? activationBits,
        compensate: options.compensate ?? ownWeightBits <= compensatedBits,
      };
    },
  };
}
