import { isObject, member, stringMember } from "../../../bytes/json.js";
import { currentClass } from "../../topology/legacy-config.js";
import type { LayerReader } from "../call.js";
import { Unsupported } from "../unsupported.js";

/** Layers whose work on a frame is their work on the whole sequence. */
const framewise = new Set(["Dense", "Activation", "Dropout", "LeakyReLU", "ReLU", "ELU"]);

/** TimeDistributed around a layer or a model. */
export const timeDistributed: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const entry = call.config.raw("layer");
  const className = stringMember(entry, "class_name");
  if (!isObject(entry) || className === undefined) throw call.config.invalid("layer", "a layer");
  if (flow.shape.length < 2)
    throw call.wrongInputs(`its input has shape [${flow.shape.join(", ")}], wanted an axis of time and more`);
  if (framewise.has(currentClass(className))) return call.addInner(entry, call.name, [flow], call.builder);
  const [time = -1, ...frame] = flow.shape;
  const body = call.builder.nested();
  const input = body.addInput("frame", frame);
  const name = stringMember(member(entry, "config"), "name") ?? className;
  const results = call.addInner(entry, `${call.name}/${name}`, [input], body);
  const [result] = results;
  if (results.length !== 1 || !result?.shape) {
    const blocker = body.nodes.find((node) => node.op === "unsupported");
    if (blocker?.op === "unsupported") throw new Unsupported(`the layer inside: ${blocker.reason}`, blocker.hint);
    throw new Unsupported(
      "a model of several results inside TimeDistributed is not supported",
      "Use a model of one result",
    );
  }
  const shaped = body.logical({ ...result, shape: result.shape });
  const graph = body.graph(call.name, { format: "keras" }, [shaped]);
  return call.add([flow], { op: "time-distributed", body: graph }, [time, ...shaped.shape]);
};
