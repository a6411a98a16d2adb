import { failure } from "../../../support/diagnostic.js";
import { classIndices } from "../labels.js";
import type { DataArray, Samples } from "../samples.js";
import type { Table } from "./csv.js";

/** The rows of a table as samples; with `labelColumn`, that column apart as class indices. */
export function tableSamples(table: Table, file: string, labelColumn?: string | number): Samples {
  const base = { kind: "dense", count: table.rows, isTable: true } as const;
  if (labelColumn === undefined) return { ...base, shape: [table.columns], data: table.data };
  const column = columnIndex(table, labelColumn, file);
  const width = table.columns - 1;
  const data = new Float32Array(table.rows * width);
  for (let row = 0; row < table.rows; row++) {
    const values = table.data.subarray(row * table.columns, (row + 1) * table.columns);
    data.set(values.subarray(0, column), row * width);
    data.set(values.subarray(column + 1), row * width + column);
  }
  return { ...base, shape: [width], data, labels: classIndices(columnOf(table, column), file) };
}

/** Class indices of a table: `labelColumn`, else one-hot rows, else the last column. */
export function tableLabels(table: Table, file: string, labelColumn?: string | number): Int32Array {
  if (labelColumn === undefined && table.columns > 1 && isOneHot(table)) {
    return classIndices({ shape: [table.rows, table.columns], data: table.data }, file);
  }
  return classIndices(columnOf(table, columnIndex(table, labelColumn ?? -1, file)), file);
}

function isOneHot(table: Table): boolean {
  for (let row = 0; row < table.rows; row++) {
    const values = table.data.subarray(row * table.columns, (row + 1) * table.columns);
    const ones = values.reduce((count, value) => count + (value === 1 ? 1 : 0), 0);
    const zeros = values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
    if (ones !== 1 || zeros !== table.columns - 1) return false;
  }
  return table.rows > 0;
}

function columnOf(table: Table, column: number): DataArray {
  const data = Float32Array.from({ length: table.rows }, (_, row) => table.data[row * table.columns + column]!);
  return { shape: [table.rows], data };
}

function columnIndex(table: Table, column: string | number, file: string): number {
  const found =
    typeof column === "string" ? (table.names?.indexOf(column) ?? -1) : column < 0 ? table.columns + column : column;
  if (Number.isInteger(found) && found >= 0 && found < table.columns) return found;
  throw failure({
    code: "label-column-unknown",
    message: `Cannot find column ${typeof column === "string" ? `"${column}"` : column} of "${file}": it has ${table.columns} columns${table.names ? ` (${table.names.slice(0, 20).join(", ")})` : " and no header"}`,
    place: { file },
    hint: "Name one of its columns, or give an index from 0",
  });
}
