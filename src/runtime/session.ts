import { encodeFrame, type Frame, FrameScanner } from "../arch/frame.js";
import { firstContentReason, headerBytes, reasons, refusal, replyBit, trailerBytes } from "../arch/packet.js";
import { failure } from "../support/diagnostic.js";
import type { Transport } from "../support/transport.js";

export interface SessionOptions {
  /** Bits a second of the line; only sets how long an answer may take. Default 1,000,000. */
  readonly baud?: number;
  /** How long an answer may take beyond the bytes' own time, milliseconds. Default 500. */
  readonly answerMs?: number;
  /** How often a request is sent again before giving up. Default 12. */
  readonly retries?: number;
}

/** Counts since the session was opened. */
export interface LinkStatistics {
  /** Answers that were damaged or missing, and requests that the other end could not read. */
  readonly linkErrors: number;
  /** Requests sent again. */
  readonly retries: number;
  readonly requests: number;
}

interface Waiting {
  readonly sequence: number;
  readonly operation: number;
  readonly resolve: (frame: Frame | undefined) => void;
}

/**
 * One request at a time over a line that may damage, lose or double bytes. A request is sent again, with the same
 * sequence number, until its answer came whole; the other end executes it once.
 */
export class Session {
  readonly #transport: Transport;
  readonly #scanner = new FrameScanner();
  readonly #baud: number;
  readonly #answerMs: number;
  readonly #most: number;
  #sequence = 0;
  #waiting: Waiting | undefined;
  #closed: Error | undefined;
  #linkErrors = 0;
  #retries = 0;
  #requests = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(transport: Transport, options: SessionOptions = {}) {
    this.#transport = transport;
    this.#baud = options.baud ?? 1_000_000;
    this.#answerMs = options.answerMs ?? 500;
    this.#most = options.retries ?? 12;
    transport.onBytes((bytes) => this.#receive(bytes));
    transport.onClose((reason) => {
      this.#closed = vanished(transport.name, reason);
      this.#waiting?.resolve(undefined);
    });
  }

  get statistics(): LinkStatistics {
    return { linkErrors: this.#linkErrors, retries: this.#retries, requests: this.#requests };
  }

  /**
   * Sends a request and returns the payload of its answer.
   *
   * @param answerBytes Payload expected, for the time that it takes on the line.
   * @param workMs How long the other end may work before it answers. Default 0.
   * @throws `link-refused` when the other end refuses the content, `link-silent` after all retries, `port-vanished`.
   */
  request(operation: number, payload: Uint8Array, answerBytes = 0, workMs = 0): Promise<Uint8Array> {
    const next = this.#last.then(() => this.#request(operation, payload, answerBytes, workMs));
    this.#last = next.catch(() => {});
    return next;
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #request(operation: number, payload: Uint8Array, answerBytes: number, workMs: number): Promise<Uint8Array> {
    this.#requests++;
    this.#sequence = (this.#sequence + 1) & 0xff;
    const frame = encodeFrame({ sequence: this.#sequence, operation, payload });
    const bytes = frame.length + answerBytes + headerBytes + trailerBytes;
    const limitMs = this.#answerMs + workMs + (bytes * 10_000 * 1.5) / this.#baud;
    let complaint = "";
    for (let attempt = 0; attempt <= this.#most; attempt++) {
      if (attempt > 0) this.#retries++;
      const answer = await this.#exchange(frame, operation, limitMs);
      if (this.#closed) throw this.#closed;
      if (!answer) {
        this.#linkErrors++;
        continue;
      }
      if (answer.operation !== refusal) return answer.payload;
      const code = answer.payload[0] ?? 0;
      if (code >= firstContentReason) throw refused(this.#transport.name, code);
      complaint = reasonText(code);
      this.#linkErrors++;
    }
    throw silent(this.#transport.name, this.#most, complaint);
  }

  async #exchange(frame: Uint8Array, operation: number, limitMs: number): Promise<Frame | undefined> {
    const answer = new Promise<Frame | undefined>((resolve) => {
      const timer = setTimeout(() => settle(undefined), limitMs);
      const settle = (found: Frame | undefined): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve(found);
      };
      this.#waiting = { sequence: this.#sequence, operation, resolve: settle };
    });
    try {
      await this.#transport.send(frame);
    } catch (error) {
      this.#closed ??= vanished(this.#transport.name, error as Error);
      this.#waiting?.resolve(undefined);
    }
    const found = await answer;
    // What is still under way for this request would be half a frame in front of the next answer.
    if (!found) this.#scanner.giveUp();
    return found;
  }

  #receive(bytes: Uint8Array): void {
    for (const frame of this.#scanner.push(bytes)) {
      const waiting = this.#waiting;
      if (!waiting) continue;
      const isAnswer = frame.sequence === waiting.sequence && frame.operation === (waiting.operation | replyBit);
      // A complaint about a damaged frame carries the number of the last good one, so it counts whatever its number is.
      if (isAnswer || frame.operation === refusal) waiting.resolve(frame);
    }
  }
}

function reasonText(code: number): string {
  return Object.values(reasons).find((reason) => reason.code === code)?.meaning ?? `reason ${code}`;
}

function refused(port: string, code: number): Error {
  const meaning = reasonText(code);
  return failure(
    {
      code: "link-refused",
      message: `Cannot talk to the core at "${port}": it refuses the request: ${meaning}`,
      place: { item: port },
      found: meaning,
      hint: "Load the network again (spikewright load); if it persists, configure the FPGA again (spikewright flash)",
    },
    "device",
  );
}

function silent(port: string, retries: number, complaint: string): Error {
  const found = complaint === "" ? "no answer" : `only complaints (${complaint})`;
  return failure(
    {
      code: "link-silent",
      message: `Cannot talk to a core at "${port}": ${found} after ${retries} retries, wanted an answer to every request`,
      place: { item: port },
      found,
      hint: "Check that the FPGA is configured (spikewright flash), that this is the board's UART and not its programming port, and the baud rate",
    },
    "device",
  );
}

function vanished(port: string, reason?: Error): Error {
  return failure(
    {
      code: "port-vanished",
      message: `Lost the port "${port}"${reason ? `: ${reason.message}` : ""}`,
      place: { item: port },
      hint: "Plug the board in again and repeat the command",
    },
    "device",
  );
}
