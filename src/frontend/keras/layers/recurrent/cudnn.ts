import type { Tensor } from "../../../../support/tensor.js";

/**
 * Kernels of CuDNNLSTM and CuDNNGRU as those of LSTM and GRU. The memory of each gate of the input kernel is a matrix
 * `[units, features]`, and each gate of the recurrent kernel is transposed. See `preprocess_weights_for_loading` of Keras 2.
 */
export function fromCudnn(kernels: { kernel: Tensor; recurrentKernel: Tensor }, units: number) {
  return { kernel: turned(kernels.kernel, units), recurrentKernel: turned(kernels.recurrentKernel, units) };
}

/** `[inputs, gates * units]`, each gate read as `[units, inputs]` in its own order of memory. */
function turned(kernel: Tensor, units: number): Tensor {
  const [inputs, width] = kernel.shape as [number, number];
  const data = new Float32Array(kernel.data.length);
  for (let gate = 0; gate < width / units; gate++) {
    for (let flat = 0; flat < inputs * units; flat++) {
      const value = kernel.data[Math.floor(flat / units) * width + gate * units + (flat % units)]!;
      data[(flat % inputs) * width + gate * units + Math.floor(flat / inputs)] = value;
    }
  }
  return { shape: kernel.shape, data };
}
