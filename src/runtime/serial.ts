import { failure, type SpikewrightError } from "../support/diagnostic.js";
import type { Transport } from "../support/transport.js";
import { lostDevice } from "./link-failure.js";

/** Rates that `openSerial` takes. */
const slowestBaud = 9600;
const fastestBaud = 12_000_000;

/**
 * Opens a serial port. Lines for handshake are left alone, except that opening a port raises DTR and RTS as the
 * operating system does; pseudo-terminals have neither and ignore the rate.
 *
 * @param path Such as `/dev/ttyUSB1`, `/dev/cu.usbserial-1`, `COM3`.
 * @param baud Bits a second, that of the core's UART.
 * @throws SpikewrightError `baud-range`, `serialport-missing`, `port-missing`, `port-busy`, `port-not-permitted`, `port-unusable`.
 */
export async function openSerial(path: string, baud: number): Promise<Transport> {
  if (!Number.isInteger(baud) || baud < slowestBaud || baud > fastestBaud) throw badBaud(path, baud);
  const { SerialPort } = await loadSerialPort();
  // without HUPCL the board is not reset when the port is closed
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, hupcl: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(openFailure(path, error.message)) : resolve()));
  });
  return new SerialTransport(path, baud, port);
}

type Port = InstanceType<Awaited<ReturnType<typeof loadSerialPort>>["SerialPort"]>;

class SerialTransport implements Transport {
  readonly name: string;
  readonly baud: number;
  readonly #port: Port;
  #closing = false;
  #lost: SpikewrightError | undefined;
  #onLost: ((reason: SpikewrightError) => void) | undefined;
  #onReceive: ((bytes: Uint8Array) => void) | undefined;

  constructor(name: string, baud: number, port: Port) {
    this.name = name;
    this.baud = baud;
    this.#port = port;
    // a port that nobody reads does not notice that its other end has gone
    port.on("data", (bytes: Uint8Array) => this.#onReceive?.(bytes));
    port.on("close", (reason?: Error) => this.#lose(reason?.message ?? "the port was closed"));
    port.on("error", (reason: Error) => this.#lose(reason.message));
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(this.#lost);
        return;
      }
      this.#port.write(bytes, (error) => (error ? reject(lostDevice(this.name, error.message)) : resolve()));
    });
  }

  onReceive(listener: (bytes: Uint8Array) => void): void {
    this.#onReceive = listener;
  }

  onLost(listener: (reason: SpikewrightError) => void): void {
    this.#onLost = listener;
    if (this.#lost) listener(this.#lost);
  }

  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      if (this.#port.isOpen) this.#port.close(() => resolve());
      else resolve();
    });
  }

  #lose(why: string): void {
    if (this.#closing || this.#lost) return;
    this.#lost = lostDevice(this.name, why);
    this.#onLost?.(this.#lost);
  }
}

/** The package is native code; it is loaded only when a port is opened. */
async function loadSerialPort() {
  try {
    return await import("serialport");
  } catch (cause) {
    throw failure(
      {
        code: "serialport-missing",
        message: `Cannot use serial ports: package "serialport" does not load, ${(cause as Error).message.split("\n")[0]}`,
        hint: "Run: npm install serialport",
      },
      "device",
    );
  }
}

function badBaud(path: string, baud: number): SpikewrightError {
  return failure({
    code: "baud-range",
    message: `Cannot open port "${path}" at ${baud} baud: wanted an integer ${slowestBaud}..${fastestBaud}`,
    place: { item: path },
    found: String(baud),
    wanted: `${slowestBaud}..${fastestBaud}`,
  });
}

const openFailures: readonly {
  readonly match: RegExp;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}[] = [
  {
    match: /cannot lock|temporarily unavailable|resource busy|ebusy|access denied/i,
    code: "port-busy",
    what: "another program uses it",
    hint: "Close the other program (a serial monitor, another run) and try again",
  },
  {
    match: /permission|eacces|eperm/i,
    code: "port-not-permitted",
    what: "permission denied",
    hint: "Run: sudo usermod -aG dialout $USER (then log in again)",
  },
  {
    match: /no such (file|device)|enoent|enxio|enodev|not found/i,
    code: "port-missing",
    what: "there is no such port",
    hint: "List the connected boards with: spikewright devices",
  },
];

function openFailure(path: string, text: string): SpikewrightError {
  const known = openFailures.find(({ match }) => match.test(text));
  return failure(
    {
      code: known?.code ?? "port-unusable",
      message: `Cannot open port "${path}": ${known?.what ?? text}`,
      place: { item: path },
      found: text,
      wanted: "a free serial port",
      hint: known?.hint ?? "Check that it is a serial port",
    },
    "device",
  );
}
