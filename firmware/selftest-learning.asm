; selftest-learning: one sample in which a core learns from pairs of spikes. The host sends 40 80 120 160 200 240 20 100; on a sound
; core decision and the potentials of b (state 8 ..) are what src/program/self-test.ts says.
;
; It uses 8 lanes, weights of -7..7 and rectangular rules, so it runs on every configuration with learning.
;
;   a   encoders that leave traces x
;   b   from a, traces y; its synapses learn in every step; argmax
;
; list: a 0, b 8.  pointers: a 0, b 2.  state and parameters: a 0, b 8.  weights: b 0.

.program "selftest-learning"
.input "levels" shape=1x1x8 max=255 parts="8x1"
.readout "b" shape=1x1x8 state=8
.worst-case cycles=20000

sample:
  set grid columns=1 rows=1
  set window columns=1 rows=1 groups=1
  set lanes visit=8 last=8 position=8
  set row-step row=8
  set origin x=0 y=0
  set index value=0
  set channels count=8
  set seed value=5
  set state address=0
  input count=8 state

  set kernel width=0 rows=0
  set parameters address=8
  set state address=8
  set behaviour spacing=8
  set current loss=4096
  set adaptation increment=0
  set pre-trace increment=0
  set post-trace increment=0
  pass table=still fresh store settled

  count counter=0 value=12
again:
  set kernel width=0 rows=0
  set parameters address=0
  set state address=0
  set current loss=0 leak-rounding=2
  set behaviour reset=2 noise=1 spacing=8
  set adaptation increment=0
  set pre-trace increment=3 decay=1 sets=1
  set post-trace increment=2 decay=1 sets=1
  set list address=0
  set pointer address=0
  pass table=still store emit

  set source-size width=1 height=1
  set kernel width=1 rows=1
  set origin-pointer address=0
  set weight-base row=0
  set parameters address=8
  set state address=8
  set current loss=4096 leak-rounding=1
  set behaviour reset=0 rank=0 spacing=8
  set list address=8
  set pointer address=2
  pass table=still store emit argmax

  set learn-source state=0 rows=8
  set pre-rule kind=1 amount=1
  set post-rule kind=1 amount=2 offset=1
  set weight-bounds min=-7 max=7
  learn
  loop counter=0 again
  done
  jump sample

still:
  .step window-column
  .step window-row
  .step group
  .step column
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
.parameter threshold=0x02ab0000 initial=16 ; threshold 16, bias 0, reset 0, leak 683, refractory 0
.parameter threshold=0x11500000 initial=13 ; threshold 13, bias 0, reset 0, leak 336, refractory 1
.parameter threshold=0x12530000 initial=131087 ; threshold 15, bias 2, reset 0, leak 595, refractory 1
.parameter threshold=0x12670000 initial=65548 ; threshold 12, bias 1, reset 0, leak 615, refractory 1
.parameter threshold=0x11ea0000 initial=12 ; threshold 12, bias 0, reset 0, leak 490, refractory 1
.parameter threshold=0x12910000 initial=131078 ; threshold 6, bias 2, reset 0, leak 657, refractory 1
.parameter threshold=0x02590000 initial=-65520 ; threshold 16, bias -1, reset 0, leak 601, refractory 0
.parameter threshold=0x02110000 initial=131083 ; threshold 11, bias 2, reset 0, leak 529, refractory 0

; b: row is the neuron of a
.row 2 3 2 0 -3 3 0 3
.row -2 5 -3 6 0 1 6 3
.row 2 4 0 1 5 5 4 1
.row 0 -1 2 0 -2 1 2 2
.row -3 5 -1 4 1 -1 -2 6
.row 4 4 -2 1 5 6 0 -3
.row 2 0 -2 -1 -3 3 2 -1
.row -1 3 5 -2 6 -1 6 3
