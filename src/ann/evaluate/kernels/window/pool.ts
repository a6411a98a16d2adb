import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { GlobalPoolNode, PoolNode } from "../../../nodes/pool.js";
import type { Kernel, Prepare, Value } from "../../kernel.js";
import type { Tensorflow } from "../../tensorflow.js";

interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
}

/** The node over two spatial axes; the second one of a 1-D pool has extent 1. */
function windowOf(node: PoolNode): Window {
  const dilations = node.dilations ?? node.size.map(() => 1);
  if (node.size.length === 2) return { ...node, dilations };
  return {
    size: [node.size[0]!, 1],
    strides: [node.strides[0]!, 1],
    padding: [node.padding[0]!, [0, 0]],
    dilations: [dilations[0]!, 1],
  };
}

function padded(tf: Tensorflow, x: Value, window: Window, value: number): Value {
  if (window.padding.every(([before, after]) => before === 0 && after === 0)) return x;
  return tf.pad(x, [[0, 0], ...window.padding.map((pair) => [...pair] as [number, number]), [0, 0]], value);
}

/** Cells of a dilated window, one value a cell, each over all positions of the window. The library has no dilated pool. */
function cells(tf: Tensorflow, x: Value, { size, strides, dilations }: Window): Value[] {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const count = [0, 1].map(
    (axis) => Math.floor((x.shape[axis + 1]! - (size[axis]! - 1) * dilations[axis]! - 1) / strides[axis]!) + 1,
  );
  const result: Value[] = [];
  for (let row = 0; row < size[0]!; row++) {
    for (let column = 0; column < size[1]!; column++) {
      const first = [row * dilations[0]!, column * dilations[1]!];
      const last = first.map((start, axis) => start + (count[axis]! - 1) * strides[axis]! + 1);
      const steps = [1, strides[0]!, strides[1]!, 1];
      result.push(tf.stridedSlice(x, [0, first[0]!, first[1]!, 0], [batch, last[0]!, last[1]!, channels], steps));
    }
  }
  return result;
}

function isDilated(window: Window): boolean {
  return window.dilations.some((dilation) => dilation > 1);
}

function maximum(tf: Tensorflow, x: Value, window: Window): Value {
  const value = padded(tf, x, window, Number.NEGATIVE_INFINITY);
  if (isDilated(window)) return cells(tf, value, window).reduce((a, b) => tf.maximum(a, b));
  const { size, strides } = window;
  return tf.maxPool(value as Tensor4D, size as [number, number], strides as [number, number], "valid");
}

/** Mean over all cells of the window, padded ones included. */
function mean(tf: Tensorflow, x: Value, window: Window): Value {
  const value = padded(tf, x, window, 0);
  if (isDilated(window)) {
    const all = cells(tf, value, window);
    return tf.div(
      all.reduce((a, b) => tf.add(a, b)),
      all.length,
    );
  }
  const { size, strides } = window;
  return tf.avgPool(value as Tensor4D, size as [number, number], strides as [number, number], "valid");
}

export const preparePool: Prepare<PoolNode> = (node, { tf }) => {
  const window = windowOf(node);
  const pads = node.padding.some(([before, after]) => before + after > 0);
  const average = (x: Value): Value => {
    const all = mean(tf, x, window);
    if (node.includePadding || !pads) return all;
    // The mean of ones with zeros around them is the share of the window that lies inside.
    return tf.div(all, mean(tf, tf.ones([1, x.shape[1]!, x.shape[2]!, 1]), window));
  };
  const pool = node.kind === "max" ? (x: Value) => maximum(tf, x, window) : average;
  if (node.size.length === 2) return ([x]) => [pool(x!)];
  return ([x]) => {
    const [batch, length, channels] = x!.shape as [number, number, number];
    const y = pool(tf.reshape(x!, [batch, length, 1, channels]));
    return [tf.reshape(y, [batch, y.shape[1]!, channels])];
  };
};

export const prepareGlobalPool: Prepare<GlobalPoolNode> = (node, { tf }): Kernel => {
  const fold = node.kind === "max" ? tf.max : tf.mean;
  return ([x]) => [
    fold(
      x!,
      x!.shape.slice(1, -1).map((_, axis) => axis + 1),
      node.keepDims,
    ),
  ];
};
