import type { DynamicsProjection } from "../../snn/dynamics/graph.js";
import type { SynapseList } from "../../snn/dynamics/synapse-list.js";
import type { EventList } from "./event-ring.js";

/** Adds the weights of the events to the sums. @returns Weights added. */
export type Delivery = (events: EventList, weights: Int8Array, sums: Int32Array) => number;

/** How synapses deliver events: all pairs of neurons by rows, others along their list. */
export function deliveryOf({ synapses, delays }: DynamicsProjection, list: SynapseList, targets: number): Delivery {
  return synapses.kind === "dense" && !delays ? denseDelivery(targets) : listDelivery(list);
}

function denseDelivery(targets: number): Delivery {
  return ({ indices, payloads, count }, weights, sums) => {
    for (let k = 0; k < count; k++) {
      const row = indices[k]! * targets;
      const payload = payloads[k]!;
      if (payload === 1) for (let j = 0; j < targets; j++) sums[j]! += weights[row + j]!;
      else for (let j = 0; j < targets; j++) sums[j]! += weights[row + j]! * payload;
    }
    return count * targets;
  };
}

function listDelivery({ first, targets, weights: places }: SynapseList): Delivery {
  return ({ indices, payloads, count }, weights, sums) => {
    let added = 0;
    for (let k = 0; k < count; k++) {
      const end = first[indices[k]! + 1]!;
      const begin = first[indices[k]!]!;
      for (let s = begin; s < end; s++) sums[targets[s]!]! += weights[places[s]!]! * payloads[k]!;
      added += end - begin;
    }
    return added;
  };
}
