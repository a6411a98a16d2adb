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
  /** Time without any sign of life after which a request is sent again, ms, beyond the time of the bytes. Default 250. */
  readonly timeoutMs?: number;
  /** Requests sent in vain to a device that says nothing before giving up. Default 4. */
  readonly silentAttempts?: number;
  /** Times that one request may be sent to a device that answers, before giving up. Default 50. */
  readonly attempts?: number;
}

/** What happened on the link since it was opened. */
export interface LinkStatistics {
  /** Requests answered. */
  readonly requests: number;
  /** Requests sent again. */
  readonly retries: number;
  /** Faults of transmission: damaged replies, requests that the device called damaged, replies that did not come. */
  readonly linkErrors: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

interface Request {
  readonly operation: Operation;
  readonly payload: Uint8Array;
  readonly overlap: boolean;
  readonly extraMs: number;
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
 * given up after bounded time. Requests that may be executed twice in any order (`overlap`) share the ring of the
 * device; others go one at a time.
 */
export class Exchange {
  readonly transport: Transport;
  readonly #options: Required<ExchangeOptions>;
  readonly #scanner = new FrameScanner();
  readonly #waiting: Request[] = [];
  readonly #underWay: Request[] = [];
  #room = 0;
  #overlaps = 1;
  #sequence: number;
  #silent = 0;
  #heard = 0;
  #timer: NodeJS.Timeout | undefined;
  #over: SpikewrightError | undefined;
  readonly #counts = { requests: 0, retries: 0, linkErrors: 0, bytesSent: 0, bytesReceived: 0 };

  /** @param sequence First sequence number; differs from session to session so that stale replies are not mistaken. */
  constructor(transport: Transport, sequence: number, options: ExchangeOptions = {}) {
    this.transport = transport;
    this.#options = { timeoutMs: 250, silentAttempts: 4, attempts: 50, ...options };
    this.#sequence = sequence & 0xff;
    transport.onReceive((bytes) => this.#receive(bytes));
    transport.onLost((reason) => this.#end(reason));
  }

  get statistics(): LinkStatistics {
    return { ...this.#counts };
  }

  /** Lets requests that may overlap share `bytes` of the device's ring. */
  shareRing(bytes: number): void {
    this.#room = bytes;
    this.#overlaps = 2;
  }

  /**
   * Sends a request until it is answered.
   *
   * @param overlap It may be executed twice, and in another order than sent.
   * @param extraMs Time that the device may take to execute it.
   * @returns Payload of the reply.
   * @throws SpikewrightError `link-refused`, `device-silent`, `device-nonsense`, `link-noise`, `device-lost`.
   */
  request(operation: Operation, payload: Uint8Array, overlap = false, extraMs = 0): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#over) return reject(this.#over);
      const bytes = new Uint8Array(0);
      this.#waiting.push({
        operation,
        payload,
        overlap,
        extraMs,
        resolve,
        reject,
        sequence: 0,
        bytes,
        attempts: 0,
      });
      this.#pump();
    });
  }

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
    if (!next.overlap || !this.#underWay.every((request) => request.overlap)) return false;
    const stored = [...this.#underWay, next].reduce((sum, r) => sum + r.payload.length + storedHeaderBytes, 0);
    return stored <= this.#room || count < this.#overlaps;
  }

  #send(request: Request): void {
    request.attempts++;
    this.#counts.bytesSent += request.bytes.length;
    this.#arm();
    this.transport.send(request.bytes).catch((reason: SpikewrightError) => this.#end(reason));
  }

  /** Sends again whatever is not answered. */
  #repeat(): void {
    this.#counts.linkErrors++;
    for (const request of [...this.#underWay]) {
      if (request.attempts >= this.#options.attempts) {
        this.#settle(request).reject(tooNoisy(this.transport.name, request.attempts));
        continue;
      }
      this.#counts.retries++;
      this.#send(request);
    }
    this.#pump();
  }

  #receive(bytes: Uint8Array): void {
    this.#counts.bytesReceived += bytes.length;
    this.#heard += bytes.length;
    const damaged = this.#scanner.damaged;
    for (const frame of this.#scanner.push(bytes)) this.#take(frame);
    if (this.#underWay.length > 0) this.#arm(this.#scanner.damaged > damaged ? damageMs : undefined);
  }

  #take(frame: Frame): void {
    const reason = frame.operation === refusal ? (frame.payload[0] ?? 0) : 0;
    this.#silent = 0;
    if (frame.operation === refusal && reason < firstContentReason) {
      // the transmission failed, and all frames before it have been answered
      if (reason === reasons.overflow.code) this.#overlaps = 1;
      if (this.#underWay.length > 0) this.#repeat();
      return;
    }
    const request = this.#underWay.find((r) => r.sequence === frame.sequence);
    if (!request) return;
    if (frame.operation === refusal) {
      this.#settle(request).reject(refusedBy(this.transport.name, request.operation, reason));
    } else if (frame.operation === (request.operation.code | replyBit)) {
      this.#counts.requests++;
      this.#settle(request).resolve(frame.payload);
    }
    this.#pump();
  }

  #settle(request: Request): Request {
    this.#underWay.splice(this.#underWay.indexOf(request), 1);
    if (this.#underWay.length === 0) clearTimeout(this.#timer);
    return request;
  }

  /** Waits for the next sign of life: `quickMs` when a reply has come damaged. */
  #arm(quickMs?: number): void {
    clearTimeout(this.#timer);
    const bits = this.#underWay.reduce((sum, r) => sum + 10 * (r.bytes.length + headerBytes + trailerBytes), 0);
    const lineMs = this.transport.baud ? (1000 * bits) / this.transport.baud : 0;
    const extraMs = this.#underWay.reduce((sum, r) => sum + r.extraMs, 0);
    const ms = quickMs ?? this.#options.timeoutMs + 2 * lineMs + extraMs;
    this.#timer = setTimeout(() => this.#expire(), ms);
  }

  #expire(): void {
    for (const frame of this.#scanner.giveUp()) this.#take(frame);
    if (this.#underWay.length === 0) return;
    this.#silent++;
    if (this.#silent < this.#options.silentAttempts) return this.#repeat();
    const { name } = this.transport;
    const reason =
      this.#heard > 0 && this.#counts.requests === 0 ? nonsenseFrom(name, this.#heard) : silentDevice(name);
    this.#heard = 0;
    this.#silent = 0;
    for (const request of [...this.#underWay, ...this.#waiting.splice(0)]) {
      if (this.#underWay.includes(request)) this.#settle(request);
      request.reject(reason);
    }
  }

  #end(reason: SpikewrightError): void {
    if (this.#over) return;
    this.#over = reason;
    clearTimeout(this.#timer);
    for (const request of [...this.#underWay.splice(0), ...this.#waiting.splice(0)]) request.reject(reason);
  }
}
