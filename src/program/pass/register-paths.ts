import { type DecodedInstruction, findPassRegister } from "../instruction.js";

/** Ways to reach instructions beyond which a program is not followed any further. */
const maximumPaths = 200_000;

/** Registers that decide how far apart visits are. */
const followed = ["grid", "window", "lanes", "behaviour"].map((name) => findPassRegister(name)!.index);

/**
 * Follows the control flow of a program with what its `set`s load, and shows every pass with each combination of the
 * registers `grid`, `window`, `lanes` and `behaviour` that it can meet. Registers begin with 0.
 *
 * @param code Instructions that control flow can reach, by address.
 * @returns Whether all of it could be followed.
 */
export function eachPass(
  code: ReadonlyMap<number, DecodedInstruction>,
  visit: (address: number, values: Int32Array) => void,
): boolean {
  const known = new Set<string>();
  const open: { readonly address: number; readonly values: Int32Array }[] = [
    { address: 0, values: new Int32Array(32) },
  ];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const { address, values } = path;
    const decoded = code.get(address);
    const key = `${address}:${followed.map((register) => values[register]).join()}`;
    if (!decoded || known.has(key)) continue;
    if (known.size === maximumPaths) return false;
    known.add(key);
    const { instruction, values: fields } = decoded;
    if (instruction.mnemonic === "pass") visit(address, values);
    let after = values;
    if (instruction.mnemonic === "set" && followed.includes(fields["register"]!)) {
      after = values.slice();
      after[fields["register"]!] = fields["value"]!;
    }
    for (const next of successors(address, decoded)) open.push({ address: next, values: after });
  }
  return true;
}

/** Addresses at which a program can go on after an instruction. */
export function successors(address: number, { instruction, values }: DecodedInstruction): readonly number[] {
  switch (instruction.mnemonic) {
    case "halt":
      return [];
    case "jump":
      return [values["address"]!];
    case "loop":
    case "quiet":
      return [values["address"]!, address + 1];
    default:
      return [address + 1];
  }
}
