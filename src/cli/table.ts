/** A plain text table: columns padded, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell)));
  const widths = header.map((h, i) => Math.max(h.length, ...cells.map((row) => (row[i] ?? "").length)));
  const right = header.map((_, i) => rows.length > 0 && rows.every((row) => isNumeric(row[i])));
  const format = (row: readonly string[]): string =>
    row
      .map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [format(header), format(widths.map((w) => "-".repeat(w))), ...cells.map(format)];
}

function isNumeric(cell: string | number | undefined): boolean {
  return (
    typeof cell === "number" ||
    cell === "" ||
    cell === "-" ||
    (cell !== undefined && /^-?[\d,.]+( ?%| [A-Za-z]+)?$/.test(cell))
  );
}
