import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { boardSchema } from "../src/board/board.js";
import { packageRoot } from "../src/support/package-root.js";

/** Writes boards/board.schema.json, which editors read, from the types that the loader checks with. */
const file = join(packageRoot(), "boards", "board.schema.json");
writeFileSync(file, `${JSON.stringify(z.toJSONSchema(boardSchema, { io: "input" }), null, 2)}\n`);
console.log(file);
