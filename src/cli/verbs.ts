import type { Command } from "commander";
import { registerBoards } from "./hardware/boards.js";
import { registerBuild } from "./hardware/build.js";
import { registerDoctor } from "./hardware/doctor.js";
import { registerCheck } from "./model/check.js";
import { registerConvert } from "./model/convert.js";
import { registerInspect } from "./model/inspect.js";
import { registerEvaluate } from "./network/evaluate.js";
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
  registerBoards(program);
  registerDoctor(program);
}
