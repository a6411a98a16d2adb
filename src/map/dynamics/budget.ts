import type { CoreConfig } from "../../arch/core-config.js";
import type { Diagnostic } from "../../support/diagnostic.js";
import type { ResourceUse } from "../budget.js";
import type { DynamicsPlan } from "./plan.js";

type Resource = ResourceUse["resource"];

const words: Record<Resource, { readonly name: string; readonly hint: string }> = {
  weights: {
    name: "rows of weights",
    hint: "Use fewer neurons, a convolution, a core with more lanes, or for sparse synapses one that scatters (up5k-lif-w8, up5k-lif-w4)",
  },
  list: { name: "spike-list entries", hint: "Use smaller populations or shorter delays" },
  pointers: { name: "pointer words", hint: "Use fewer populations or shorter delays" },
  parameters: {
    name: "parameter words",
    hint: "Give all neurons of a population the same settings, and make their number a multiple of the lanes",
  },
  state: { name: "state words", hint: "Use fewer neurons; send events instead of using an encoder" },
  program: {
    name: "program words",
    hint: "Use fewer populations or shorter delays; a network that never resets takes less with many steps a sample",
  },
};

/** What each memory has to hold. */
export function dynamicsUse(plan: DynamicsPlan, programWords: number): readonly ResourceUse[] {
  const { config, used, blocks, synapseLists, sources, layouts } = plan;
  const dense = [...blocks].map(([name, block]) => [name, block.groups * block.groupRows] as const);
  const rows = [...dense, ...[...synapseLists].map(([{ projection }, own]) => [projection, own.rows] as const)];
  const lists = [...sources.values()].map((s) => [s.name, s.capacity * s.buffers] as const);
  const pointers = [...sources.values()].map((s) => [s.name, (s.pixels + 1) * s.lists] as const);
  const parameters = [...layouts.populations.values()].map((l) => [l.population.name, l.parameterCount] as const);
  const states = [...layouts.populations.values()].map((l) => [l.population.name, l.size] as const);
  const use = (
    resource: Resource,
    used: number,
    available: number,
    parts: readonly (readonly [string, number])[],
  ): ResourceUse => ({ resource, used, available, largest: largestOf(parts) });
  return [
    use("weights", used.weights, config.weightDepth, rows),
    use("list", used.list, config.listDepth, lists),
    use("pointers", used.pointers, config.pointerDepth, pointers),
    use("parameters", used.parameters, config.parameterDepth, parameters),
    use("state", used.state, config.stateDepth, states),
    use("program", programWords, config.programDepth, []),
  ];
}

function largestOf(parts: readonly (readonly [string, number])[]): ResourceUse["largest"] {
  const [most] = [...parts].sort(([, a], [, b]) => b - a);
  return most && { item: most[0], words: most[1] };
}

/** One finding `does-not-fit` for each memory that is too small. */
export function useFaults(name: string, uses: readonly ResourceUse[], config: CoreConfig): readonly Diagnostic[] {
  return uses
    .filter(({ used, available }) => used > available)
    .map(({ resource, used, available, largest }) => {
      const most = largest ? `, most of them (${largest.words}) for "${largest.item}"` : "";
      return {
        code: "does-not-fit",
        severity: "error",
        message: `Cannot place "${name}" on core ${config.name}: needs ${used} ${words[resource].name}${most}, the core has ${available}`,
        place: { item: largest?.item ?? name },
        found: String(used),
        wanted: `at most ${available}`,
        hint: words[resource].hint,
      };
    });
}
