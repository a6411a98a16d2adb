import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { missingTools } from "../tool.js";

const folder = mkdtempSync(join(tmpdir(), "snn-uart-"));
afterAll(() => rmSync(folder, { recursive: true }));
const there = missingTools("the UART", "iverilog").length === 0;

const files = ["hdl/tb/snn_uart_tb.v", "hdl/rtl/snn_uart_rx.v", "hdl/rtl/snn_uart_tx.v"];

/** Bits of the far end that are `skew` longer than ours. */
function run(divider: number, fraction: number, skew = 0, glitch = 0): string {
  const program = join(folder, `${divider}-${fraction}`);
  const parameters = [`-Psnn_uart_tb.Divider=${divider}`, `-Psnn_uart_tb.Fraction=${fraction}`];
  execFileSync("iverilog", ["-g2005", ...parameters, "-o", program, ...files], { stdio: "pipe" });
  const bit = Math.round((divider + fraction / 16) * 10_000 * (1 + skew));
  const said = execFileSync("vvp", ["-n", program, `+bit=${bit}`, `+glitch=${glitch}`], { timeout: 60_000 });
  return said.toString().trim().split("\n").at(-1)!;
}

const good = /^heard 256 bad 0 errors 2 loop 256 bad 0 cycles (\d+)$/;

describe.runIf(there)("the UART", () => {
  it.each([
    [4, 0, 0.01],
    [8, 0, 0.025],
    [12, 0, 0.03],
    [13, 5, 0.03],
    [36, 0, 0.03],
    [100, 4, 0.03],
  ])(
    "of %i and %i sixteenths cycles a bit hears every byte, also from a sender %d slower or faster",
    (divider, fraction, skew) => {
      for (const error of [0, skew, -skew]) {
        const verdict = run(divider, fraction, error);
        expect(verdict).toMatch(good);
        // one cycle between characters; the first bit has no fraction
        const expected = 256 * (10 * (divider + fraction / 16) + 1);
        expect(Math.abs(Number(good.exec(verdict)![1]) - expected)).toBeLessThan(256 + 2 * divider);
      }
    },
  );

  it("is not misled by glitches shorter than a cycle", () => {
    expect(run(12, 0, 0, 1)).toMatch(good);
    expect(run(13, 5, 0, 1)).toMatch(good);
  });

  it("does not understand a sender that is 8 % off", () => {
    expect(run(12, 0, 0.08)).not.toMatch(good);
    expect(run(12, 0, -0.08)).not.toMatch(good);
  });
});
