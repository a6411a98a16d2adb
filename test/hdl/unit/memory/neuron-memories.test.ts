import { modulo, testUnit } from "../unit.js";

const wide = (value: bigint, bits: number): bigint => BigInt.asUintN(bits, value);
/** Parts of a word that have a memory of their own with dynamics: low bit, bits, cycles after the neuron's address. */
const parameterParts = [
  [48, 16, 1],
  [16, 16, 2],
  [0, 16, 3],
  [32, 16, 6],
] as const;

testUnit({
  module: "snn_neuron_memories",
  parameters: [
    { Dynamics: 0, ParameterBits: 20, StateBits: 17, ParameterAddressBits: 3, StateAddressBits: 4 },
    { Dynamics: 1, ParameterBits: 64, StateBits: 64, ParameterAddressBits: 3, StateAddressBits: 4 },
    { Dynamics: 1, Scatter: 1, ParameterBits: 64, StateBits: 64, ParameterAddressBits: 3, StateAddressBits: 4 },
  ],
  *cycles(
    { Dynamics = 0, Scatter = 0, ParameterBits = 0, StateBits = 0, ParameterAddressBits = 0, StateAddressBits = 0 },
    integer,
  ) {
    const any = (): bigint => (BigInt(integer(0, 2 ** 32 - 1)) << 32n) | BigInt(integer(0, 2 ** 32 - 1));
    const [parameterCount, stateCount] = [2 ** ParameterAddressBits, 2 ** StateAddressBits];
    const parameters = Array.from({ length: parameterCount }, () => wide(any(), ParameterBits));
    const states = Array.from({ length: stateCount }, () => wide(any(), StateBits));
    const silent = () => ({
      ...{ idle_i: 0, host_address_i: integer(0, 65535), host_data_i: any(), write_parameter_i: 0, write_state_i: 0 },
      ...{ start_i: 0, state_base_i: integer(0, stateCount - 1), pass_i: 0 },
      ...{ parameter_address_i: integer(0, parameterCount - 1), state_address_i: integer(0, stateCount - 1) },
      ...{ slow_i: 0, slow_rewinds_i: 0, learn_i: 0, learn_address_i: integer(0, stateCount - 1) },
      ...{ scatter_i: 0, scatter_current_i: integer(0, 65535) },
      ...{ done_i: 0, store_i: 0, rewinds_i: 0, state_i: any(), take_i: 0, value_i: integer(0, 255) },
    });
    const look = (n: number) => states[modulo(n, StateAddressBits)]!;
    const put = (n: number, value: bigint): void => {
      states[modulo(n, StateAddressBits)] = wide(value, StateBits);
    };

    // the host writes everything
    for (let n = 0; n < Math.max(parameterCount, stateCount); n++) {
      const host = { ...silent(), idle_i: 1, host_address_i: n };
      if (n < parameterCount)
        yield { inputs: { ...host, host_data_i: parameters[n]!, write_parameter_i: 1 }, outputs: {} };
      yield { inputs: { ...host, host_data_i: states[n]!, write_state_i: 1 }, outputs: {} };
    }
    for (let round = 0; round < 60; round++) {
      // it reads words, its address steady for two cycles
      for (let k = 0; k < 4; k++) {
        const n = integer(0, stateCount - 1);
        const host = () => ({ ...silent(), idle_i: 1, host_address_i: n });
        yield { inputs: host(), outputs: {} };
        yield { inputs: host(), outputs: {} };
        yield {
          inputs: host(),
          outputs: { parameter_o: parameters[n % parameterCount]!, state_o: look(n) },
        };
      }
      // values become states
      if (Dynamics) {
        const base = integer(0, stateCount - 1);
        yield { inputs: { ...silent(), idle_i: 1, start_i: 1, state_base_i: base }, outputs: {} };
        for (let k = 0, taken = 0; k < 6; k++) {
          const inputs = { ...silent(), take_i: integer(0, 1), state_base_i: base };
          if (inputs.take_i) put(base + taken++, BigInt(inputs.value_i) << 16n);
          yield { inputs, outputs: {} };
        }
        yield { inputs: silent(), outputs: {} };
      }
      // learning reads states
      for (let k = 0; k < 3; k++) {
        const n = integer(0, stateCount - 1);
        yield { inputs: { ...silent(), learn_i: 1, learn_address_i: n }, outputs: {} };
        yield { inputs: { ...silent(), learn_i: 1 }, outputs: { state_o: look(n) } };
        if (!Dynamics) continue;
        // or writes a synaptic current, where there is a core for that
        const inputs = { ...silent(), learn_i: 1, learn_address_i: n, scatter_i: 1 };
        if (Scatter) put(n, (look(n) & ~(0xffffn << 16n)) | (BigInt(inputs.scatter_current_i) << 16n));
        yield { inputs, outputs: {} };
      }
      // a pass over neurons in a row, sometimes from the first again; what it reads is what was there before it
      const base = integer(0, stateCount - 1);
      const count = integer(1, 8);
      const again = integer(1, count);
      const stores = integer(0, 1);
      const steps = Array.from({ length: count + 10 }, (_, n) => ({
        live: n < count,
        state: base + (n % again),
        rewinds: n < count && (n + 1) % again === 0,
        parameter: integer(0, parameterCount - 1),
        result: any(),
      }));
      const before = [...states];
      const wanted = (at: number, low: number, bits: number): bigint => wide(parameters[at]! >> BigInt(low), bits);
      yield { inputs: { ...silent(), start_i: 1, state_base_i: base, pass_i: 1 }, outputs: {} };
      // neuron n is at N0 in cycle n, its state is written in cycle n + done, after its last read
      const done = 8 + count;
      for (let cycle = 0; cycle < count + done + 1; cycle++) {
        const at = (late: number) => steps[cycle - late];
        const [now, slow, end] = [at(0), at(3), at(done)];
        const inputs = {
          ...silent(),
          ...{ pass_i: 1, state_base_i: base },
          ...(now && { parameter_address_i: now.parameter, state_address_i: modulo(now.state, StateAddressBits) }),
          ...{ slow_i: +(slow?.live ?? false), slow_rewinds_i: +(slow?.rewinds ?? false) },
          ...{ done_i: +(end?.live ?? false), store_i: +(end?.live ?? false) & stores },
          ...{ rewinds_i: +(end?.rewinds ?? false), state_i: wide(end?.result ?? 0n, StateBits) },
        };
        if (inputs.store_i) put(end!.state, end!.result);
        const outputs: Record<string, bigint> = {};
        const old = (n: number) => before[modulo(n, StateAddressBits)]!;
        if (!Dynamics) {
          if (at(1)?.live)
            Object.assign(outputs, { parameter_o: parameters[at(1)!.parameter]!, state_o: old(at(1)!.state) });
        } else {
          // each part is that of another neuron
          const latest = parameterParts.map(([low, bits, late]) => [low, bits, at(late)] as const);
          if (latest.every(([, , step]) => step?.live)) {
            const word = latest.reduce(
              (w, [low, bits, step]) => w | (wanted(step!.parameter, low, bits) << BigInt(low)),
              0n,
            );
            outputs["parameter_o"] = word;
          }
          const [fast, later] = [at(1), at(4)];
          if (fast?.live && later?.live) {
            const mask = ((1n << 27n) - 1n) << 32n;
            outputs["state_o"] = (old(fast.state) & ~mask) | (old(later.state) & mask);
          }
        }
        yield { inputs, outputs };
      }
    }
  },
  breaks: [
    ["idle_i ? host_parameter : parameter_address_i", "parameter_address_i"],
    ["learn_i ? learn_address_i : state_address_i", "state_address_i"],
    ["idle_i ? host_state : scatters", "scatters"],
    ["scatters ? learn_address_i : store_address", "store_address"],
    ["scatters ? scatter_current_i : state[31:16]", "scatter_current_i"],
    ["Scatter != 0 && scatter_i", "scatter_i"],
    ["start_i || rewinds_i", "start_i"],
    ["start_i || slow_rewinds_i", "start_i"],
    ["count_i(slow_i)", "count_i(1'b1)"],
    ["stored_q ? {40'd0, value_q, 16'd0} : state_i", "state_i"],
    ["done_i || stored_q", "done_i"],
    ["store_i || stored_q", "stored_q"],
    ["idle_i ? host_parameter : address1_q", "address1_q"],
    ["address3_q <= address2_q", "address3_q <= address1_q"],
    ["idle_i ? host_parameter : address4_q", "address4_q"],
    ["pass_i ? slow_address : state_address", "state_address"],
    [".rd_address_i(address1_q)", ".rd_address_i(parameter_address)"],
  ],
});
