/** Truth table of up to four inputs: bit `i0 + 2 i1 + 4 i2 + 8 i3` is the output for those inputs. */
export type TruthTable = number;

/**
 * Verilog of a lookup table. Inputs that are constant or do not matter disappear, and what remains is written with
 * `&`, `|`, `^`, which simulators handle faster than an indexed constant.
 */
export function lutExpression(table: TruthTable, inputs: readonly string[]): string {
  return expression(table, inputs.length, inputs);
}

function expression(table: TruthTable, count: number, inputs: readonly string[]): string {
  if (table === 0) return "1'b0";
  if (table === 2 ** (1 << count) - 1) return "1'b1";
  const half = 1 << (count - 1);
  const mask = 2 ** half - 1;
  const low = table & mask;
  const high = (table >>> half) & mask;
  const name = inputs[count - 1]!;
  if (low === high || name === "1'b0") return expression(low, count - 1, inputs);
  if (name === "1'b1") return expression(high, count - 1, inputs);
  const [whenLow, whenHigh] = [expression(low, count - 1, inputs), expression(high, count - 1, inputs)];
  if (whenLow === whenHigh) return whenLow;
  if (whenLow === "1'b0") return whenHigh === "1'b1" ? name : `(${name} & ${whenHigh})`;
  if (whenHigh === "1'b0") return whenLow === "1'b1" ? `~${name}` : `(~${name} & ${whenLow})`;
  if (whenLow === "1'b1") return `(~${name} | ${whenHigh})`;
  if (whenHigh === "1'b1") return `(${name} | ${whenLow})`;
  if (low === (high ^ mask)) return `(${name} ^ ${whenLow})`;
  return `(${name} ? ${whenHigh} : ${whenLow})`;
}
