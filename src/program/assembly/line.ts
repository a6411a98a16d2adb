/** One operand: `key=value`, or a bare value. Quoted values are unescaped. */
export interface Operand {
  readonly key?: string;
  readonly value: string;
  readonly quoted: boolean;
}

/** One line of assembly: `[label:] [name operands] [; comment]`. */
export interface SourceLine {
  /** Counted from 1. */
  readonly number: number;
  readonly label?: string;
  /** Mnemonic, or directive with its dot. */
  readonly name?: string;
  readonly operands: readonly Operand[];
  /** Text that could not be read. */
  readonly rest?: string;
}

const blank = /\s*(?:;.*)?$/y;
const labelPattern = /\s*([A-Za-z_][\w-]*):/y;
const namePattern = /\s*(\.?[A-Za-z][\w-]*)(?=\s|;|$)/y;
const operandPattern = /\s+(?:([A-Za-z][\w-]*)=)?("(?:[^"\\]|\\.)*"|[^\s;"=]+)(?=\s|;|$)/y;

/** Splits assembly text into lines and operands; what the grammar does not cover ends up in `rest`. */
export function readLines(text: string): readonly SourceLine[] {
  return text.split(/\r?\n/).map((line, i) => readLine(line, i + 1));
}

function readLine(line: string, number: number): SourceLine {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match) at = pattern.lastIndex;
    return match;
  };
  const label = take(labelPattern)?.[1];
  const name = take(namePattern)?.[1];
  const operands: Operand[] = [];
  for (let match = name === undefined ? null : take(operandPattern); match; match = take(operandPattern)) {
    const text = match[2]!;
    const operand = unquote(text);
    if (operand === undefined) return { number, operands, rest: text };
    operands.push({
      ...(match[1] === undefined ? {} : { key: match[1] }),
      value: operand,
      quoted: text.startsWith('"'),
    });
  }
  const rest = take(blank) ? {} : { rest: line.slice(at).trim() };
  return {
    number,
    ...(label === undefined ? {} : { label }),
    ...(name === undefined ? {} : { name }),
    operands,
    ...rest,
  };
}

function unquote(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
