import type { Command } from "commander";
import { inspect, type NirFacts } from "../../verbs/model/inspect.js";
import { table } from "../table.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";
import { loadOptionsOf, type ModelFlags, withModelOptions } from "./options.js";

export function registerInspect(program: Command): void {
  addVerb(
    program,
    "inspect <model>",
    "list layers, shapes, parameters, format and producer of a model",
    "spikewright inspect model.h5",
    withModelOptions,
    (_context, _terminal, _command, model: string, flags: ModelFlags) => inspect(model, loadOptionsOf(flags)),
    (result, terminal) => {
      terminal.line(`${result.file}: ${result.format}${result.producer ? `, ${result.producer}` : ""}`);
      for (const input of result.inputs) terminal.line(`input ${input.name}: ${shapeText(input.shape)}`);
      terminal.line();
      const rows = result.layers.map((l) => [
        l.layer,
        l.op,
        l.shape ? shapeText(l.shape) : "?",
        l.parameters,
        l.reason ?? "",
      ]);
      for (const text of table(["layer", "operator", "shape", "parameters", ""], rows)) terminal.line(text);
      terminal.line();
      terminal.line(`${result.parametersTotal.toLocaleString("en-US")} parameters`);
      if (result.nir) renderNir(result.nir, terminal);
      if (result.kernelFlipUncertain) {
        terminal.note(
          "the file does not say whether its convolution kernels are rotated: evaluate with --flip-kernels auto on labelled data decides",
        );
      }
    },
  );
}

function renderNir(nir: NirFacts, terminal: Terminal): void {
  terminal.line(`step: ${nir.dt ?? "unknown"} (${nir.dtReason})`);
  terminal.line(`reset: ${nir.reset ?? "unknown"} (${nir.resetReason})`);
  for (const [key, value] of Object.entries(nir.metadata)) terminal.line(`metadata ${key}: ${value}`);
  for (const finding of nir.findings) terminal.diagnostic({ ...finding, severity: "warning" });
}

function shapeText(shape: readonly number[]): string {
  return shape.map((n) => (n < 0 ? "?" : n)).join(" x ");
}
