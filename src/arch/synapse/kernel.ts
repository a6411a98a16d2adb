import { type WasmMemory, webAssembly } from "../../support/web-assembly.js";
import type { Synapses, SynapseWindow } from "./delivery.js";
import { deliverModule } from "./kernel-code.js";
import { loopSynapses } from "./loops.js";
import { axisTaps } from "./window.js";

/** Lanes of a vector of 16-bit weights. */
const lanes = 8;

type Deliver = (...args: readonly number[]) => number;

let compiled: object | undefined;

/**
 * Delivery in WebAssembly: see `kernel-code.ts`. Each window has a memory of its own; potentials and events are copied
 * in and potentials out, which is little beside the work. Payloads beyond 16 bits go through the plain loops.
 */
export function kernelSynapses(window: SynapseWindow): Synapses {
  const { source, target } = window;
  const sources = source[0] * source[1] * source[2];
  const targets = target[0] * target[1] * target[2];
  const outPerGroup = target[2] / window.groups;
  const rowBytes = Math.ceil(outPerGroup / lanes) * lanes * 2;
  const taps = tapTable(window, rowBytes);
  const rows = paddedRows(window, rowBytes / 2);

  let size = 0;
  const reserve = (bytes: number): number => {
    const start = size;
    // Room behind each array for lanes that reach past its end.
    size += Math.ceil(bytes / 16) * 16 + lanes * 4;
    return start;
  };
  const at = {
    potentials: reserve(targets * 4),
    addresses: reserve(sources * 4),
    payloads: reserve(sources * 4),
    first: reserve(taps.first.length * 4),
    taps: reserve(taps.pairs.length * 4),
    reach: reserve(source[2] * 4),
    weights: reserve(rows.length * 2),
  };
  const memory: WasmMemory = new webAssembly.Memory({ initial: Math.ceil(size / 65536) });
  compiled ??= new webAssembly.Module(deliverModule);
  const deliver = new webAssembly.Instance(compiled, { env: { memory } }).exports["deliver"] as Deliver;
  const ints = (start: number, length: number): Int32Array => new Int32Array(memory.buffer, start, length);
  ints(at.first, taps.first.length).set(taps.first.map((pair) => at.taps + pair * 8));
  ints(at.taps, taps.pairs.length).set(taps.pairs);
  const inPerGroup = source[2] / window.groups;
  const reach = ints(at.reach, source[2]);
  for (let c = 0; c < source[2]; c++) reach[c] = Math.floor(c / inPerGroup) * outPerGroup * 4;
  new Int16Array(memory.buffer, at.weights, rows.length).set(rows);
  const inside = ints(at.potentials, targets);
  const insideAddresses = ints(at.addresses, sources);
  const insidePayloads = ints(at.payloads, sources);
  let loops: Synapses | undefined;

  return {
    deliver(potentials, addresses, payloads, count) {
      for (let e = 0; e < count; e++) {
        const payload = payloads[e]!;
        if (payload > 32767 || payload < -32768) {
          loops ??= loopSynapses(window);
          return loops.deliver(potentials, addresses, payloads, count);
        }
        insidePayloads[e] = payload;
        insideAddresses[e] = addresses[e]!;
      }
      inside.set(potentials);
      const end = at.addresses + count * 4;
      const reached = deliver(
        at.addresses,
        at.payloads,
        end,
        at.potentials,
        at.weights,
        at.first,
        at.reach,
        source[2],
        rowBytes,
      );
      potentials.set(inside);
      return reached * outPerGroup;
    },
  };
}

/** Taps of every source pixel: index of its first pair, and pairs of byte offsets of target pixel and weight rows. */
function tapTable(
  { source, target, kernel, stride, padding }: SynapseWindow,
  rowBytes: number,
): { first: Int32Array; pairs: Int32Array } {
  const rows = axisTaps(source[0], target[0], kernel[0], stride[0], padding[0]);
  const columns = axisTaps(source[1], target[1], kernel[1], stride[1], padding[1]);
  const first = new Int32Array(source[0] * source[1] + 1);
  const pairs = new Int32Array(2 * rows.target.length * columns.target.length);
  let count = 0;
  for (let y = 0; y < source[0]; y++) {
    for (let x = 0; x < source[1]; x++) {
      for (let r = rows.first[y]!; r < rows.first[y + 1]!; r++) {
        for (let c = columns.first[x]!; c < columns.first[x + 1]!; c++) {
          pairs[2 * count] = (rows.target[r]! * target[1] + columns.target[c]!) * target[2] * 4;
          pairs[2 * count + 1] = (rows.window[r]! * kernel[1] + columns.window[c]!) * source[2] * rowBytes;
          count++;
        }
      }
      first[y * source[1] + x + 1] = count;
    }
  }
  return { first, pairs };
}

/** Rows `[kernelHeight, kernelWidth, inChannels, lanes]`: the weights to the channels of the source's group, then zeros. */
function paddedRows({ source, target, kernel, groups, weights }: SynapseWindow, lanesOfRow: number): Int16Array {
  const [inChannels, outChannels] = [source[2], target[2]];
  const inPerGroup = inChannels / groups;
  const outPerGroup = outChannels / groups;
  const rows = new Int16Array(kernel[0] * kernel[1] * inChannels * lanesOfRow);
  for (let row = 0; row < rows.length / lanesOfRow; row++) {
    const channel = row % inChannels;
    const tap = (row - channel) / inChannels;
    const group = Math.floor(channel / inPerGroup);
    const from = (tap * inPerGroup + (channel % inPerGroup)) * outChannels + group * outPerGroup;
    rows.set(weights.subarray(from, from + outPerGroup), row * lanesOfRow);
  }
  return rows;
}
