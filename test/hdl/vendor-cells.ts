import { join } from "node:path";

/** Models of the cells of iCE40 parts; the package is a dependency, so they are always there. */
export const vendorCells = join(import.meta.dirname, "../../node_modules/@yowasp/yosys/gen/share/ice40/cells_sim.v");

/** What Icarus needs to read them with Verilog-2005. */
export const vendorOptions: readonly string[] = ["-DNO_ICE40_DEFAULT_ASSIGNMENTS", "-Wno-timescale"];
