import type { ResolvedBoard } from "../board/find.js";

/** Why a programmer failed and what the user can do. */
export interface ProgrammerCause {
  readonly code: string;
  readonly cause: string;
  readonly remedy: string;
  /** The line of the output that tells. */
  readonly line?: string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly code: string;
  readonly cause: string;
  readonly remedy: (target: ResolvedBoard) => string;
}

const usbOf = (target: ResolvedBoard): string =>
  target.board.usb ? `${target.board.usb.vendorId}:${target.board.usb.productId}` : "of the board";

const udevRule = (target: ResolvedBoard): string => {
  const usb = target.board.usb;
  const match = usb ? `ATTRS{idVendor}=="${usb.vendorId}", ATTRS{idProduct}=="${usb.productId}", ` : "";
  return `give your user access: put 'SUBSYSTEM=="usb", ${match}MODE="0660", TAG+="uaccess"' into /etc/udev/rules.d/70-fpga.rules, run "udevadm control --reload" and plug the board in again`;
};

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/**
 * What the programmers print, in the order in which it is looked for. Error numbers of libftdi (iceprog, openFPGALoader):
 * -3 not found, -4 not opened, -5 not claimed, -6 not reset; exit codes of iceprog: 2 no device, 3 verification; of
 * dfu-util: 74 input/output. See ftdi.c of libftdi and `iceprog --help`. iceprog says "Can't find" also when it may not open the device.
 */
const rules: readonly Rule[] = [
  {
    pattern: /LIBUSB_ERROR_ACCESS|insufficient permissions|permission denied|: -4\b/i,
    code: "programmer-permission",
    cause: "the USB device is there but may not be opened",
    remedy: (target) => capital(udevRule(target)),
  },
  {
    pattern: /LIBUSB_ERROR_BUSY|unable to claim|: -5\b|resource busy/i,
    code: "programmer-busy",
    cause: "another program or driver holds the USB device",
    remedy: () =>
      "Close every program that uses the board; on Linux unload the serial driver of its first interface with: sudo rmmod ftdi_sio",
  },
  {
    pattern: /reset failed|failed to reset|: -6\b/i,
    code: "programmer-reset",
    cause: "the USB bridge did not answer a reset",
    remedy: () =>
      "Unplug the board, wait a second, plug it in again; on Linux unload the driver with: sudo rmmod ftdi_sio",
  },
  {
    pattern: /found difference|verif(?:y|ication) (?:failed|error)|compare failed/i,
    code: "programmer-verify",
    cause: "what was read back from the flash differs from the bitstream",
    remedy: () =>
      "Try again with a shorter cable or another USB port; remove what is connected to the pins of the flash",
  },
  {
    pattern: /flash id:\s*0x(?:ff|00)\s+0x(?:ff|00)|unknown flash|read id code failed|no flash/i,
    code: "programmer-flash",
    cause: "the flash does not answer",
    remedy: () =>
      "Check the jumpers that connect flash and programmer, and that nothing else drives the pins of the flash",
  },
  {
    pattern: /can't find .*device|device not found|: -3\b|no dfu capable usb device|no .*device (?:found|available)/i,
    code: "programmer-not-found",
    cause: "no such USB device is connected, or it may not be opened",
    remedy: (target) =>
      `Plug the board in with a cable that carries data and look for USB id ${usbOf(target)} with: lsusb. When it is there: ${udevRule(target)}`,
  },
];

/** The cause that the output of a programmer points to; `programmer-failed` when it is none of the known ones. */
export function programmerCause(output: string, target: ResolvedBoard): ProgrammerCause {
  const lines = output.split("\n");
  for (const rule of rules) {
    const line = lines.find((text) => rule.pattern.test(text));
    if (line !== undefined)
      return { code: rule.code, cause: rule.cause, remedy: rule.remedy(target), line: line.trim() };
  }
  const last = lines.map((line) => line.trim()).findLast((line) => line !== "");
  return {
    code: "programmer-failed",
    cause: last ?? "the programmer printed nothing",
    remedy: "Run the programmer by hand and read what it prints",
    ...(last === undefined ? {} : { line: last }),
  };
}
