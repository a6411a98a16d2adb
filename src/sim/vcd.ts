/** One signal of a waveform file. */
export interface VcdSignal {
  readonly name: string;
  /** 1..64. */
  readonly bits: number;
}

/** From `time` on, signal number `signal` has `value` (two's complement when negative). */
export interface VcdChange {
  readonly time: number;
  readonly signal: number;
  readonly value: number;
}

/**
 * A value-change dump (IEEE 1364-2005, section 18) that GTKWave and others show.
 *
 * @param scope Name of the module that the signals stand in.
 * @param timescale Length of one unit of `time`, e.g. `25 ns`.
 * @param changes In the order of time; values that do not change are left out.
 */
export function vcdText(
  scope: string,
  timescale: string,
  signals: readonly VcdSignal[],
  changes: readonly VcdChange[],
): string {
  const ids = signals.map((_, i) => identifier(i));
  const lines = [
    "$version spikewright $end",
    `$timescale ${timescale} $end`,
    `$scope module ${scope} $end`,
    ...signals.map(({ name, bits }, i) => `$var wire ${bits} ${ids[i]} ${name} $end`),
    "$upscope $end",
    "$enddefinitions $end",
  ];
  const last = new Map<number, number>();
  let now = -1;
  for (const { time, signal, value } of changes) {
    if (last.get(signal) === value) continue;
    last.set(signal, value);
    if (time !== now) {
      lines.push(`#${time}`);
      now = time;
    }
    lines.push(valueText(value, signals[signal]!.bits, ids[signal]!));
  }
  return `${lines.join("\n")}\n`;
}

function valueText(value: number, bits: number, id: string): string {
  const binary = BigInt.asUintN(bits, BigInt(value)).toString(2);
  return bits === 1 ? `${binary}${id}` : `b${binary} ${id}`;
}

/** Short names of printable characters, as the format wants. */
function identifier(index: number): string {
  const [first, count] = [33, 94];
  const low = String.fromCharCode(first + (index % count));
  return index < count ? low : identifier(Math.floor(index / count) - 1) + low;
}
