import { afterEach, describe, expect, it, vi } from "vitest";
import { doctor } from "../../../src/verbs/hardware/doctor/doctor.js";

afterEach(() => vi.unstubAllEnvs());

async function examine(item: string) {
  const { healthy, findings } = await doctor();
  return { healthy, found: findings.find((finding) => finding.item === item)! };
}

describe("doctor", () => {
  it("is content with Node and npm alone, and names what would be of use beside", async () => {
    vi.stubEnv("PATH", "");
    const { healthy, findings } = await doctor();
    expect(healthy).toBe(true);
    const of = (item: string) => findings.find((finding) => finding.item === item)!;
    for (const item of ["yosys", "nextpnr-ice40", "icepack", "clang"]) {
      expect(of(item)).toMatchObject({ state: "ok", detail: expect.stringContaining("WebAssembly") });
    }
    expect(of("verilator")).toMatchObject({ state: "missing", optional: true, remedy: expect.stringContaining("apt") });
    expect(of("iceprog").neededFor).toContain("icebreaker");
  });

  it("says what is wrong with a tool that was named", async () => {
    vi.stubEnv("YOSYS", "/no/such/yosys");
    const { healthy, found } = await examine("yosys");
    expect(healthy).toBe(false);
    expect(found).toMatchObject({ state: "problem", detail: expect.stringContaining("/no/such/yosys") });
  });
});
