; selftest-dynamics: one sample that uses every unit of a core with dynamics, but for learning. The host sends 30 60 90 120 150 180 210
; 240 and then the events of two steps, 1 0 1 1 0 0 1 0 and 0 1 0 1 1 0 1 1; on a sound core decision and the potentials of e
; (state 32 ..) are what src/program/self-test.ts says.
;
; It uses 8 lanes and weights of -7..7, so it runs on every configuration with dynamics.
;
;   a   encoders, values as currents     input into the state, threshold noise, leak of the whole potential
;   b   winner-take-all, from a          current, leak, adaptation, refractory period, traces; mute, margin, winner, inhibition
;   c   from a and b                     two kernel rows, reset to a value, spikes after the refractory period only
;   d   two steps in one pass, from the events   rewind, delayed reset
;   e   from c and both steps of d, argmax       two pixels in a row
;
; list: a 0, b 8, c 16, events 24, d 40.  pointers: a 0, b 2, c 4, events 6, d 9.
; state and parameters: a 0, b 8, c 16, d 24, e 32.  weights: b 0, c 8, d 24, e 32 and 48.

.program "selftest-dynamics"
.input "levels" shape=1x1x24 max=255 parts="8x1 16x1"
.readout "e" shape=1x1x8 state=32
.worst-case cycles=20000

sample:
  set grid columns=1 rows=1
  set window columns=1 rows=1 groups=1
  set lanes visit=8 last=8 position=8
  set row-step row=8
  set origin x=0 y=0
  set index value=0
  set channels count=8
  set seed value=77
  set state address=0
  input count=8 state

  ; all but the encoders become 0: four visits of neurons that settle with nothing
  set grid columns=4 rows=1
  set kernel width=0 rows=0
  set parameters address=8
  set state address=8
  set behaviour spacing=8
  set current loss=4096
  set adaptation increment=0
  set pre-trace increment=0
  set post-trace increment=0
  pass table=still fresh store settled
  set grid columns=1 rows=1

  count counter=0 value=6
again:
  ; a: the potential is the value, the threshold a draw
  set kernel width=0 rows=0
  set parameters address=0
  set state address=0
  set current loss=0 leak-rounding=2
  set behaviour reset=2 noise=1 spacing=8
  set adaptation increment=0
  set pre-trace increment=40 shift=2 sets=0
  set post-trace increment=1 decay=2
  set list address=0
  set pointer address=0
  pass table=still store emit

  ; b: all integrate and are compared, then one may fire
  set source-size width=1 height=1
  set kernel width=1 rows=1
  set origin-pointer address=0
  set weight-base row=0
  set parameters address=8
  set state address=8
  set current loss=1024 rounding=1 leak-rounding=3
  set behaviour reset=0 gate=1 rank=1 spacing=8
  set adaptation increment=9 decay=3 scale=1
  set pre-trace increment=20 shift=1 decay=1 sets=1
  set post-trace increment=90 shift=3 decay=0
  set inhibition amount=11 block=1
  pass table=still store mute argmax
  set kernel width=0 rows=0
  set list address=8
  set pointer address=2
  pass table=still store emit settled winner

  ; c: kernel row 0 is a, row 1 is b
  set source-size width=2 height=2
  set kernel width=1 rows=2
  set weight-base row=8
  set parameters address=16
  set state address=16
  set current loss=4096
  set behaviour reset=1 gate=2 spacing=8
  set adaptation increment=0
  set list address=16
  set pointer address=4
  pass table=still store emit
  ; e takes in what c fires
  set source-size width=1 height=1
  set kernel width=1 rows=1
  set origin-pointer address=4
  set weight-base row=48
  set parameters address=32
  set state address=32
  set behaviour reset=2 gate=0 spacing=8
  pass table=still store
  loop counter=0 again

  ; d: two columns are two steps of the same eight neurons
  set list address=24
  set pointer address=6
  input count=16
  set grid columns=2 rows=1
  set source-size width=2 height=1
  set kernel width=1 rows=1
  set origin-pointer address=6
  set weight-base row=24
  set parameters address=24
  set state address=24
  set behaviour reset=2 delayed=1 rewind=1 spacing=8
  set list address=40
  set pointer address=9
  pass table=steps store emit

  ; e: both steps of d, 16 rows
  set grid columns=1 rows=1
  set kernel width=2 rows=1
  set origin-pointer address=9
  set weight-base row=32
  set parameters address=32
  set state address=32
  set behaviour reset=2 spacing=8
  pass table=still store argmax
  done
  jump sample

still:
  .step window-column
  .step window-row
  .step group
  .step column
  .step row
; the next step: a pixel further, the same rows of weights
steps:
  .step window-column
  .step window-row
  .step group
  .step column x=1 weight=-8
  .step row

; a: V is J, and fires above a draw
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
.parameter threshold=0x0fff0000 initial=1 ; threshold 1, bias 0, reset 0, leak 4095, refractory 0
; b
.parameter threshold=0x22570000 initial=196628 ; threshold 20, bias 3, reset 0, leak 599, refractory 2
.parameter threshold=0x01be0000 initial=131086 ; threshold 14, bias 2, reset 0, leak 446, refractory 0
.parameter threshold=0x006f0000 initial=196622 ; threshold 14, bias 3, reset 0, leak 111, refractory 0
.parameter threshold=0x20dc0000 initial=393237 ; threshold 21, bias 6, reset 0, leak 220, refractory 2
.parameter threshold=0x02fc0000 initial=327719 ; threshold 39, bias 5, reset 0, leak 764, refractory 0
.parameter threshold=0x10a80000 initial=262184 ; threshold 40, bias 4, reset 0, leak 168, refractory 1
.parameter threshold=0x13560000 initial=393236 ; threshold 20, bias 6, reset 0, leak 854, refractory 1
.parameter threshold=0x336e0000 initial=393234 ; threshold 18, bias 6, reset 0, leak 878, refractory 3
; c
.parameter threshold=0x059afffb initial=262151 ; threshold 7, bias 4, reset -5, leak 1434, refractory 0
.parameter threshold=0x22030001 initial=6 ; threshold 6, bias 0, reset 1, leak 515, refractory 2
.parameter threshold=0x00b70004 initial=-65521 ; threshold 15, bias -1, reset 4, leak 183, refractory 0
.parameter threshold=0x45970003 initial=196623 ; threshold 15, bias 3, reset 3, leak 1431, refractory 4
.parameter threshold=0x27460006 initial=-131059 ; threshold 13, bias -2, reset 6, leak 1862, refractory 2
.parameter threshold=0x0502fffb initial=196619 ; threshold 11, bias 3, reset -5, leak 1282, refractory 0
.parameter threshold=0x12590004 initial=327692 ; threshold 12, bias 5, reset 4, leak 601, refractory 1
.parameter threshold=0x41250003 initial=262162 ; threshold 18, bias 4, reset 3, leak 293, refractory 4
; d
.parameter threshold=0x00580000 initial=262153 ; threshold 9, bias 4, reset 0, leak 88, refractory 0
.parameter threshold=0x03870000 initial=8 ; threshold 8, bias 0, reset 0, leak 903, refractory 0
.parameter threshold=0x036f0000 initial=262146 ; threshold 2, bias 4, reset 0, leak 879, refractory 0
.parameter threshold=0x01340000 initial=131078 ; threshold 6, bias 2, reset 0, leak 308, refractory 0
.parameter threshold=0x000a0000 initial=65540 ; threshold 4, bias 1, reset 0, leak 10, refractory 0
.parameter threshold=0x019a0000 initial=6 ; threshold 6, bias 0, reset 0, leak 410, refractory 0
.parameter threshold=0x027f0000 initial=3 ; threshold 3, bias 0, reset 0, leak 639, refractory 0
.parameter threshold=0x011d0000 initial=262151 ; threshold 7, bias 4, reset 0, leak 285, refractory 0
; e
.parameter threshold=0x01c10000 initial=60000 ; threshold 60000, bias 0, reset 0, leak 449, refractory 0
.parameter threshold=0x01510000 initial=-71072 ; threshold 60000, bias -2, reset 0, leak 337, refractory 0
.parameter threshold=0x00f80000 initial=-5536 ; threshold 60000, bias -1, reset 0, leak 248, refractory 0
.parameter threshold=0x02130000 initial=191072 ; threshold 60000, bias 2, reset 0, leak 531, refractory 0
.parameter threshold=0x00e60000 initial=191072 ; threshold 60000, bias 2, reset 0, leak 230, refractory 0
.parameter threshold=0x001c0000 initial=60000 ; threshold 60000, bias 0, reset 0, leak 28, refractory 0
.parameter threshold=0x00170000 initial=-71072 ; threshold 60000, bias -2, reset 0, leak 23, refractory 0
.parameter threshold=0x010c0000 initial=125536 ; threshold 60000, bias 1, reset 0, leak 268, refractory 0

; b: row is the neuron of a
.row 5 -1 0 7 1 -1 -1 -1
.row 0 4 7 0 -1 5 4 2
.row 4 4 4 0 6 -2 -1 3
.row 7 4 1 3 3 5 7 1
.row 4 6 6 -2 4 7 -2 5
.row 7 -2 1 7 1 1 -2 -2
.row -1 7 3 7 2 3 5 6
.row 4 7 -2 4 5 4 7 -2
; c: row is the neuron of a, then of b
.row -1 -4 6 -1 -7 -6 -2 4
.row -3 -6 6 1 -5 -1 -2 -4
.row -7 -1 -2 4 -5 3 -6 2
.row 2 5 4 -1 2 2 5 -6
.row 6 3 1 3 -5 3 5 5
.row -4 -6 4 -7 -5 3 -3 -3
.row 3 6 5 3 1 3 -5 2
.row 2 4 -2 -1 2 5 7 -3
.row -1 -4 -7 -4 -6 -6 1 -7
.row 6 0 -7 2 -1 1 -2 -2
.row 0 7 3 5 1 -3 -3 -3
.row 6 -7 5 -1 7 -2 -5 0
.row 1 -3 -4 4 -6 5 7 -5
.row 3 2 0 1 5 6 6 5
.row 0 -6 -6 7 2 1 7 -1
.row -2 -4 1 -2 6 7 7 -5
; d: row is the event
.row 2 -3 4 3 6 -2 7 7
.row 2 -1 2 -2 0 5 6 -4
.row 1 -4 -3 -1 5 7 6 3
.row 4 7 3 1 -2 1 -4 1
.row 7 0 5 -1 -2 4 0 -4
.row 0 3 6 4 4 5 -2 1
.row 5 5 0 2 -3 -2 -2 -3
.row 6 2 2 7 0 0 -3 -2
; e: row is the neuron of d in step 0, then in step 1
.row 6 7 6 -1 -2 5 5 -5
.row 2 0 4 0 -1 2 1 6
.row 5 4 4 -1 -5 0 -6 -3
.row -6 -3 -6 -3 -3 -6 5 -5
.row 7 -7 6 1 -5 3 6 -3
.row -7 7 -7 -6 4 4 -7 -1
.row -4 5 0 2 -1 -5 7 7
.row 1 1 2 -3 -2 0 3 3
.row -7 -3 -4 7 6 -1 0 0
.row 1 6 -6 3 2 -5 7 0
.row 5 6 -2 -2 4 -2 -4 -2
.row -1 4 -4 7 -3 6 -4 -5
.row 3 4 -5 7 -7 -5 0 5
.row 3 4 -3 0 3 1 2 6
.row -2 6 -3 -6 -6 1 -4 5
.row 6 5 -2 -2 3 0 -3 -4
; e: row is the neuron of c
.row -5 -1 2 -4 2 -1 1 -4
.row 7 -5 4 5 -3 -3 3 -3
.row 7 5 7 -2 6 -7 0 3
.row 1 -7 -5 3 0 1 -7 -2
.row -4 6 3 5 7 5 7 -2
.row 6 1 -3 5 -6 7 -4 0
.row -4 4 4 2 0 -4 3 6
.row -3 1 4 -5 -4 2 7 6
