import type { Command } from "commander";
import { registerDemo } from "./demo.js";
import { registerBoards } from "./hardware/boards.js";
import { registerBuild } from "./hardware/build.js";
import { registerDoctor } from "./hardware/doctor.js";
import { registerFlash } from "./hardware/flash.js";
import { registerDevices, registerLoad, registerRun } from "./hardware/port.js";
import { registerVirtual } from "./hardware/virtual.js";
import { registerCheck } from "./model/check.js";
import { registerConvert } from "./model/convert.js";
import { registerInspect } from "./model/inspect.js";
import { registerEvaluate } from "./network/evaluate.js";
import { registerExport } from "./network/export.js";
import { registerImport } from "./network/import.js";
import { registerReport } from "./network/report.js";
import { registerSimulate } from "./network/simulate.js";
import { registerVerify } from "./network/verify.js";

/** Every verb, in the order of the help page. */
export function registerVerbs(program: Command): void {
  registerInspect(program);
  registerCheck(program);
  registerConvert(program);
  registerEvaluate(program);
  registerSimulate(program);
  registerVerify(program);
  registerBuild(program);
  registerReport(program);
  registerExport(program);
  registerImport(program);
  registerBoards(program);
  registerDevices(program);
  registerDoctor(program);
  registerFlash(program);
  registerLoad(program);
  registerRun(program);
  registerVirtual(program);
  registerDemo(program);
}
