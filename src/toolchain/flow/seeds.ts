/**
 * Try seeds, several at once, until one is enough. The lowest seed that is enough is the last of the results, whatever
 * ended first; seeds after it are stopped.
 *
 * @param attempt Its signal fires when its result is no longer wanted.
 * @returns The results of the seeds up to that one, or of all, in their order.
 */
export async function trySeeds<Result>(
  seeds: readonly number[],
  parallel: number,
  attempt: (seed: number, signal: AbortSignal) => Promise<Result>,
  isEnough: (result: Result) => boolean,
): Promise<Result[]> {
  const results: Result[] = [];
  const running = new Map<number, AbortController>();
  let next = 0;
  let wanted = seeds.length;
  const end = (count: number): void => {
    wanted = Math.min(wanted, count);
    for (const [at, controller] of running) if (at >= wanted) controller.abort();
  };
  const takeTurns = async (): Promise<void> => {
    while (next < wanted) {
      const at = next++;
      const controller = new AbortController();
      running.set(at, controller);
      try {
        results[at] = await attempt(seeds[at]!, controller.signal);
        if (isEnough(results[at])) end(at + 1);
      } catch (error) {
        if (at >= wanted) return;
        end(0);
        throw error;
      } finally {
        running.delete(at);
      }
    }
  };
  const turns = await Promise.allSettled(Array.from({ length: Math.max(1, parallel) }, takeTurns));
  for (const turn of turns) if (turn.status === "rejected") throw turn.reason;
  return results.slice(0, wanted);
}
