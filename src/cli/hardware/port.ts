import type { Command } from "commander";
import { devices } from "../../verbs/hardware/devices.js";
import { load } from "../../verbs/hardware/load-network.js";
import type { PortOptions } from "../../verbs/hardware/open-board.js";
import { run } from "../../verbs/hardware/run.js";
import { integerOption } from "../globals.js";
import { renderAccuracy } from "../network/evaluate.js";
import { scheduleOption } from "../network/verify.js";
import { type DataFlags, dataOptionsOf, withDataOptions, withScaleOptions } from "../network-options.js";
import { table } from "../table.js";
import { addVerb } from "../verb.js";

interface PortFlags {
  readonly port: string;
  readonly board?: string;
  readonly baud?: string;
  readonly schedule?: string;
  readonly force?: boolean;
}

function withPortOptions(command: Command): Command {
  return command
    .requiredOption("--port <path>", "serial port (spikewright devices), or what `spikewright virtual` printed")
    .option("--board <name>", "take the UART rate of this board")
    .option("--baud <rate>", "UART rate (default 1000000)")
    .option("--schedule <graded|radix|unary|pipelined>", "default: as converted");
}

function portOptionsOf(flags: PortFlags): PortOptions {
  return {
    port: flags.port,
    ...(flags.board === undefined ? {} : { board: flags.board }),
    ...(flags.baud === undefined ? {} : { baud: integerOption("--baud", flags.baud, 9600, 12_000_000) }),
    ...(flags.schedule === undefined ? {} : { schedule: scheduleOption(flags.schedule) }),
  };
}

export function registerDevices(program: Command): void {
  addVerb(
    program,
    "devices",
    "list connected serial ports and the boards they may belong to",
    "spikewright devices",
    (command) => command,
    () => devices(),
    (result, terminal) => {
      if (result.devices.length === 0)
        return terminal.line("no serial port found: plug in a board, or start `spikewright virtual`");
      const rows = result.devices.map((d) => [
        d.path,
        d.vendorId ? `${d.vendorId}:${d.productId}` : "",
        d.product ?? "",
        d.boards.join(", "),
      ]);
      for (const text of table(["port", "usb", "product", "may be"], rows)) terminal.line(text);
    },
  );
}

export function registerLoad(program: Command): void {
  addVerb(
    program,
    "load <network>",
    "load a network into a running core",
    "spikewright load net.spk --port /dev/ttyUSB1",
    (command) => withPortOptions(command).option("--force", "write even if the core holds it already"),
    (context, _terminal, _command, network: string, flags: PortFlags) =>
      load(network, { ...portOptionsOf(flags), force: flags.force === true }, context),
    (result, terminal) => {
      terminal.line(
        `loaded into core ${result.core} at ${result.port} in ${result.seconds.toFixed(2)} s (schedule ${result.schedule}, ${result.weightRows} rows of weights)`,
      );
      if (result.linkErrors > 0)
        terminal.line(`${result.linkErrors} link errors, ${result.retries} retries, all recovered`);
    },
  );
}

export function registerRun(program: Command): void {
  addVerb(
    program,
    "run <network>",
    "drive a board: accuracy, clock cycles, wall time",
    "spikewright run net.spk --port /dev/ttyUSB1 --data test.idx.gz --labels labels.idx.gz --limit 1000",
    (command) =>
      withScaleOptions(withDataOptions(withPortOptions(command))).option(
        "--labels <file>",
        "classes, same formats as --data",
      ),
    (context, _terminal, _command, network: string, flags: PortFlags & DataFlags) =>
      run(
        network,
        {
          ...portOptionsOf(flags),
          ...dataOptionsOf(flags),
          data: flags.data,
          ...(flags.labels === undefined ? {} : { labels: flags.labels }),
        },
        context,
      ),
    (result, terminal) => {
      if (result.accuracy === null) for (const decision of result.decisions) terminal.line(String(decision));
      else renderAccuracy({ ...result, accuracy: result.accuracy }, terminal);
      terminal.line(`port ${result.port}: ${result.linkErrors} link errors, ${result.retries} retries`);
    },
  );
}
