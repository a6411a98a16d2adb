; infer: one inference of the smallest network, layer by layer, as the mapper writes it.
;
;   4 inputs (0..3) -> dense -> 3 neurons that fire (0..3) -> dense -> 2 neurons that are read out
;
; Memory          0 ..          written by
; list            4 input, 3 hidden       `input`, first pass
; pointers        2 input, 2 hidden       one a list and one to close it: a whole list is one pixel here
; parameters      3 hidden, 2 output      this file
; state           2 output                second pass; the host reads the potentials there
; weights         4 input rows, 3 hidden rows
;
; Everything that can be loaded before `input` is loaded before it: the core is idle then.

.program "infer"
.core "up5k-w4" lanes=16 weightBits=4 accumulatorBits=16 membraneBits=8 thresholdBits=3 quotientBits=2 indexBits=2 weightDepth=7 listDepth=7 pointerDepth=4 parameterDepth=5 stateDepth=2 programDepth=39
.input "input" shape=1x1x4 max=3
.readout "output" shape=1x1x2 state=0
.population "hidden" spiking shape=1x1x3
.population "output" spiking shape=1x1x2
.worst-case cycles=68

.const INPUTS 4
.const HIDDEN 3

sample:
  ; where the input values go
  set list address=0
  set pointer address=0
  set channels count=INPUTS
  set index value=0
  ; one position, one group of lanes: a dense layer of up to 16 neurons is a single visit
  set grid columns=1 rows=1
  set window columns=1 rows=1 groups=1
  set lanes visit=HIDDEN last=HIDDEN position=HIDDEN
  set parameters address=0
  set fire mask=3 max=0
  ; the source is one pixel, and so is the window
  set source-size width=1 height=1
  set kernel width=1 rows=1
  set origin x=0 y=0
  set origin-pointer address=0
  set weight-base row=0
  set row-step row=0
  input count=INPUTS

  ; the hidden layer: walk the input list, fire at once with both bits of the count
  set list address=4
  set pointer address=2
  set channels count=HIDDEN
.note neurons="hidden" candidates="hidden" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=3 lastLanes=3 positionLanes=3 meaning="graded"
  pass table=still fresh emit

  ; the output layer: walk the hidden list, keep the potentials, find the largest
  set lanes visit=2 last=2 position=2
  set parameters address=3
  set fire mask=0 max=0
  set state address=0
  set origin-pointer address=2
  set weight-base row=4
.note neurons="output" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=2 lastLanes=2 positionLanes=2 meaning="integrate hidden"
  pass table=still fresh store argmax
  done
  jump sample

; no level of the loop nest ever advances
still:
  .step window-column
  .step window-row
  .step group
  .step column
  .step row

; hidden: initial = bias + threshold / 2, so that counts are rounded
.parameter threshold=4 initial=2
.parameter threshold=5 initial=2
.parameter threshold=3 initial=1
; output: never fires; initial = bias
.parameter threshold=1 initial=0
.parameter threshold=1 initial=1

; weights of input i to the hidden neurons
.row 2 -1 3
.row 1 2 -2
.row -3 4 1
.row 5 0 -1
; weights of hidden neuron i to the outputs
.row 1 -1
.row 2 3
.row -2 1
