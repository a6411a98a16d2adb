import type { Synapses, SynapseWindow } from "./delivery.js";
import { axisTaps } from "./window.js";

/** Delivery in plain loops: right for any payload, and fast for small windows. */
export function loopSynapses(window: SynapseWindow): Synapses {
  const { source, target, kernel, stride, padding, groups, weights } = window;
  const rows = axisTaps(source[0], target[0], kernel[0], stride[0], padding[0]);
  const columns = axisTaps(source[1], target[1], kernel[1], stride[1], padding[1]);
  const width = source[1];
  const inChannels = source[2];
  const inPerGroup = inChannels / groups;
  const outChannels = target[2];
  const outPerGroup = outChannels / groups;
  const kernelWidth = kernel[1];
  const targetWidth = target[1];

  return {
    deliver(potentials, addresses, payloads, count) {
      let taps = 0;
      for (let e = 0; e < count; e++) {
        const address = addresses[e]!;
        const payload = payloads[e]!;
        const pixel = Math.trunc(address / inChannels);
        const channel = address - pixel * inChannels;
        const y = Math.trunc(pixel / width);
        const x = pixel - y * width;
        const group = Math.trunc(channel / inPerGroup);
        const firstOut = group * outPerGroup;
        const inGroup = channel - group * inPerGroup;
        const rowEnd = rows.first[y + 1]!;
        const columnStart = columns.first[x]!;
        const columnEnd = columns.first[x + 1]!;
        for (let r = rows.first[y]!; r < rowEnd; r++) {
          const targetRow = rows.target[r]! * targetWidth;
          const kernelRow = rows.window[r]! * kernelWidth;
          for (let c = columnStart; c < columnEnd; c++) {
            let n = (targetRow + columns.target[c]!) * outChannels + firstOut;
            let w = ((kernelRow + columns.window[c]!) * inPerGroup + inGroup) * outChannels + firstOut;
            // `imul` keeps the engine on 32-bit integers; the bounds of the network exclude overflow.
            for (const end = n + outPerGroup; n < end; n++, w++) {
              potentials[n] = (potentials[n]! + Math.imul(payload, weights[w]!)) | 0;
            }
          }
        }
        taps += (rowEnd - rows.first[y]!) * (columnEnd - columnStart);
      }
      return taps * outPerGroup;
    },
  };
}
