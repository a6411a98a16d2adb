import type { FoldedGraph, FoldedPool, FoldedTerm } from "../../../src/quantize/fold/folded.js";
import type { Shape3 } from "../../../src/quantize/graph.js";

interface Real {
  readonly shape: Shape3;
  readonly data: Float64Array;
}

/** Plain float evaluation of a folded network: real values of every layer by name, as its equations state them. */
export function evaluateFolded(graph: FoldedGraph, input: Float64Array): Map<string, Real> {
  const values = new Map<string, Real>([[graph.input.name, { shape: graph.input.shape, data: input }]]);
  for (const layer of graph.layers) {
    const [height, width, channels] = layer.shape;
    if (layer.kind === "pool") {
      values.set(layer.name, poolOf(layer, values.get(layer.from)!));
      continue;
    }
    const data = new Float64Array(height * width * channels).map((_, n) => layer.bias[n % channels]!);
    for (const term of layer.terms) addTerm(term, values.get(term.from)!, layer.shape, data);
    const { staircase } = layer;
    const shown =
      staircase.kind === "none" ? data : data.map((z) => Math.min(staircase.max, Math.max(staircase.min, z)));
    values.set(layer.name, { shape: layer.shape, data: shown });
  }
  return values;
}

function addTerm(term: FoldedTerm, source: Real, [height, width, channels]: Shape3, sums: Float64Array): void {
  const [sourceHeight, sourceWidth, inputs] = source.shape;
  const inPerGroup = inputs / term.groups;
  const outPerGroup = channels / term.groups;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let ky = 0; ky < term.kernel[0]; ky++) {
        for (let kx = 0; kx < term.kernel[1]; kx++) {
          const sy = y * term.stride[0] + ky - term.padding[0];
          const sx = x * term.stride[1] + kx - term.padding[1];
          if (sy < 0 || sx < 0 || sy >= sourceHeight || sx >= sourceWidth) continue;
          for (let o = 0; o < channels; o++) {
            for (let i = 0; i < inPerGroup; i++) {
              const c = Math.floor(o / outPerGroup) * inPerGroup + i;
              const w = term.weights[((ky * term.kernel[1] + kx) * inPerGroup + i) * channels + o]!;
              sums[(y * width + x) * channels + o]! += w * source.data[(sy * sourceWidth + sx) * inputs + c]!;
            }
          }
        }
      }
    }
  }
}

function poolOf(pool: FoldedPool, source: Real): Real {
  const [height, width, channels] = pool.shape;
  const data = new Float64Array(height * width * channels);
  for (let n = 0; n < data.length; n++) {
    const c = n % channels;
    const y = Math.floor(n / channels / width);
    const x = Math.floor(n / channels) % width;
    const cells: number[] = [];
    for (let ky = 0; ky < pool.window[0]; ky++) {
      for (let kx = 0; kx < pool.window[1]; kx++) {
        const sy = y * pool.stride[0] + ky - pool.padding[0];
        const sx = x * pool.stride[1] + kx - pool.padding[1];
        const inside = sy >= 0 && sx >= 0 && sy < source.shape[0] && sx < source.shape[1];
        if (inside) cells.push(source.data[(sy * source.shape[1] + sx) * channels + c]!);
      }
    }
    data[n] = pool.op === "max" ? Math.max(...cells) : pool.gain * cells.reduce((a, b) => a + b, 0);
  }
  return { shape: pool.shape, data };
}
