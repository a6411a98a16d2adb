import { decide } from "../arch/decision.js";
import { openSynapses, type Synapses } from "../arch/synapse/synapses.js";
import { encodeInput } from "../snn/encode.js";
import type { SnnGraph } from "../snn/graph.js";
import type { Phase, SchedulePlan } from "../snn/schedule.js";
import { failure } from "../support/diagnostic.js";
import { type EventList, emptyEvents } from "./reference/events.js";
import { PoolState } from "./reference/pool.js";
import { SpikingState } from "./reference/spiking.js";

/** Runs a spiking network step by step; every array it shows is live and reused by the next sample. */
export interface ReferenceSimulator {
  /** Runs one sample to the proven number of steps, or to silence if that comes first. */
  run(levels: ArrayLike<number>): ReferenceResult;
  /** State after the latest step, by population; pools have no membranes. The input is not among them. */
  readonly populations: ReadonlyMap<string, PopulationState>;
}

export interface PopulationState {
  /** Spike count of each neuron. */
  readonly tracers: Int32Array;
  /** Membrane potential of each neuron, lsb. */
  readonly membranes: Int32Array;
  /** What was emitted in the latest step. */
  readonly events: EventList;
}

export interface ReferenceResult {
  readonly decision: number;
  /** Steps run; layer by layer always the planned number, pipelined up to and including the last step with a spike. */
  readonly steps: number;
  /** Events of spiking populations: one a neuron and step, whatever its payload. */
  readonly spikes: number;
  /** Weights added for events, those of the input included. */
  readonly synapticOperations: number;
  /** Pipelined: the decision after each step. Otherwise empty. */
  readonly decisions: readonly number[];
}

export interface ReferenceOptions {
  /** Called after every step in which anything may have happened, with the step number from 0. */
  readonly onStep?: (step: number) => void;
  /** Check every membrane against its proven width in every step (`membrane-overflow`). Default false. */
  readonly checkMembranes?: boolean;
}

interface Route {
  readonly synapses: Synapses;
  readonly target: SpikingState;
}

/** One population in update order with where its events go. */
interface Stage {
  readonly state: SpikingState | PoolState;
  readonly phase: Phase | undefined;
  readonly routes: readonly Route[];
  readonly pools: readonly PoolState[];
}

/**
 * Prepares the time-stepped simulation of a verified network.
 *
 * @throws (from `run`, with `checkMembranes`) `membrane-overflow`: a membrane left its proven width.
 */
export function openReference(graph: SnnGraph, plan: SchedulePlan, options: ReferenceOptions = {}): ReferenceSimulator {
  const inputTracers = new Int32Array(graph.input.shape[0] * graph.input.shape[1] * graph.input.shape[2]);
  const states = openStates(graph, inputTracers);
  const phases = new Map(plan.phases.map((phase) => [phase.population, phase]));
  const outOf = (name: string) => ({ routes: routesOf(graph, name, states), pools: poolsOf(graph, name, states) });
  const input = outOf(graph.input.name);
  const stages = graph.populations.map(
    ({ name }): Stage => ({ state: states.get(name)!, phase: phases.get(name), ...outOf(name) }),
  );
  const readout = states.get(graph.readout.population) as SpikingState;
  const pipelined = plan.schedule === "pipelined";
  const none = emptyEvents(0);
  let operations = 0;

  const send = (events: EventList, { routes, pools }: Pick<Stage, "routes" | "pools">): void => {
    if (events.count === 0) return;
    for (const { synapses, target } of routes) {
      operations += synapses.deliver(target.membranes, events.addresses, events.payloads, events.count);
      target.receive();
    }
    for (const pool of pools) pool.receive(events);
  };
  /** Number of spikes of the step. */
  const step = (t: number): number => {
    let spikes = 0;
    for (const stage of stages) {
      const { state, phase } = stage;
      if (state instanceof PoolState) state.fire();
      else {
        if (options.checkMembranes) checkMembranes(state);
        const rule = phase?.rules[t - phase.firstStep];
        if (rule === undefined) state.events.count = 0;
        else {
          state.fire(rule);
          spikes += state.events.count;
          if (options.checkMembranes) checkMembranes(state);
        }
      }
      send(state.events, stage);
    }
    return spikes;
  };

  return {
    populations: new Map(
      [...states].map(([name, state]): [string, PopulationState] => [
        name,
        state instanceof PoolState ? { tracers: state.tracers, membranes: none.payloads, events: state.events } : state,
      ]),
    ),
    run(levels) {
      for (const state of states.values()) state.reset();
      inputTracers.set(levels);
      operations = 0;
      const { addresses, payloads } = encodeInput(graph, levels);
      send({ addresses, payloads, count: addresses.length }, input);
      let spikes = 0;
      let steps = 0;
      const decisions: number[] = [];
      while (steps < plan.steps) {
        const fired = step(steps);
        if (pipelined && fired === 0 && steps > 0) break;
        spikes += fired;
        if (pipelined) decisions.push(decide(readout.membranes));
        options.onStep?.(steps);
        steps++;
      }
      return { decision: decide(readout.membranes), steps, spikes, synapticOperations: operations, decisions };
    },
  };
}

function openStates(graph: SnnGraph, input: Int32Array): Map<string, SpikingState | PoolState> {
  const states = new Map<string, SpikingState | PoolState>();
  const shapes = new Map([
    [graph.input.name, graph.input.shape],
    ...graph.populations.map((p) => [p.name, p.shape] as const),
  ]);
  for (const population of graph.populations) {
    const { name } = population;
    if (population.kind === "spiking") states.set(name, new SpikingState(population));
    else {
      const { source } = population;
      states.set(name, new PoolState(population, shapes.get(source)!, states.get(source)?.tracers ?? input));
    }
  }
  return states;
}

function routesOf(
  graph: SnnGraph,
  source: string,
  states: ReadonlyMap<string, SpikingState | PoolState>,
): readonly Route[] {
  const shapeOf = (name: string) =>
    (name === graph.input.name ? graph.input : graph.populations.find((p) => p.name === name)!).shape;
  return graph.projections
    .filter((projection) => projection.source === source)
    .map((projection) => ({
      synapses: openSynapses({ ...projection, source: shapeOf(source), target: shapeOf(projection.target) }),
      target: states.get(projection.target) as SpikingState,
    }));
}

function poolsOf(
  graph: SnnGraph,
  source: string,
  states: ReadonlyMap<string, SpikingState | PoolState>,
): readonly PoolState[] {
  return graph.populations
    .filter((population) => population.kind === "pool" && population.source === source)
    .map((population) => states.get(population.name) as PoolState);
}

function checkMembranes({ name, membranes, membraneBits }: SpikingState): void {
  const limit = 2 ** (membraneBits - 1);
  for (let n = 0; n < membranes.length; n++) {
    const v = membranes[n]!;
    if (v >= -limit && v < limit) continue;
    throw failure(
      {
        code: "membrane-overflow",
        message: `Membrane ${n} of "${name}" left its proven width: ${v}, wanted ${membraneBits} bits`,
        place: { item: name },
        found: String(v),
        wanted: `${membraneBits} bits`,
      },
      "verification",
    );
  }
}
