; selftest-scatter: one sample of lists of synapses. The host sends the events of two steps, 1 0 1 1 0 1 1 1 and 0 1 0 1 1 0 0 1; on a
; sound core decision and the potentials of n (state 512 ..) are what src/program/self-test.ts says.
;
; Eight neurons without leak, whose currents lose a half in a step. In the first step the events of the first list arrive, in the second
; those of both, each in the synapses of its own delay: rows 0 .. for none, 8 .. for one step.
;
; list: 0 and 8.  pointers: 0 and 2.

.program "selftest-scatter"
.input "levels" shape=1x1x16 max=1 parts="8x2"
.readout "n" shape=1x1x8 state=512
.worst-case cycles=2000

sample:
  set grid columns=1 rows=1
  set window columns=1 rows=1 groups=1
  set lanes visit=8 last=8 position=8
  set kernel width=0 rows=0
  set parameters address=0
  set state address=512
  set current loss=4096 rounding=0
  set behaviour reset=0 spacing=8
  set channels count=8
  set index value=0
  set list address=0
  set pointer address=0
  input count=8
  pass table=still fresh store settled

  ; the first step
  set current loss=2048
  set origin-pointer address=0
  set weight-base row=0
  scatter
  pass table=still store

  ; the second
  set list address=8
  set pointer address=2
  input count=8
  set origin-pointer address=2
  scatter
  set origin-pointer address=0
  set weight-base row=8
  scatter
  pass table=still store argmax
  done
  jump sample

still:
  .step window-column
  .step window-row
  .step group
  .step column
  .step row

; thresholds that some reach
.parameter threshold=0 initial=300
.parameter threshold=0 initial=310
.parameter threshold=0 initial=320
.parameter threshold=0 initial=90
.parameter threshold=0 initial=340
.parameter threshold=0 initial=100
.parameter threshold=0 initial=360
.parameter threshold=0 initial=370

; without delay: lists of none to five synapses, and two that reach the same neuron in succession
.synapses 512 90 513 -41 next=16
.synapses 514 127
.synapses 515 33 516 -77
.synapses
.synapses 517 -128 518 64 next=17
.synapses 519 105
.synapses 512 -17 512 59
.synapses 513 83 519 21 next=18
; a step late
.synapses 516 71 515 24
.synapses 512 100
.synapses 513 -9 514 -31 next=20
.synapses 518 44
.synapses 517 66 519 -52
.synapses
.synapses 515 47 515 18
.synapses 514 -120 513 55 next=21
; further rows
.synapses 517 101
.synapses 516 -3 519 -29
.synapses 514 -66 515 112 next=19
.synapses 518 -90
.synapses 519 14 516 37
.synapses 512 -49
