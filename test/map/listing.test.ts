import { describe, expect, it } from "vitest";
import { up5kW4 } from "../../src/arch/core-config.js";
import { mapNetwork } from "../../src/map/map.js";
import { printProgram } from "../../src/program/assembly/print.js";
import type { Schedule } from "../../src/snn/graph.js";
import { graphOf, pool, projection, readout, spiking } from "./networks.js";

const input = { name: "image", shape: [8, 8, 1] as const, max: 15 };
const conv = spiking("conv", [6, 6, 4], 3);
const pooled = pool("pool", conv, "max", 2);
const hidden = spiking("hidden", [1, 1, 20], 3);
const out = readout("digit", 5);
const network = graphOf(
  "golden",
  input,
  [conv, pooled, hidden, out],
  [projection(input, conv, [3, 3]), projection(pooled, hidden), projection(hidden, out)],
);

describe("the listing of a mapped network", () => {
  it.each<Schedule>(["graded", "radix", "unary", "pipelined"])("is what it was, schedule %s", async (schedule) => {
    const { program } = mapNetwork(network, up5kW4, { schedule });
    await expect(printProgram(program, { weights: schedule === "graded" })).toMatchFileSnapshot(
      `golden/${schedule}.asm`,
    );
  });
});
