import { failure } from "../../support/diagnostic.js";
import {
  isDynamic,
  isSpiking,
  type NirDynamic,
  type NirGraph,
  type NirNode,
  type NirSpiking,
  type NirTensor,
} from "./graph.js";

/** What a spike does to the membrane potential. */
export type NirReset = "zero" | "subtract" | "to-v-reset";

/** How the equations in continuous time become steps. The file leaves all of it open. */
export interface NirDynamics {
  /** Duration of a step, in the unit of the time constants (seconds, or steps where `dt` is 1). */
  readonly dt: number;
  /** `euler`: forward Euler. `exact`: the solution for an input that is constant during a step. */
  readonly integration: "euler" | "exact";
  readonly reset: NirReset;
  /** NIR fires where `v > vThreshold`; sinabs and SpikingJelly where `v >= vThreshold`. */
  readonly compare: ">" | ">=";
  /** Euler only: the synaptic current that the membrane sees: before its update (NIR) or after it (snnTorch). */
  readonly synapse: "previous" | "updated";
  /** When a spike resets the potential: in its own step, or in the next one after the integration (snnTorch). */
  readonly resetTiming: "same-step" | "next-step";
  /** `LI` and `LIF`: the input is multiplied by the leak rate `dt / tau` as in the equation, or not (sinabs). */
  readonly inputGain: "leak-rate" | "one";
}

/** Frameworks whose way of stepping can be taken over. `spec` is the reference code of the NIR paper. */
export type NirDialect = "spec" | "norse" | "snntorch" | "spikingjelly" | "sinabs";

/** What each framework does with a file that it reads, where it differs from `spec`. */
const dialects: Readonly<Record<NirDialect, Partial<NirDynamics>>> = {
  spec: {},
  norse: { reset: "to-v-reset" },
  snntorch: { reset: "zero", resetTiming: "next-step", synapse: "updated" },
  spikingjelly: { reset: "to-v-reset", compare: ">=" },
  sinabs: { reset: "subtract", compare: ">=", integration: "exact", inputGain: "one" },
};

/** Choices of the user; what is absent is taken from the dialect, from the metadata, or inferred. */
export interface NirDynamicsOptions extends Partial<NirDynamics> {
  /** Default: `metadata.dialect`, else `spec`. */
  readonly dialect?: NirDialect;
}

/** Dynamics with one sentence on where `dt` and `reset` come from. */
export interface InferredDynamics extends NirDynamics {
  readonly dtReason: string;
  readonly resetReason: string;
}

/**
 * Find the step and the reset rule of a graph.
 *
 * `dt`: the option; else `metadata.dt`; else what the parameters betray: a resistance of `tau / dt` (snnTorch), of
 * `tau * exp(-dt / tau) / dt` (Rockpool), of `1 / dt` (SpikingJelly), or of 1 in integrate-and-fire neurons or with time
 * constants of at least 1 (steps). `reset`: the option; else `metadata.reset`; else by subtraction where all
 * spiking neurons are IF and reset to 0, else to `vReset`.
 *
 * @throws `nir-dt-unknown` where nothing tells the step, `nir-dt-unclear` where nodes tell different ones,
 * `nir-dt-invalid`, `nir-dialect`.
 */
export function inferDynamics(graph: NirGraph, options: NirDynamicsOptions = {}): InferredDynamics {
  const nodes = allNodes(graph);
  const [dt, dtReason] = stepOf(graph, nodes.filter(isDynamic), options.dt);
  const dialect = options.dialect ?? dialectOf(graph);
  const [reset, resetReason] = resetOf(graph, nodes.filter(isSpiking), options.reset, dialect);
  if (dialect === "sinabs") refuseSynapses(nodes);
  const spec = {
    integration: "euler",
    compare: ">",
    synapse: "previous",
    resetTiming: "same-step",
    inputGain: "leak-rate",
  } as const;
  const { dialect: _, ...chosen } = options;
  return { ...spec, ...dialects[dialect], ...chosen, dt, dtReason, reset, resetReason };
}

/** Neurons of sinabs with a synaptic current follow another equation. */
function refuseSynapses(nodes: readonly NirNode[]): void {
  const node = nodes.find(({ type }) => type === "CubaLI" || type === "CubaLIF");
  if (!node) return;
  throw failure({
    code: "nir-dialect",
    message: `Cannot step NIR node "${node.name}" (${node.type}) as sinabs does: wanted IF, LI or LIF`,
    place: { item: node.name },
    found: node.type,
    wanted: "IF, LI or LIF",
    hint: "Use the dialect spec",
  });
}

/** Nodes of a graph and of the graphs inside. */
function allNodes(graph: NirGraph): readonly NirNode[] {
  return graph.nodes.flatMap((node) => (node.type === "NIRGraph" ? allNodes(node) : [node]));
}

function stepOf(graph: NirGraph, nodes: readonly NirDynamic[], given: number | undefined): [number, string] {
  if (given !== undefined) return [checkedStep(given), "given"];
  const noted = graph.metadata["dt"];
  if (noted !== undefined) return [checkedStep(typeof noted === "string" ? Number(noted) : noted.data[0]!), "metadata"];
  const clues = nodes.map(clueOf);
  const known = clues.filter((clue) => clue !== undefined);
  if (known.length === 0) {
    if (nodes.length === 0) return [1, "the graph has no state"];
    throw failure({
      code: "nir-dt-unknown",
      message: "Cannot tell the step of the NIR graph: its resistances are 1 and its time constants are in seconds",
      wanted: "the duration of a step",
      hint: "Give the step with --dt; the NIR paper uses 1e-4, Norse 1e-3",
    });
  }
  const first = known[0]!;
  const other = known.find(({ dt }) => Math.abs(dt / first.dt - 1) > 0.02);
  if (!other) return [first.dt, first.reason];
  throw failure({
    code: "nir-dt-unclear",
    message: `Cannot tell the step of the NIR graph: "${first.node}" says ${first.dt}, "${other.node}" says ${other.dt}`,
    found: `${first.dt} and ${other.dt}`,
    wanted: "one step",
    hint: "Give the step with --dt",
  });
}

function checkedStep(dt: number): number {
  if (Number.isFinite(dt) && dt > 0) return dt;
  throw failure({
    code: "nir-dt-invalid",
    message: `Cannot use the step ${dt}: wanted a positive number`,
    found: String(dt),
    wanted: "a positive number",
  });
}

interface Clue {
  readonly node: string;
  readonly dt: number;
  readonly reason: string;
}

/** What the parameters of a node say about the step. */
function clueOf(node: NirDynamic): Clue | undefined {
  const r = first(node.r);
  const clue = (dt: number, reason: string): Clue => ({
    node: node.name,
    dt: roundNumber(dt) ?? dt,
    reason: `${reason} (node "${node.name}")`,
  });
  if (node.type === "I" || node.type === "IF") {
    if (r === 1) return clue(1, "integrate-and-fire with r = 1 counts steps");
    return r >= 1e3 && r <= 1e5 ? clue(1 / r, "r of an integrate-and-fire neuron is 1 / dt") : undefined;
  }
  const isCuba = node.type === "CubaLI" || node.type === "CubaLIF";
  const tau = first(isCuba ? node.tauMem : node.tau);
  if (isCuba) {
    const [membrane, synapse] = [tau / r, first(node.tauSyn) / first(node.wIn)];
    if (r !== 1 && Math.abs(membrane / synapse - 1) < 0.02)
      return clue(membrane, "r is tau_mem / dt and w_in is tau_syn / dt");
  } else if (r !== 1) {
    const [euler, rockpool] = [tau / r, tau * productLog(1 / r)];
    if (roundNumber(euler) === undefined && roundNumber(rockpool) !== undefined)
      return clue(rockpool, "r is tau exp(-dt / tau) / dt, as Rockpool writes it");
    return clue(euler, "r is tau / dt");
  }
  return r === 1 && tau >= 1 ? clue(1, "time constants of at least 1 count steps") : undefined;
}

function first(tensor: NirTensor): number {
  return tensor.data[0] ?? Number.NaN;
}

/** The solution of `w * exp(w) = x` for `x > 0`. */
function productLog(x: number): number {
  let w = Math.log1p(x);
  for (let k = 0; k < 50; k++) w -= (w - x * Math.exp(-w)) / (1 + w);
  return w;
}

/** The round number (1, 2, 2.5 or 5 times a power of ten) next to `dt`; float32 parameters leave a small error. */
function roundNumber(dt: number): number | undefined {
  const power = 10 ** Math.floor(Math.log10(dt));
  const near = [1, 2, 2.5, 5, 10].map((digit) => Number((digit * power).toPrecision(6)));
  return near.find((candidate) => Math.abs(candidate / dt - 1) < 1e-3);
}

function dialectOf(graph: NirGraph): NirDialect {
  const noted = graph.metadata["dialect"];
  return typeof noted === "string" && Object.hasOwn(dialects, noted) ? (noted as NirDialect) : "spec";
}

function resetOf(
  graph: NirGraph,
  nodes: readonly NirSpiking[],
  given: NirReset | undefined,
  dialect: NirDialect,
): [NirReset, string] {
  if (given) return [given, "given"];
  const noted = graph.metadata["reset"];
  if (noted === "zero" || noted === "subtract" || noted === "to-v-reset") return [noted, "metadata"];
  const usual = dialects[dialect].reset;
  if (usual) return [usual, `${dialect} does so`];
  const toZero = nodes.every((node) => node.vReset.data.every((v) => v === 0));
  if (nodes.every((node) => node.type === "IF") && toZero) {
    return ["subtract", "all neurons are integrate-and-fire with v_reset 0: frameworks subtract"];
  }
  if (toZero) return ["zero", "v_reset is 0 everywhere"];
  return ["to-v-reset", "some v_reset is not 0"];
}
