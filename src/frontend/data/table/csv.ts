import { failure } from "../../../support/diagnostic.js";
import { checkExtents, damagedData } from "../samples.js";

/** A table of numbers; row-major. */
export interface Table {
  readonly rows: number;
  readonly columns: number;
  readonly names?: readonly string[];
  readonly data: Float32Array;
}

const newline = 10;
const longestLine = 2 ** 24;

/**
 * Read a table of numbers separated by comma, semicolon, tab or blanks. The first line is a header when one of its cells
 * is no number. Empty lines are left out.
 *
 * @param limit Rows to read.
 * @throws `csv-not-numeric` with line and column, `data-damaged` for rows of different length, `data-too-large`.
 */
export function readCsv(bytes: Uint8Array, file: string, limit = Number.POSITIVE_INFINITY): Table {
  const lines = new Lines(bytes, file);
  const first = lines.next();
  if (first === undefined) throw damagedData(file, "it is empty", "Check that the file was written");
  const text = first.startsWith("\ufeff") ? first.slice(1) : first;
  const separator = separatorOf(text);
  const head = cells(text, separator);
  const names = head.some((cell) => Number.isNaN(toNumber(cell))) ? head : undefined;
  const columns = head.length;
  const left = Math.min(limit, countLines(bytes));
  checkExtents([Math.ceil(left), columns], file);
  const data = new Float32Array(left * columns);
  let rows = 0;
  for (let line = names ? lines.next() : text; line !== undefined && rows < left; line = lines.next()) {
    const row = cells(line, separator);
    if (row.length !== columns)
      throw damagedData(file, `line ${lines.number} has ${row.length} cells, wanted ${columns}`);
    for (let i = 0; i < columns; i++) {
      const value = toNumber(row[i]!);
      if (Number.isNaN(value)) throw notNumeric(file, lines.number, names?.[i] ?? `${i + 1}`, row[i]!);
      data[rows * columns + i] = value;
    }
    rows++;
  }
  return { rows, columns, data: data.subarray(0, rows * columns), ...(names ? { names } : {}) };
}

/** The lines of a text that are not empty. */
class Lines {
  /** Number of the last line given out, from 1. */
  number = 0;
  readonly #bytes: Uint8Array;
  readonly #file: string;
  readonly #decoder = new TextDecoder();
  #at = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  next(): string | undefined {
    while (this.#at < this.#bytes.length) {
      const end = this.#bytes.indexOf(newline, this.#at);
      const stop = end < 0 ? this.#bytes.length : end;
      if (stop - this.#at > longestLine)
        throw damagedData(
          this.#file,
          `line ${this.number + 1} has ${stop - this.#at} bytes`,
          "Check that it is a table with one sample a line",
        );
      const line = this.#decoder.decode(this.#bytes.subarray(this.#at, stop)).trim();
      this.#at = stop + 1;
      this.number++;
      if (line !== "") return line;
    }
    return undefined;
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 1;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}

function separatorOf(line: string): string | RegExp {
  return [",", ";", "\t"].find((separator) => line.includes(separator)) ?? /\s+/;
}

function cells(line: string, separator: string | RegExp): string[] {
  return line.split(separator).map((cell) => {
    const text = cell.trim();
    return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  });
}

/** NaN for text that is no number, and for an empty cell. */
function toNumber(cell: string): number {
  return cell === "" ? Number.NaN : Number(cell);
}

function notNumeric(file: string, line: number, column: string, cell: string) {
  return failure({
    code: "csv-not-numeric",
    message: `Cannot read "${file}": line ${line}, column ${column} holds "${cell.slice(0, 40)}", wanted a number`,
    place: { file, item: `line ${line}` },
    hint: "Encode categories as numbers and fill in missing values",
  });
}
