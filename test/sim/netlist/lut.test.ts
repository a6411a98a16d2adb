import { expect, it } from "vitest";
import { lutExpression } from "../../../src/sim/netlist/lut.js";

/** Value of an expression over `a` … `d` as JavaScript evaluates it on single bits. */
function evaluate(text: string, inputs: readonly number[]): number {
  const script = text
    .replaceAll("1'b0", "0")
    .replaceAll("1'b1", "1")
    .replaceAll(/[a-d]/g, (name) => {
      return String(inputs["abcd".indexOf(name)]);
    });
  return new Function(`return (${script}) & 1`)() as number;
}

it("writes every table of four inputs as an expression of the same value", () => {
  for (let table = 0; table < 65536; table += table < 4096 ? 1 : 97) {
    const text = lutExpression(table, ["a", "b", "c", "d"]);
    for (let i = 0; i < 16; i++) {
      const inputs = [i & 1, (i >> 1) & 1, (i >> 2) & 1, (i >> 3) & 1];
      if (evaluate(text, inputs) !== ((table >> i) & 1)) expect.fail(`table ${table} at ${i}: ${text}`);
    }
  }
});

it("drops inputs that are constant or do not matter", () => {
  expect(lutExpression(0xffff, ["a", "b", "c", "d"])).toBe("1'b1");
  expect(lutExpression(0xaaaa, ["a", "b", "c", "d"])).toBe("a");
  expect(lutExpression(0x5555, ["a", "b", "c", "d"])).toBe("~a");
  expect(lutExpression(0x6996, ["a", "b", "1'b0", "1'b1"])).toBe("(b ^ ~a)");
  expect(lutExpression(0xca, ["a", "b", "c", "1'b0"])).toBe("(c ? b : a)");
});
