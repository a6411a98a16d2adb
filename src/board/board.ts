import { z } from "zod";

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "kebab-case");
const pin = z.string().regex(/^([A-Z]{1,2})?[0-9]{1,3}$/, "a package pin such as 35 or J3");
const hex4 = z.string().regex(/^[0-9a-f]{4}$/, "four lower-case hex digits");

/** Whether something was tried, and when not, why. */
const trial = z.enum(["tested", "untested"]);

/** One board: facts only. Pins are package pins of the device; `rx` and `tx` are named as the FPGA sees them. */
export const boardSchema = z.strictObject({
  $schema: z.string().optional(),
  /** File name without suffix. */
  id,
  name: z.string().min(1),
  url: z.url(),
  /** Where the pins were read. */
  source: z.string().min(1),
  /** Names of the board in other tools; found without regard to case. */
  aliases: z.strictObject({
    apio: z.array(z.string()).default([]),
    openFPGALoader: z.array(z.string()).default([]),
    litex: z.array(z.string()).default([]),
    amaranth: z.array(z.string()).default([]),
  }),
  /** Key of `devices.json`. */
  device: id,
  clock: z.strictObject({
    pin,
    frequencyHz: z.int().min(1_000_000).max(200_000_000),
    /** `pad`: the pin feeds the PLL directly (SB_PLL40_PAD); `core`: through the fabric (SB_PLL40_CORE). */
    pll: z.enum(["pad", "core"]),
  }),
  /** `baud` is what the host opens unless told otherwise; `bridge` is what sits between USB and the pins. */
  uart: z.strictObject({ rx: pin, tx: pin, baud: z.int().min(9600).max(12_000_000), bridge: z.string().min(1) }),
  leds: z.array(z.strictObject({ name: id, pin, activeLow: z.boolean() })),
  buttons: z.array(z.strictObject({ name: id, pin, activeLow: z.boolean() })).default([]),
  /** SPI flash that the device boots from. */
  flash: z.strictObject({ csN: pin, clk: pin, copi: pin, cipo: pin }).optional(),
  /** Outputs that must hold a level for the board to work, for instance a chip select of something on shared pins. */
  ties: z.array(z.strictObject({ name: id, pin, level: z.literal([0, 1]) })).default([]),
  /** Pins that two functions use on purpose. */
  sharedPins: z.array(pin).default([]),
  usb: z.strictObject({ vendorId: hex4, productId: hex4, product: z.string().optional() }).optional(),
  /** Key of `programmers.json` and arguments of this board. */
  programmer: z.strictObject({ id, arguments: z.array(z.string()).default([]) }),
  /** What the user has to do or know before the board works. */
  notes: z.array(z.string()).default([]),
  status: z.strictObject({ synthesis: trial, hardware: trial, reason: z.string().min(1) }),
});

/** One device in one package. */
export const deviceSchema = z.strictObject({
  part: z.string().min(1),
  family: z.enum(["ice40", "ecp5"]),
  /** Options of `nextpnr-<family>` that select device, package and speed. */
  nextpnr: z.array(z.string()).min(1),
  /** `-d` and `-P` of icetime; null where icetime does not know the family. */
  icetime: z.strictObject({ device: z.string(), package: z.string() }).nullable(),
  /** Name of the icestorm chip database; null for other families. */
  chipdb: z.enum(["1k", "5k", "8k"]).nullable(),
  /** What the place-and-route tool counts, under its own cell names. */
  resources: z.record(z.string(), z.int().nonnegative()),
  /** Clock of the core unless the user asks for another, Hz. */
  coreFrequencyHz: z.int().positive(),
  /** The same for cores with dynamics, whose neurons are deeper. */
  dynamicsFrequencyHz: z.int().positive(),
  /** Configuration (`src/arch/core-config.ts`) that fits; null: none does. */
  coreConfig: id.nullable(),
});

/** A program that writes a bitstream to a board. `${BITSTREAM}` and `${VID}`, `${PID}` are replaced. */
export const programmerSchema = z.strictObject({
  command: z.string().min(1),
  /** Environment variable with the path of the program. */
  variable: z.string().regex(/^[A-Z]+$/),
  arguments: z.array(z.string()),
  /** How to get the program. */
  install: z.string().min(1),
});

export type Board = z.output<typeof boardSchema>;
export type Device = z.output<typeof deviceSchema> & { readonly id: string };
export type Programmer = z.output<typeof programmerSchema> & { readonly id: string };

/** Pins of a board with the function that uses them, in the order of the file. */
export function pinUses(board: Board): { readonly use: string; readonly pin: string }[] {
  return [
    { use: "clock", pin: board.clock.pin },
    { use: "uart rx", pin: board.uart.rx },
    { use: "uart tx", pin: board.uart.tx },
    ...board.leds.map((led) => ({ use: `led ${led.name}`, pin: led.pin })),
    ...board.buttons.map((button) => ({ use: `button ${button.name}`, pin: button.pin })),
    ...board.ties.map((tie) => ({ use: `tie ${tie.name}`, pin: tie.pin })),
    ...Object.entries(board.flash ?? {}).map(([signal, pin]) => ({ use: `flash ${signal}`, pin })),
  ];
}
