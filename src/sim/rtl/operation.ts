/**
 * Operations of a batch; the position is the number. The other ends are `hdl/harness/port_machine.h`, which says what
 * each does, and `hdl/harness/port_machine.v`.
 */
export const operations = [
  "set",
  "get",
  "step",
  "until",
  "feed",
  "ask",
  "monitor",
  "events",
  "cycles",
  "serial",
  "send",
  "receive",
] as const;

export type Operation = (typeof operations)[number];

/** Stands for a port that is not used. */
export const noPort = 0xffffffff;
