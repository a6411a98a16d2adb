import { signed, unsigned } from "./bits.js";
import type { DynamicsState, NeuronDynamics } from "./neuron.js";

/**
 * State and parameter words of a core with dynamics, 64 bits each, as two 32-bit halves, low half first.
 *
 * state       V [15:0], J [31:16] | x [7:0], y [15:8], A [26:16], R [30:27], P [31]
 * parameters  theta [15:0], bias [31:16] | vReset [15:0], leak [27:16], refractory [31:28]
 */
export type WordHalves = readonly [low: number, high: number];

export function stateWord(state: DynamicsState): WordHalves {
  const { v, j, preTrace, postTrace, adaptation, refractory, fired } = state;
  return [
    unsigned(v, 16) | (unsigned(j, 16) << 16),
    preTrace | (postTrace << 8) | (adaptation << 16) | (refractory << 27) | (fired << 31),
  ];
}

export function readStateWord([low, high]: WordHalves): DynamicsState {
  return {
    v: signed(low, 16),
    j: signed(low >>> 16, 16),
    preTrace: high & 0xff,
    postTrace: (high >>> 8) & 0xff,
    adaptation: (high >>> 16) & 0x7ff,
    refractory: (high >>> 27) & 0xf,
    fired: high >>> 31,
  };
}

export function parameterWord(own: NeuronDynamics): WordHalves {
  return [
    unsigned(own.vThreshold, 16) | (unsigned(own.bias, 16) << 16),
    unsigned(own.vReset, 16) | (own.leak << 16) | (own.refractory << 28),
  ];
}

export function readParameterWord([low, high]: WordHalves): NeuronDynamics {
  return {
    vThreshold: low & 0xffff,
    bias: signed(low >>> 16, 16),
    vReset: signed(high, 16),
    leak: (high >>> 16) & 0xfff,
    refractory: high >>> 28,
  };
}
