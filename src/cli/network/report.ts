import type { Command } from "commander";
import { buildSections } from "../../report/core-build/sections.js";
import { networkSections } from "../../report/network/sections.js";
import type { ReportResult } from "../../report/result.js";
import { report } from "../../verbs/network/report.js";
import { isDryRun } from "../globals.js";
import { type DataFlags, dataOptionsOf, withScaleOptions } from "../network-options.js";
import { table } from "../table.js";
import { addVerb } from "../verb.js";
import { scheduleOption } from "./verify.js";

interface Flags extends Partial<DataFlags> {
  readonly schedule?: string;
  readonly board?: string;
  readonly core?: string;
  readonly html?: string;
}

export function registerReport(program: Command): void {
  addVerb(
    program,
    "report <path>",
    "resources, timing, latency, accuracy and ledger of a network file or a build folder",
    "spikewright report net.spk --data test.idx.gz --labels labels.idx.gz --html report.html",
    (command) =>
      withScaleOptions(command)
        .option("--board <name>", "the core and the clock of this board (default: the first core that fits)")
        .option("--core <name>", "this core configuration")
        .option("--schedule <graded|radix|unary|pipelined>", "default: as converted")
        .option("--data <file>", "measure these samples too: IDX (.gz too), .npy, .npz, CSV, PNG folder")
        .option("--labels <file>", "classes, same formats as --data")
        .option("--limit <n>", "use the first n samples")
        .option("--html <file>", "also write a page in one file"),
    (context, terminal, command, path: string, flags: Flags): Promise<ReportResult> => {
      const { data, labels, board, core, schedule, html } = flags;
      if (html !== undefined && isDryRun(command)) terminal.note(`dry run: would write ${html}`);
      return report(
        path,
        {
          ...dataOptionsOf(flags),
          ...(data === undefined ? {} : { data }),
          ...(labels === undefined ? {} : { labels }),
          ...(board === undefined ? {} : { board }),
          ...(core === undefined ? {} : { core }),
          ...(schedule === undefined ? {} : { schedule: scheduleOption(schedule) }),
          ...(html === undefined || isDryRun(command) ? {} : { html }),
        },
        context,
      );
    },
    (result, terminal) => {
      for (const line of reportLines(result)) terminal.line(line);
      for (const file of result.files) terminal.line(`wrote ${file}`);
    },
  );
}

/** A report as text: for each section a title, its facts, its table. */
export function reportLines(result: ReportResult): string[] {
  const sections = result.kind === "build" ? buildSections(result) : networkSections(result);
  return sections.flatMap(({ title, note, facts = [], table: content }) => {
    const width = facts.reduce((most, [label]) => Math.max(most, label.length), 0);
    return [
      title,
      "=".repeat([...title].length),
      ...(note === undefined ? [] : [note]),
      ...facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
      ...(content && content.rows.length > 0
        ? [...(facts.length > 0 ? [""] : []), ...table(content.header, content.rows)]
        : []),
      "",
    ];
  });
}
