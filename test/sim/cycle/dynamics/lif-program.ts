import type { CoreConfig } from "../../../../src/arch/core-config.js";
import { parameterWord } from "../../../../src/arch/dynamics/words.js";
import { assemble } from "../../../../src/program/assembly/assemble.js";
import { worstCase } from "../../../../src/program/pass/worst-case.js";
import type { Program } from "../../../../src/program/program.js";
import { seededRandom } from "../../../../src/support/random.js";

/** State words: 12 input neurons, 10 hidden ones, 4 that compete. */
const code = `
.program "lif"
.input "in" shape=1x1x12 max=255
.readout "out" shape=1x1x4 state=22
.population "hidden" spiking shape=1x1x10
.population "out" spiking shape=1x1x4
  set seed value=77
  ; a register that was never set has no value in the Verilog
  set source-size width=1 height=1
  set origin x=0 y=0
  set row-step row=0
  set fire mask=1 max=0
sample:
  set origin-pointer address=0
  set weight-base row=0
  set list address=0
  set pointer address=0
  set channels count=12
  set index value=0
  set adaptation increment=0
  set inhibition amount=0
  set current loss=0
  set pre-trace increment=0
  set post-trace increment=0
  set state address=0
  input count=12 state
  ; the other neurons begin with zeros
  set kernel width=0 rows=0
  set grid columns=1 rows=1
  set behaviour spacing=8
  set window columns=1 rows=1 groups=2
  set lanes visit=7 last=7 position=7
  set parameters address=16
  set state address=12
  pass table=t fresh settled store
  count counter=0 value=12
step:
  ; direct currents charge the input neurons
  set state address=0
  set kernel width=0 rows=0
  set grid columns=1 rows=1
  set current loss=0
  set behaviour spacing=8 noise=1
  set pre-trace increment=60 shift=2
  set window columns=1 rows=1 groups=2
  set lanes visit=6 last=6 position=6
  set parameters address=0
  set list address=0
  set pointer address=0
  set channels count=12
  set index value=0
  pass table=t store emit
  ; hidden neurons with a synaptic current and a refractory period
  set source-size width=1 height=1
  set kernel width=1 rows=1
  set origin-pointer address=0
  set weight-base row=0
  set current loss=1024 rounding=1 leak-rounding=3
  set adaptation increment=20 decay=3 scale=1
  set behaviour spacing=9 reset=1 gate=1
  set window columns=1 rows=1 groups=2
  set lanes visit=8 last=2 position=8
  set parameters address=16
  set state address=12
  set list address=16
  set pointer address=4
  set channels count=10
.note neurons="hidden" columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=8 lastLanes=2 positionLanes=8 candidates="hidden" meaning="step"
  pass table=t store emit
  ; the readout competes
  set origin-pointer address=4
  set weight-base row=24
  set current loss=4096
  set behaviour spacing=4 rank=1
  set inhibition amount=30 block=1
  set post-trace increment=90 shift=3
  set window columns=1 rows=1 groups=1
  set lanes visit=4 last=4 position=4
  set parameters address=32
  set state address=22
  set list address=32
  set pointer address=8
  set channels count=4
  pass table=t store mute argmax
.note neurons="out" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=4 lastLanes=4 positionLanes=4 candidates="out" meaning="compete"
  pass table=t store emit settled winner
  set learn-source state=12 rows=10
  set row-step row=10
  set pre-rule kind=1 amount=1
  set post-rule kind=1 amount=2 offset=1
  set weight-bounds min=-8 max=7
  learn
  loop counter=0 step
  done
  jump sample
t:
.step window-column
.step window-row
.step group weight=12
.step column
.step row
`;

/** A small network with every unit of dynamics at work, learning included; its weights and thresholds come from `seed`. */
export function lifProgram(core: CoreConfig, seed: number): Program {
  const random = seededRandom(seed);
  const integer = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const parameters = Array.from({ length: 40 }, (_, word) =>
    parameterWord({
      vThreshold: word < 16 ? integer(5, 60) : integer(3, 20),
      bias: integer(-2, 4),
      vReset: integer(-9, 9),
      leak: integer(0, 400),
      refractory: integer(0, 2),
    }),
  );
  const rows = Array.from(
    { length: 40 },
    () => `.row ${Array.from({ length: core.lanes }, () => integer(-4, 7)).join(" ")}`,
  );
  const program = assemble([code, ...rows].join("\n"), { core });
  return {
    ...program,
    thresholds: Uint32Array.from(parameters, ([, high]) => high),
    initials: Int32Array.from(parameters, ([low]) => low),
    worstCaseCycles: worstCase(program.words, core)!.cycles,
  };
}

/** A sample for it: currents of the input neurons, lsb. */
export function lifLevels(seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: 12 }, () => Math.floor(random() * 120));
}
