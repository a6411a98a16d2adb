import { encodeFrame, type Frame, FrameScanner } from "../arch/frame.js";
import {
  firstContentReason,
  headerBytes,
  type Operation,
  reasons,
  refusal,
  replyBit,
  storedHeaderBytes,
  trailerBytes,
} from "../arch/packet.js";
import type { SpikewrightError } from "../support/diagnostic.js";
import type { Transport } from "../support/transport.js";
import { lostDevice, nonsenseFrom, refusedBy, silentDevice, tooNoisy } from "./link-failure.js";

export interface ExchangeOptions {
  /** How long a reply may take beyond the time of the bytes and of the work, ms. Default 250. */
  readonly timeoutMs?: number;
  /** Times that a request is sent to a device that says nothing. Default 4. */
  readonly silentAttempts?: number;
  /** Times that one request is sent to a device that answers. Default 50. */
  readonly attempts?: number;
}

/** What happened on the link since it was opened. */
export interface LinkStatistics {
  /** Requests answered. */
  readonly requests: number;
  /** Requests sent again. */
  readonly retries: number;
  /** Faults of transmission: replies damaged or missing, requests that the device could not read. */
  readonly linkErrors: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** What is known about a request beyond its bytes. */
export interface RequestHints {
  /** It may be executed twice, and in another order than sent. Default false. */
  readonly overlap?: boolean;
  /** Payload of the reply. Default 0. */
  readonly replyBytes?: number;
  /** How long the device may work before it replies, ms. Default 0. */
  readonly workMs?: number;
}

interface Request {
  readonly operation: Operation;
  readonly payload: Uint8Array;
  readonly hints: Required<RequestHints>;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (reason: SpikewrightError) => void;
  sequence: number;
  bytes: Uint8Array;
  attempts: number;
}

/** Silence after damaged bytes that ends the wait for a reply, ms: longer than a USB bridge holds bytes back. */
const damageMs = 40;

/**
 * Requests and replies over a transport that may damage, lose and make up bytes. Every request is answered, refused, or
 * given up after bounded time. Requests that may overlap share the ring of the device; others go one at a time, and a
 * repetition of one is recognised by the device as long as nothing else was sent in between.
 */
export class Exchange {
  readonly transport: Transport;
  readonly #options: Required<ExchangeOptions>;
  readonly #scanner = new FrameScanner();
  readonly #waiting: Request[] = [];
  readonly #underWay: Request[] = [];
  #room = 0;
  #overlaps = 1;
  #sequence = 0;
  /** Waits in vain since the last reply. */
  #silences = 0;
  #understood = false;
  #patience: NodeJS.Timeout | undefined;
  #damage: NodeJS.Timeout | undefined;
  #over: SpikewrightError | undefined;
  readonly #counts = { requests: 0, retries: 0, linkErrors: 0, bytesSent: 0, bytesReceived: 0 };

  constructor(transport: Transport, options: ExchangeOptions = {}) {
    this.transport = transport;
    this.#options = { timeoutMs: 250, silentAttempts: 4, attempts: 50, ...options };
    transport.onReceive((bytes) => this.#receive(bytes));
    transport.onLost((reason) => this.#end(reason));
  }

  get statistics(): LinkStatistics {
    return { ...this.#counts };
  }

  /**
   * Lets two requests that may overlap be under way at once, and more while they fit `ringBytes` of the device together.
   * Two may not fit; the device has mostly executed the first when the second comes, and otherwise says so once.
   */
  shareRing(ringBytes: number): void {
    this.#room = ringBytes;
    this.#overlaps = 2;
  }

  /**
   * Sends a request until it is answered.
   *
   * @returns Payload of the reply.
   * @throws SpikewrightError `link-refused`, `device-silent`, `device-nonsense`, `link-noise`, `device-lost`.
   */
  request(operation: Operation, payload: Uint8Array, hints: RequestHints = {}): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#over) {
        reject(this.#over);
        return;
      }
      const full = { overlap: false, replyBytes: 0, workMs: 0, ...hints };
      const bytes = new Uint8Array(0);
      this.#waiting.push({ operation, payload, hints: full, resolve, reject, sequence: 0, bytes, attempts: 0 });
      this.#pump();
    });
  }

  /** Ends the session; requests under way fail with `device-lost`. */
  async close(): Promise<void> {
    this.#end(lostDevice(this.transport.name, "it was closed"));
    await this.transport.close();
  }

  /** Sends what may be sent. */
  #pump(): void {
    for (;;) {
      const next = this.#waiting[0];
      if (!next || !this.#mayFollow(next)) return;
      this.#waiting.shift();
      this.#underWay.push(next);
      this.#sequence = (this.#sequence + 1) & 0xff;
      next.sequence = this.#sequence;
      next.bytes = encodeFrame({ sequence: next.sequence, operation: next.operation.code, payload: next.payload });
      this.#send(next);
    }
  }

  #mayFollow(next: Request): boolean {
    const count = this.#underWay.length;
    if (count === 0) return true;
    if (!next.hints.overlap || !this.#underWay.every((request) => request.hints.overlap)) return false;
    const stored = [...this.#underWay, next].reduce((sum, r) => sum + r.payload.length + storedHeaderBytes, 0);
    return stored <= this.#room || count < this.#overlaps;
  }

  #send(request: Request): void {
    request.attempts++;
    this.#counts.bytesSent += request.bytes.length;
    this.#bePatient();
    this.transport.send(request.bytes).catch((reason: SpikewrightError) => this.#end(reason));
  }

  /** Sends again whatever is not answered. */
  #repeat(): void {
    clearTimeout(this.#damage);
    this.#counts.linkErrors++;
    for (const request of [...this.#underWay]) {
      if (request.attempts >= this.#options.attempts) {
        this.#drop(request);
        request.reject(this.#understood ? tooNoisy(this.transport.name, request.attempts) : this.#mute());
      } else {
        this.#counts.retries++;
        this.#send(request);
      }
    }
    this.#pump();
  }

  #receive(bytes: Uint8Array): void {
    this.#counts.bytesReceived += bytes.length;
    for (const frame of this.#scanner.push(bytes)) this.#take(frame);
    clearTimeout(this.#damage);
    if (this.#scanner.damaged && this.#underWay.length > 0) {
      this.#damage = setTimeout(() => {
        for (const frame of this.#scanner.giveUp()) this.#take(frame);
        if (this.#underWay.length > 0) this.#repeat();
      }, damageMs);
    }
  }

  #take(frame: Frame): void {
    // without the bit it is an echo of what was sent
    if ((frame.operation & replyBit) === 0) return;
    this.#silences = 0;
    this.#understood = true;
    const reason = frame.operation === refusal ? (frame.payload[0] ?? 0) : 0;
    if (frame.operation === refusal && reason < firstContentReason) {
      // a transmission failed, and everything that came whole before it has been answered
      if (reason === reasons.overflow.code) this.#overlaps = 1;
      if (this.#underWay.length > 0) this.#repeat();
      return;
    }
    const request = this.#underWay.find((r) => r.sequence === frame.sequence);
    if (request && frame.operation === refusal) {
      this.#drop(request);
      request.reject(refusedBy(this.transport.name, request.operation, reason));
    } else if (request && isReply(frame, request)) {
      this.#drop(request);
      this.#counts.requests++;
      request.resolve(frame.payload);
    }
    this.#pump();
  }

  #drop(request: Request): void {
    this.#underWay.splice(this.#underWay.indexOf(request), 1);
    if (this.#underWay.length > 0) {
      this.#bePatient();
    } else {
      clearTimeout(this.#patience);
      clearTimeout(this.#damage);
    }
  }

  /** Waits, from now on, as long as everything under way may take. */
  #bePatient(): void {
    clearTimeout(this.#patience);
    const frame = headerBytes + trailerBytes;
    const bytes = this.#underWay.reduce((sum, r) => sum + r.bytes.length + frame + r.hints.replyBytes, 0);
    const lineMs = this.transport.baud ? (10_000 * bytes) / this.transport.baud : 0;
    const workMs = this.#underWay.reduce((sum, r) => sum + r.hints.workMs, 0);
    this.#patience = setTimeout(() => this.#runOut(), this.#options.timeoutMs + 1.5 * lineMs + workMs);
  }

  #runOut(): void {
    for (const frame of this.#scanner.giveUp()) this.#take(frame);
    if (this.#underWay.length === 0) return;
    this.#silences++;
    if (this.#silences < this.#options.silentAttempts) {
      this.#repeat();
      return;
    }
    this.#silences = 0;
    this.#counts.linkErrors++;
    this.#fail(this.#mute());
  }

  /** Why nothing can be understood. */
  #mute(): SpikewrightError {
    const { bytesReceived } = this.#counts;
    const { name } = this.transport;
    return bytesReceived > 0 && !this.#understood ? nonsenseFrom(name, bytesReceived) : silentDevice(name);
  }

  #end(reason: SpikewrightError): void {
    if (this.#over) return;
    this.#over = reason;
    this.#fail(reason);
  }

  #fail(reason: SpikewrightError): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#damage);
    for (const request of [...this.#underWay.splice(0), ...this.#waiting.splice(0)]) request.reject(reason);
  }
}

/** A late reply to a session before this one may have the sequence and the operation, but hardly the length too. */
function isReply(frame: Frame, { operation, hints }: Request): boolean {
  return frame.operation === (operation.code | replyBit) && frame.payload.length === hints.replyBytes;
}
