import { type Design, wrapperModule } from "./design.js";

/** The part of `hdl/harness/port_machine.v` that depends on the design: its instance, and ports by index. */
export function icarusPorts(design: Design): string {
  const nets = design.ports.map(({ name, direction, bits }) =>
    direction === "input" ? `  reg [${bits - 1}:0] ${name} = 0;` : `  wire [${bits - 1}:0] ${name};`,
  );
  const connections = [`.${design.clock}(clock)`, ...design.ports.map(({ name }) => `.${name}(${name})`)];
  const sets = design.ports.flatMap(({ name, direction, bits }, index) =>
    direction === "input"
      ? wordRanges(bits).map((range, word) => `      ${key(index, word)}: ${name}${range} = value;`)
      : [],
  );
  const gets = design.ports.flatMap(({ name, bits }, index) =>
    wordRanges(bits).map((range, word) => `      ${key(index, word)}: get_port = ${name}${range};`),
  );
  const words = design.ports.map(({ bits }, index) => `      ${index}: port_words = ${Math.ceil(bits / 32)};`);
  return `${nets.join("\n")}
  ${wrapperModule} dut (${connections.join(", ")});

  task set_port(input [31:0] port, input [31:0] word, input [31:0] value);
    case ({port, word})
${sets.join("\n")}
      default: ;
    endcase
  endtask

  function [31:0] get_port(input [31:0] port, input [31:0] word);
    case ({port, word})
${gets.join("\n")}
      default: get_port = 0;
    endcase
  endfunction

  function [31:0] port_words(input [31:0] port);
    case (port)
${words.join("\n")}
      default: port_words = 0;
    endcase
  endfunction
`;
}

function key(port: number, word: number): string {
  return `64'h${port.toString(16).padStart(8, "0")}${word.toString(16).padStart(8, "0")}`;
}

/** Part selects of the 32-bit words of a vector. */
function wordRanges(bits: number): string[] {
  return Array.from({ length: Math.ceil(bits / 32) }, (_, w) => `[${Math.min(bits, 32 * w + 32) - 1}:${32 * w}]`);
}
