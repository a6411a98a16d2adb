import { type Tile, tileKey } from "./asc.js";
import { type Netlist, unsupported } from "./netlist.js";

/** Inputs of SB_RAM40_4K by the value they have when nothing is routed to them. */
const vectors = [
  ["RADDR", 11],
  ["WADDR", 11],
  ["MASK", 16],
  ["WDATA", 16],
] as const;
const scalars = [
  ["RCLK", "1'b0"],
  ["RCLKE", "1'b1"],
  ["RE", "1'b0"],
  ["WCLK", "1'b0"],
  ["WCLKE", "1'b1"],
  ["WE", "1'b0"],
] as const;

/** The block RAMs that a clock is routed to: each takes two tiles, `ramb` below and `ramt` above. */
export function blockRams(netlist: Netlist): Tile[] {
  return netlist
    .tilesOf("ramb")
    .filter((tile) => ["ram/RCLK", "ram/WCLK"].some((name) => netlist.isRouted(...place(netlist, tile, name))));
}

/** Declare what the block RAMs drive. */
export function blockRamOutputs(netlist: Netlist, rams: readonly Tile[]): void {
  for (const tile of rams) for (let i = 0; i < 16; i++) netlist.output(...place(netlist, tile, `ram/RDATA_${i}`));
}

/** Write the block RAMs with their initial contents. */
export function blockRamStatements(netlist: Netlist, rams: readonly Tile[]): void {
  for (const tile of rams) {
    const upper = netlist.tile(tile.x, tile.y + 1);
    if (netlist.setting(tile, "NegClk") || netlist.setting(upper, "NegClk")) {
      throw unsupported(`block RAM ${tile.x} ${tile.y} on the falling edge`);
    }
    for (const bit of [4, 5, 6, 7]) {
      if (netlist.setting(upper, `RamCascade.CBIT_${bit}`)) throw unsupported(`cascaded block RAM ${tile.x} ${tile.y}`);
    }
    const mode = (bit: number): number => netlist.setting(upper, `RamConfig.CBIT_${bit}`);
    const contents = netlist.bitstream.ramData.get(tileKey(tile.x, tile.y));
    const parameters = [
      `.WRITE_MODE(${mode(0) + 2 * mode(1)})`,
      `.READ_MODE(${mode(2) + 2 * mode(3)})`,
      ...(contents ?? []).map((row, i) => `.INIT_${i.toString(16).toUpperCase()}(256'h${row})`),
    ];
    const input = (name: string, unrouted: "1'b0" | "1'b1" = "1'b0"): string =>
      netlist.input(...place(netlist, tile, `ram/${name}`), unrouted);
    const data = Array.from({ length: 16 }, (_, i) => netlist.output(...place(netlist, tile, `ram/RDATA_${i}`)));
    const ports = [
      `.RDATA({${data.reverse().join(", ")}})`,
      ...vectors.map(([name, width]) => {
        const bits = Array.from({ length: width }, (_, i) => input(`${name}_${i}`));
        return `.${name}({${bits.reverse().join(", ")}})`;
      }),
      ...scalars.map(([name, unrouted]) => `.${name}(${input(name, unrouted)})`),
    ];
    netlist.add(`  SB_RAM40_4K #(${parameters.join(", ")}) ram_${tile.x}_${tile.y} (${ports.join(", ")});`);
  }
}

/** The tile of the two that has the net. */
function place(netlist: Netlist, tile: Tile, name: string): [number, number, string] {
  const upper = netlist.chip.netOf.has(`${tile.x} ${tile.y + 1} ${name}`);
  return [tile.x, upper ? tile.y + 1 : tile.y, name];
}
