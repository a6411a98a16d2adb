import type { Padding, PoolNode } from "../../../../ann/graph.js";
import { runtimeOf } from "../../import/arrange.js";
import { type Call, type Operator, refuseOutputs, runtimeInput } from "../../import/call.js";
import { channelsLast, perSample } from "../../import/per-sample.js";
import type { Runtime } from "../../import/value.js";
import { refuse } from "../../refusal.js";
import { type Window, windowOf } from "../window.js";

/** The padding of a node: what the model states, and the cells that rounding up adds. */
function reaching(window: Window): Padding {
  return window.padding.map(([before, after], k) => [before, after + window.overhang[k]!] as const);
}

const pool =
  (kind: PoolNode["kind"]): Operator =>
  (call) => {
    refuseOutputs(call, 1, "the indices");
    const x = runtimeInput(call, 0);
    const size = call.attributes.ints("kernel_shape");
    if (!size || size.length !== x.shape.length - 2) throw refuse("attribute", "kernel_shape is missing or too short");
    const window = windowOf(call.attributes, x.shape.slice(2), size);
    const { strides, dilations } = window;
    const counts = kind === "average" && call.attributes.flag("count_include_pad");
    const hangs = window.overhang.some((cells) => cells > 0);
    return [
      channelsLast(call, x, (emit, inputs) => {
        let input = inputs;
        let padding = reaching(window);
        if (counts && hangs) {
          // padded cells count, those of rounding up do not: the former become part of the value
          const all: Padding = [...window.padding, [0, 0]];
          input = emit({ op: "pad", inputs: input, padding: all, value: 0, mode: "constant" }, "pad");
          padding = window.overhang.map((cells) => [0, cells] as const);
        }
        const includePadding = counts && !hangs;
        return emit({ op: "pool", kind, inputs: input, size, strides, padding, dilations, includePadding });
      }),
    ];
  };

/** Pooling of all spatial axes of `[N, C, ...spatial]` to `[N, C, 1, …]`. */
export function poolGlobally(call: Call, x: Runtime, kind: "max" | "average"): Runtime {
  const rank = x.shape.length;
  if (rank < 3) throw refuse("shape", `a value of shape [${x.shape}] without spatial axes`);
  const axes = [...x.shape.keys()].slice(2).concat(1);
  const { stored, rows } = perSample(call, [{ value: x, batch: 0, axes }], (emit, inputs) =>
    emit({ op: "global-pool", kind, inputs, keepDims: false }),
  );
  return runtimeOf(call.build, stored[0]!, rows ? [0, 1] : [1], rank, x.type);
}

const globalPool =
  (kind: "max" | "average"): Operator =>
  (call) => [poolGlobally(call, runtimeInput(call, 0), kind)];

export const poolOperators: Readonly<Record<string, Operator>> = {
  ":MaxPool": pool("max"),
  ":AveragePool": pool("average"),
  ":GlobalMaxPool": globalPool("max"),
  ":GlobalAveragePool": globalPool("average"),
};
