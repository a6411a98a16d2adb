import type { RecurrentCell, RecurrentNode } from "../nodes/recurrent.js";
import { directions } from "../shapes/recurrent.js";
import { inspectFunction } from "./functions.js";
import type { AttributeRule, Inspector } from "./inspector.js";
import { positive } from "./numbers.js";

const gates = { simple: 1, lstm: 4, gru: 3 } as const;

function inspectCell(see: Inspector, at: string, cell: RecurrentCell): void {
  const units = cell.recurrentKernel.shape[0] ?? 0;
  const columns = gates[cell.kind] * units;
  see.shape(`${at} kernel`, cell.kernel, [-1, columns]);
  see.shape(`${at} recurrent kernel`, cell.recurrentKernel, [units, columns]);
  see.shape(`${at} bias`, cell.bias, [columns]);
  inspectFunction(see, `${at} activation`, cell.activation);
  see.require(cell.activation.kind !== "prelu", `${at} activation prelu`, "a function without weights");
  if (cell.clip !== undefined) see.number(`${at} clip`, cell.clip, positive);
  if (cell.kind === "simple") return;
  inspectFunction(see, `${at} recurrent activation`, cell.recurrentActivation);
  see.require(
    cell.recurrentActivation.kind !== "prelu",
    `${at} recurrent activation prelu`,
    "a function without weights",
  );
  if (cell.kind === "lstm") {
    if (cell.outputActivation) inspectFunction(see, `${at} output activation`, cell.outputActivation);
    see.require(cell.outputActivation?.kind !== "prelu", `${at} output activation prelu`, "a function without weights");
    see.shape(`${at} peepholes`, cell.peepholes, [3, units]);
  } else {
    see.shape(`${at} recurrent bias`, cell.recurrentBias, [columns]);
    see.require(cell.resetAfter || !cell.recurrentBias, `${at} recurrent bias without reset-after`, "one bias");
  }
}

export const inspectRecurrent: AttributeRule<RecurrentNode> = (node, see) => {
  const cells = directions(node);
  see.require(cells.length > 0, "no direction", "forward or backward");
  if (node.forward) inspectCell(see, "forward", node.forward);
  if (node.backward) inspectCell(see, "backward", node.backward);
  see.require(cells.length === 2 || node.merge === "concat", `merge ${node.merge}`, "concat for one direction");
  const [a, b] = cells;
  if (!a || !b) return;
  see.require(a.kind === b.kind, `cells ${a.kind} and ${b.kind}`, "one kind");
  see.shape("backward kernel", b.kernel, a.kernel.shape);
  see.shape("backward recurrent kernel", b.recurrentKernel, a.recurrentKernel.shape);
};
