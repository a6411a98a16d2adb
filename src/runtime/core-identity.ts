import { type CoreConfig, coreConfigs } from "../arch/core-config.js";
import { failure } from "../support/diagnostic.js";

/** What a core says about itself. */
export interface CoreIdentity {
  readonly config: CoreConfig;
  /** Hash of the loaded program; 0: none since configuration, or half a one. */
  readonly hash: number;
}

const identityPrefix = 0x53504b00;
const protocolVersion = "1";
const learningLevels = [0, 1, 2] as const;
const technologies = ["generic", "ice40up", "ice40hx"] as const;

/**
 * Reads the identity out of the registers.
 *
 * @throws SpikewrightError `not-a-core`, `protocol-version`.
 */
export function identify(registers: ReadonlyMap<string, number>): CoreIdentity {
  const identity = registers.get("identity")!;
  const version = String.fromCharCode(identity & 0xff);
  if ((identity & 0xffffff00) >>> 0 !== identityPrefix) throw notACore(identity);
  if (version !== protocolVersion) throw wrongVersion(version);
  return { config: configOf(registers), hash: registers.get("hash")! };
}

/** The configuration that the registers describe, under its name if it is one of `coreConfigs`. */
function configOf(registers: ReadonlyMap<string, number>): CoreConfig {
  const word = (n: number): number => registers.get(`config${n}`)!;
  const byte = (n: number, at: number): number => (word(n) >>> (8 * at)) & 0xff;
  const depth = (at: number): number => 2 ** ((word(2) >>> (4 * at)) & 0xf);
  const technology = technologies[byte(1, 3) & 0x1f] ?? "generic";
  const found: Omit<CoreConfig, "name"> = {
    lanes: byte(0, 0),
    weightBits: byte(0, 1),
    accumulatorBits: byte(0, 2),
    membraneBits: byte(0, 3),
    thresholdBits: byte(1, 0),
    quotientBits: byte(1, 1),
    indexBits: byte(1, 2),
    weightDepth: depth(0),
    listDepth: depth(1),
    pointerDepth: depth(2),
    parameterDepth: depth(3),
    stateDepth: depth(4),
    programDepth: depth(5),
    linkDepth: depth(6),
    dynamics: byte(1, 3) & 0x20 ? 1 : 0,
    learning: learningLevels[byte(1, 3) >>> 6] ?? 0,
    scatter: byte(2, 3) & 0x10 ? 1 : 0,
    technology,
  };
  const fields = Object.keys(found) as (keyof typeof found)[];
  const known = coreConfigs.find((config) => fields.every((field) => config[field] === found[field]));
  return { name: known?.name ?? `${technology}-w${found.weightBits}-custom`, ...found };
}

function notACore(identity: number) {
  const found = `0x${identity.toString(16).padStart(8, "0")}`;
  return failure(
    {
      code: "not-a-core",
      message: `Cannot use the device: it identifies itself as ${found}, wanted a core of spikewright`,
      found,
      wanted: "0x53504b31",
      hint: "Flash the core first (spikewright flash)",
    },
    "device",
  );
}

function wrongVersion(version: string) {
  return failure(
    {
      code: "protocol-version",
      message: `Cannot talk to the core: its protocol has version "${version}", wanted "${protocolVersion}"`,
      found: version,
      wanted: protocolVersion,
      hint: "Build and flash the core of this version of spikewright",
    },
    "device",
  );
}
