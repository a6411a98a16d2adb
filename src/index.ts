/** The public functions: one a verb of the command line, with the same result object. */

export type { Engine, SampleResult } from "./arch/device.js";
export type { DynamicsState, NeuronDynamics, PopulationDynamics } from "./arch/dynamics/neuron.js";
export type { PlasticityRule, PostRule, PreRule } from "./arch/dynamics/plasticity.js";
export type { TraceRule } from "./arch/dynamics/trace.js";
export { probe, type RecordedSpike, recordRaster } from "./sim/dynamics/recording.js";
export { type DynamicsOptions, type DynamicsSimulator, openDynamics } from "./sim/dynamics/simulator.js";
export { type EncoderOptions, latency, rateRandom, rateRegular } from "./snn/builder/encoders.js";
export type { Decay, NeuronModel, PerNeuron } from "./snn/builder/model.js";
export { type ConnectOptions, type NetworkBuilder, type NetworkSettings, network } from "./snn/builder/network.js";
export { alif, cubaLif, type IfOptions, ifNeuron, li, lif, withDynamics } from "./snn/builder/presets.js";
export { type QuantisedWeights, quantisePotential, quantiseWeights } from "./snn/builder/quantise.js";
export { convolution, dense, oneToOne, sparse } from "./snn/builder/synapses.js";
export { DeltaEncoder } from "./snn/dynamics/delta.js";
export { encodeSample, type SampleEncoding } from "./snn/dynamics/encoding.js";
export { type DynamicsNetwork, readDynamics, writeDynamics } from "./snn/dynamics/file/file.js";
export type {
  DynamicsGraph,
  DynamicsInput,
  DynamicsPopulation,
  DynamicsProjection,
  Eligibility,
  Plasticity,
  SynapseMatrix,
} from "./snn/dynamics/graph.js";
export { printDynamicsGraph } from "./snn/dynamics/print.js";
export { type SampleLayout, sampleLayout } from "./snn/dynamics/sample.js";
export { verifyDynamicsGraph } from "./snn/dynamics/verify/verify.js";
export { type Network, readNetwork, writeNetwork } from "./snn/file.js";
export { type Diagnostic, SpikewrightError } from "./support/diagnostic.js";
export { type DemoOptions, type DemoResult, demo } from "./verbs/demo.js";
export { type BoardsResult, boards } from "./verbs/hardware/boards.js";
export { type BuildCoreOptions, type BuildCoreResult, buildCore as build } from "./verbs/hardware/build.js";
export { type DevicesResult, devices } from "./verbs/hardware/devices.js";
export { type DoctorResult, doctor } from "./verbs/hardware/doctor/doctor.js";
export { DynamicsBoard } from "./verbs/hardware/dynamics-board.js";
export { type FlashOptions, flash } from "./verbs/hardware/flash.js";
export { type LoadOptions, type LoadResult, load } from "./verbs/hardware/load-network.js";
export { type RunOptions, type RunResult, run } from "./verbs/hardware/run.js";
export { type VirtualOptions, type VirtualResult, virtual } from "./verbs/hardware/virtual.js";
export { type CheckOptions, type CheckResult, check } from "./verbs/model/check.js";
export { type ConvertOptions, type ConvertResult, convert } from "./verbs/model/convert.js";
export { type InspectResult, inspect } from "./verbs/model/inspect.js";
export {
  type EvaluateNetworkOptions,
  evaluateNetwork,
  type SpikingAccuracyResult,
} from "./verbs/network/evaluate-network.js";
export { report } from "./verbs/network/report.js";
export { type SimulateOptions, type SimulateResult, simulate } from "./verbs/network/simulate.js";
export { type VerifyOptions, type VerifyResult, verify } from "./verbs/network/verify.js";
export { type ImportNirOptions, type ImportNirResult, importNir } from "./verbs/nir/core/import-nir.js";
