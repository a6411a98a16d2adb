/** Control and status registers: memory select `registers`, 32 bits each. */
export interface ControlRegister {
  readonly name: string;
  readonly address: number;
  readonly access: "read" | "read-write" | "write";
  readonly meaning: string;
}

export const controlRegisters: readonly ControlRegister[] = [
  {
    name: "identity",
    address: 0,
    access: "read",
    meaning: '0x53504b31: "SPK1", protocol version in the last character',
  },
  {
    name: "config0",
    address: 1,
    access: "read",
    meaning: "lanes [7:0], weightBits [15:8], accumulatorBits [23:16], membraneBits [31:24]",
  },
  {
    name: "config1",
    address: 2,
    access: "read",
    meaning:
      "thresholdBits [7:0], quotientBits [15:8], indexBits [23:16], technology [28:24] (0 generic, 1 ice40up, 2 ice40hx), dynamics [29], learning [31:30]",
  },
  {
    name: "config2",
    address: 3,
    access: "read",
    meaning:
      "log2 of depths: weights [3:0], list [7:4], pointers [11:8], parameters [15:12], state [19:16], program [23:20], link buffer bytes [27:24]; scatter [28]",
  },
  {
    name: "hash",
    address: 4,
    access: "read-write",
    meaning: "hash of the loaded program, as the host wrote it; 0 after configuration",
  },
  { name: "control", address: 5, access: "write", meaning: "bit 0: restart the program at 0; bit 1: stop" },
  {
    name: "status",
    address: 6,
    access: "read",
    meaning:
      "state [3:0] (0 stopped, 1 waiting for input, 2 running, 3 fault, 4 break), fault [7:4] (1 illegal instruction, 2 watchdog), program counter [25:16]",
  },
  {
    name: "cycles",
    address: 7,
    access: "read",
    meaning: "clock cycles of the last sample, from the last input value to done",
  },
  { name: "operations", address: 8, access: "read", meaning: "synaptic operations of the last sample: weights added" },
  { name: "spikes", address: 9, access: "read", meaning: "list entries written by passes of the last sample" },
  {
    name: "stalls",
    address: 10,
    access: "read",
    meaning: "cycles of the last sample in which a pass ran and no list entry was read",
  },
  {
    name: "decision",
    address: 11,
    access: "read",
    meaning: "index of the largest membrane of the last argmax pass; ties to the lowest",
  },
  {
    name: "watchdog",
    address: 12,
    access: "read-write",
    meaning: "cycles after which a running sample is stopped with a fault; 0: never",
  },
  { name: "break", address: 13, access: "read-write", meaning: "stop after this many passes of a sample; 0: never" },
  {
    name: "input",
    address: 14,
    access: "read",
    meaning: "input values that the program waits for; 0 when it does not wait",
  },
  { name: "best", address: 15, access: "read", meaning: "membrane potential of the decision, sign-extended" },
];
