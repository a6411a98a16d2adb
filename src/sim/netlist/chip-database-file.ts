import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failure } from "../../support/diagnostic.js";
import { findTool, type ResolveOptions } from "../../toolchain/resolve.js";
import { iceunpack } from "../../toolchain/tools/icestorm.js";

/**
 * Text of the icestorm chip database of a device (`1k`, `5k`, `8k`): in `$ICECHIPDB`, beside a native iceunpack, or where
 * Debian puts it. It is not on npm.
 *
 * @throws SpikewrightError (blame `tool`) `chip-database-missing` with the install line.
 */
export async function readChipDatabase(device: string, options: ResolveOptions = {}): Promise<string> {
  const file = await findChipDatabase(device, options);
  if (file !== undefined) return await readFile(file, "utf8");
  throw failure(
    {
      code: "chip-database-missing",
      message: `Cannot read back the bitstream: no file "chipdb-${device}.txt", wanted the chip database of icestorm`,
      place: { item: device },
      found: "nothing",
      wanted: `chipdb-${device}.txt`,
      hint: `Run ${chipDatabaseInstall}; or set ICECHIPDB to the folder of the chip databases`,
    },
    "tool",
  );
}

/** The line that installs the chip databases. */
export const chipDatabaseInstall = "apt install fpga-icestorm";

/** Path of the chip database of a device, or undefined when it is nowhere. */
export async function findChipDatabase(device: string, options: ResolveOptions = {}): Promise<string | undefined> {
  const environment = options.environment ?? process.env;
  const native = await findTool(iceunpack, { ...options, kind: "native" });
  const share = native?.kind === "native" ? join(dirname(native.path), "..", "share") : undefined;
  const folders = [
    environment["ICECHIPDB"],
    ...(share ? [join(share, "fpga-icestorm", "chipdb"), join(share, "icebox")] : []),
    "/usr/share/fpga-icestorm/chipdb",
    "/usr/local/share/icebox",
  ].filter((folder) => folder !== undefined && folder !== "");
  for (const folder of folders) {
    const file = join(folder!, `chipdb-${device}.txt`);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}
