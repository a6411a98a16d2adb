import { verifyGraph } from "../../ann/verify.js";
import { findBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { type LoadOptions, loadFile } from "../../frontend/load.js";
import type { ResourceUse } from "../../map/budget.js";
import { tryMapping } from "../../map/map.js";
import { findBlockers, quantize } from "../../quantize/quantize.js";
import { convertToSpiking } from "../../snn/convert.js";
import type { Schedule } from "../../snn/graph.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import { seededRandom } from "../../support/random.js";
import { elements } from "../../support/tensor.js";
import type { VerbContext } from "../context.js";
import { coreConfigNamed } from "../core-config-named.js";
import { nirBlockers, nirTypes } from "../nir/nir-blockers.js";
import { checkNetwork } from "./check-network.js";
import { type Blocker, blockerOf, type CheckResult } from "./check-result.js";

export type { Blocker, CheckResult } from "./check-result.js";

export interface CheckOptions extends LoadOptions {
  /** Only this board. Default: all that have a core. */
  readonly board?: string;
  /** Only this core configuration. For network files. */
  readonly core?: string;
  /** Bits of weights. Default: those of each board's core. */
  readonly weights?: number;
  /** Bits of activations. Default 4. */
  readonly activations?: number;
  readonly schedule?: Schedule;
}

/** Samples of noise that stand for calibration data: sizes do not depend on them, ranges hardly. */
const noiseSamples = 16;

/**
 * Lists every blocker of a model at once, and says on which boards it fits; of a network file, what it needs of each memory.
 *
 * @throws Codes of `loadFile`, of reading network files, `board-unknown`, `core-unknown`.
 */
export async function check(
  model: string,
  options: CheckOptions = {},
  context: VerbContext = {},
): Promise<CheckResult> {
  const network = await checkNetwork(model, options);
  if (network) return network;
  const loaded = await loadFile(model, options);
  if (loaded.kind === "nir") {
    const blocking = nirBlockers(loaded.nir);
    context.note?.("a NIR graph: spikewright import nir quantises it for a core with dynamics");
    return { ...blocked(blocking, nirTypes(loaded.nir.graph)), convertible: blocking.length === 0 };
  }
  const { graph } = loaded;
  const ops = new Map(graph.nodes.map((node) => [node.name, node.sourceOp]));
  const toBlocker = (d: Diagnostic): Blocker => blockerOf(d, ops);
  const illegal = verifyGraph(graph);
  const blocking = illegal.length > 0 ? illegal : findBlockers(graph);
  if (blocking.length > 0) return blocked(blocking, ops);
  const catalog = loadBoards();
  const targets = options.board
    ? [findBoard(catalog, options.board)]
    : [...catalog.boards.values()].map((board) => ({ board, device: catalog.devices.get(board.device)! }));
  const fits: Record<string, boolean> = {};
  const resources: Record<string, readonly ResourceUse[]> = {};
  const reasons: Record<string, readonly Blocker[]> = {};
  const networks = new Map<number, Awaited<ReturnType<typeof quantize>>["quant"]>();
  for (const { board, device } of targets) {
    if (device.coreConfig === null) {
      fits[board.id] = false;
      reasons[board.id] = [tooSmall(board.id, board.name, device.id)];
      continue;
    }
    const config = coreConfigNamed(device.coreConfig);
    const bits = options.weights ?? config.weightBits;
    context.progress?.({ stage: `fit with ${bits}-bit weights`, done: networks.size });
    if (!networks.has(bits)) {
      const size = elements(graph.inputs[0]!.shape.map((extent) => Math.max(1, extent)));
      const random = seededRandom(1);
      const data = Float32Array.from({ length: noiseSamples * size }, () => random());
      const settings = { weightBits: bits, activationBits: options.activations ?? 4, compensate: false };
      networks.set(bits, (await quantize(graph, { data, count: noiseSamples }, settings)).quant);
    }
    const snn = convertToSpiking(networks.get(bits)!);
    const attempt = tryMapping(snn, config, { schedule: options.schedule ?? "graded" });
    fits[board.id] = attempt.faults.length === 0;
    resources[board.id] = attempt.resources;
    reasons[board.id] = attempt.faults.map(toBlocker);
  }
  const blockers = options.board ? Object.values(reasons).flat() : [];
  return { convertible: true, blockers, fits, resources, reasons, cores: null };
}

/** The result for a model that cannot be converted. */
function blocked(findings: readonly Diagnostic[], ops: ReadonlyMap<string, string>): CheckResult {
  const blockers = findings.map((finding) => blockerOf(finding, ops));
  return { convertible: false, blockers, fits: {}, resources: {}, reasons: {}, cores: null };
}

function tooSmall(id: string, name: string, device: string): Blocker {
  return {
    code: "board-too-small",
    layer: null,
    op: null,
    reason: `Cannot use ${name}: its ${device} has no core configuration`,
    found: device,
    wanted: null,
    hint: `Choose another board than ${id} (spikewright boards)`,
  };
}
