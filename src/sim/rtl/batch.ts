import { type Design, portIndex } from "./design.js";
import { noPort, type Operation, operations } from "./operation.js";
import { WordList } from "./word-list.js";

/** Stands for an answer of a batch until the batch has run. */
export interface Answer<T> {
  readonly read: (words: Uint32Array, at: number) => { readonly value: T; readonly end: number };
  readonly index: number;
}

/** A stream of rows into ports with a handshake; absent ports: always valid, always ready. */
export interface Stream {
  readonly valid?: string;
  readonly ready?: string;
  readonly ports: readonly string[];
  /** Rows one after another: every port's words (`ceil(bits / 32)`, low first) in the order of `ports`. */
  readonly data: ArrayLike<number>;
  /** Most cycles that one row may take. */
  readonly limit?: number;
}

/** Events of the monitors in the order of time. */
export interface MonitorEvent {
  /** Cycle of the simulation, modulo 2^32. */
  readonly cycle: number;
  /** Number of the monitor, in the order of `monitor` calls on the machine. */
  readonly monitor: number;
  /** Words of the monitor's ports. */
  readonly words: Uint32Array;
}

export const defaultLimit = 1_000_000;

/**
 * Commands to a simulated design that run without a round trip in between. Every answer is read from the result of
 * `RtlMachine.run`. What each does stands in `hdl/harness/port_machine.h`.
 */
export class Batch {
  readonly #design: Design;
  readonly #words = new WordList();
  readonly #answers: Answer<unknown>[] = [];

  constructor(design: Design) {
    this.#design = design;
  }

  get words(): Uint32Array {
    return this.#words.words;
  }

  get answers(): readonly Answer<unknown>[] {
    return this.#answers;
  }

  /** Put a value on an input port. */
  set(port: string, value: number | bigint): void {
    const index = this.#operation("set", port);
    const count = this.#wordsOf(index);
    let rest = BigInt.asUintN(32 * count, BigInt(value));
    for (let i = 0; i < count; i++, rest >>= 32n) this.#words.push(Number(rest & 0xffffffffn));
  }

  /** Value of a port, unsigned; ports of more than 32 bits need `getWords`. */
  get(port: string): Answer<number> {
    this.#operation("get", port);
    return this.#answer((words, at) => ({ value: words[at]!, end: at + this.#wordsOf(portIndex(this.#design, port)) }));
  }

  /** Words of a port, low first. */
  getWords(port: string): Answer<Uint32Array> {
    const count = this.#wordsOf(this.#operation("get", port));
    return this.#answer((words, at) => ({ value: words.slice(at, at + count), end: at + count }));
  }

  /** Run `cycles` clock cycles. */
  step(cycles: number): void {
    this.#operation("step");
    this.#words.push64(cycles);
  }

  /** Run until the port has the value; `limit` cycles at most. */
  until(port: string, value: number, limit: number): Answer<{ readonly found: boolean; readonly cycles: number }> {
    this.#operation("until", port);
    this.#words.push(value);
    this.#words.push64(limit);
    return this.#answer((words, at) => ({
      value: { found: words[at] === 1, cycles: count64(words, at + 1) },
      end: at + 3,
    }));
  }

  /** Offer rows until each is taken; answers how many were. */
  feed(stream: Stream): Answer<number> {
    this.#operation("feed");
    this.#words.push(this.#optional(stream.valid));
    this.#words.push(this.#optional(stream.ready));
    this.#words.push64(stream.limit ?? defaultLimit);
    const width = this.#list(stream.ports);
    this.#rows(stream.data, width);
    return this.#answer((words, at) => ({ value: words[at]!, end: at + 1 }));
  }

  /** Offer rows and wait for the answer to each; answers the result ports' words of every row that was answered. */
  ask(stream: Stream, answered: string, results: readonly string[]): Answer<Uint32Array> {
    this.#operation("ask");
    this.#words.push(this.#optional(stream.valid));
    this.#words.push(this.#optional(stream.ready));
    this.#words.push(portIndex(this.#design, answered));
    this.#words.push64(stream.limit ?? defaultLimit);
    const width = this.#list(stream.ports);
    const resultWords = this.#list(results);
    this.#rows(stream.data, width);
    return this.#answer((words, at) => {
      const end = at + 1 + words[at]! * resultWords;
      return { value: words.slice(at + 1, end), end };
    });
  }

  /** From now on, record the ports in every cycle in which `valid` is not 0. */
  monitor(valid: string, ports: readonly string[]): void {
    this.#operation("monitor", valid);
    this.#list(ports);
  }

  /** Words of the events recorded since the last call: cycle, monitor, ports; see `splitEvents`. */
  events(): Answer<Uint32Array> {
    this.#operation("events");
    return this.#answer((words, at) => {
      const end = at + 1 + words[at]!;
      return { value: words.slice(at + 1, end), end };
    });
  }

  /** Clock cycles since the start. */
  cycles(): Answer<number> {
    this.#operation("cycles");
    return this.#answer((words, at) => ({ value: count64(words, at), end: at + 2 }));
  }

  /** Connect a serial port to the design: `rx` is its input, `tx` its output, `divider` cycles a bit. */
  serial(rx: string, tx: string, divider: number): void {
    this.#operation("serial");
    this.#words.push(divider);
    this.#words.push(portIndex(this.#design, rx));
    this.#words.push(portIndex(this.#design, tx));
  }

  /** Send bytes through the serial port, ten bits each, without a pause. */
  send(bytes: Uint8Array): void {
    this.#operation("send");
    this.#words.push(bytes.length);
    this.#words.append(bytes);
  }

  /** Run until `count` bytes have come from the serial port; `limit` cycles at most. */
  receive(count: number, limit: number): Answer<Uint8Array> {
    this.#operation("receive");
    this.#words.push(count);
    this.#words.push64(limit);
    return this.#answer((words, at) => {
      const end = at + 1 + words[at]!;
      return { value: Uint8Array.from(words.subarray(at + 1, end)), end };
    });
  }

  #operation(name: Operation, port?: string): number {
    this.#words.push(operations.indexOf(name));
    if (port === undefined) return -1;
    const index = portIndex(this.#design, port);
    this.#words.push(index);
    return index;
  }

  #optional(port: string | undefined): number {
    return port === undefined ? noPort : portIndex(this.#design, port);
  }

  /** Push a list of ports and return the words of one row. */
  #list(ports: readonly string[]): number {
    const indices = ports.map((port) => portIndex(this.#design, port));
    this.#words.push(indices.length);
    this.#words.append(indices);
    return indices.reduce((sum, index) => sum + this.#wordsOf(index), 0);
  }

  #rows(data: ArrayLike<number>, width: number): void {
    if (width === 0 || data.length % width !== 0) throw new Error(`${data.length} words are no rows of ${width}`);
    this.#words.push(data.length / width);
    this.#words.append(data);
  }

  #wordsOf(index: number): number {
    return Math.ceil(this.#design.ports[index]!.bits / 32);
  }

  #answer<T>(read: Answer<T>["read"]): Answer<T> {
    const answer = { read, index: this.#answers.length };
    this.#answers.push(answer);
    return answer;
  }
}

/** Split the words of `Batch.events`. `widths`: words of one event of each monitor, without cycle and number. */
export function splitEvents(words: Uint32Array, widths: readonly number[]): MonitorEvent[] {
  const events: MonitorEvent[] = [];
  for (let at = 0; at < words.length; ) {
    const monitor = words[at + 1]!;
    const end = at + 2 + widths[monitor]!;
    events.push({ cycle: words[at]!, monitor, words: words.subarray(at + 2, end) });
    at = end;
  }
  return events;
}

function count64(words: Uint32Array, at: number): number {
  return words[at]! + words[at + 1]! * 2 ** 32;
}
