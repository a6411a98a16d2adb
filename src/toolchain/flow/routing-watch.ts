import { failure } from "../../support/diagnostic.js";

/** Iterations an arc after which no way will be found any more; designs that can be routed take 4 to 5. */
const iterationsAnArc = 30;

/**
 * Follows the lines that nextpnr prints while it routes.
 *
 * @param giveUp Called with the failure when the router goes round in circles: it never ends by itself.
 */
export function watchRouting(giveUp: (failure: Error) => void): (line: string) => void {
  let arcs = Number.POSITIVE_INFINITY;
  return (line) => {
    const start = /^Info: Routing (\d+) arcs/.exec(line);
    if (start) arcs = Number(start[1]);
    const [, iterations, left] = /^Info: +(\d+) \|.*\| +(\d+)\|/.exec(line) ?? [];
    if (iterations === undefined || Number(iterations) <= iterationsAnArc * arcs) return;
    const found = `${left} of ${arcs} connections without a way after ${iterations} iterations`;
    giveUp(
      failure(
        {
          code: "routing-hopeless",
          message: `Cannot route the design: ${found}, wanted a way for each`,
          place: { item: "nextpnr-ice40" },
          found,
          hint: "Try more seeds (--seeds), or a design with fewer cells",
        },
        "tool",
      ),
    );
  };
}
