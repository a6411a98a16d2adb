import type { Board } from "../board/board.js";

/** One port of the board top and the package pin it is bound to. */
export interface BoardPort {
  readonly port: string;
  readonly pin: string;
  readonly direction: "input" | "output";
  readonly pullUp: boolean;
  /** Constant or expression that drives an output; absent for what the core drives. */
  readonly drive?: string;
}

/** Ports of the board top, in the order of the module header. The first LED shows that the core is busy. */
export function boardPorts(board: Board): BoardPort[] {
  const output = (port: string, pin: string, drive?: string): BoardPort =>
    drive === undefined
      ? { port, pin, direction: "output", pullUp: false }
      : { port, pin, direction: "output", pullUp: false, drive };
  const leds = board.leds.map((led, i) => {
    const [on, off] = led.activeLow ? ["!busy", "1'b1"] : ["busy", "1'b0"];
    return output(`led_${verilogName(led.name)}_o`, led.pin, i === 0 ? on : off);
  });
  const ties = board.ties.map((tie) => output(`tie_${verilogName(tie.name)}_o`, tie.pin, `1'b${tie.level}`));
  return [
    { port: "clk_pin_i", pin: board.clock.pin, direction: "input", pullUp: false },
    { port: "uart_rx_i", pin: board.uart.rx, direction: "input", pullUp: true },
    output("uart_tx_o", board.uart.tx),
    ...leds,
    ...ties,
  ];
}

/** `flash-deselect` as a Verilog identifier. */
function verilogName(name: string): string {
  return name.replaceAll("-", "_");
}
